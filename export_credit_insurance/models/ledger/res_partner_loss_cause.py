from odoo import api, models
from odoo.tools import format_date

from ..reference.credit_insurance_country_event import POLITICAL_KINDS
from .loss_cause import LossCause


class ResPartner(models.Model):
    """The cause of a loss that the facts speak for, country and buyer told apart."""

    _inherit = "res.partner"

    @api.model
    def _credit_loss_causes(self, dues, day):
        """Propose the cause of instalments that are overdue (DOMAIN 1.15).

        Political where an event kept the buyer's country from paying on some day since
        the instalment fell due, unless the buyer was insolvent before it; commercial
        otherwise. A proposal: people decide on the claim. Constant queries.

        :param dues: ``{key: (commercial partner, original due date)}``
        :param day: the day that counts as today
        :return: ``{key: LossCause}``, for those only that are overdue on ``day``
        """
        overdue = {
            key: (buyer, due) for key, (buyer, due) in dues.items() if due and due < day
        }
        if not overdue:
            return {}
        buyers = self.union(*(buyer for buyer, _due in overdue.values()))
        # sudo: the proposal is the same for all who may see the instalment
        events = self.env["credit.insurance.country.event"]._in_force(
            buyers.sudo().country_id,
            min(due for _buyer, due in overdue.values()),
            day,
            POLITICAL_KINDS,
        )
        insolvencies = self._credit_insolvencies(buyers, day)
        return {
            key: self._credit_loss_cause(
                due,
                events.get(buyer.sudo().country_id) or (),
                insolvencies.get(buyer),
            )
            for key, (buyer, due) in overdue.items()
        }

    @api.model
    def _credit_insolvencies(self, buyers, day):
        """Return ``{buyer: the earliest proceedings that go on}``."""
        # sudo: as above
        found = (
            self.env["credit.insurance.insolvency"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", buyers.ids),
                    ("judgment_date", "<=", day),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", day),
                ],
                order="judgment_date desc, id desc",
            )
        )
        return {insolvency.partner_id: insolvency for insolvency in found}

    @api.model
    def _credit_loss_cause(self, due, events, insolvency):
        since = [event for event in events if not event.date_to or event.date_to >= due]
        event = min(since, key=lambda event: (event.date_from, event.id), default=None)
        if event and not (insolvency and insolvency.judgment_date <= event.date_from):
            return LossCause("political", event, insolvency)
        return LossCause("commercial", None, insolvency)

    @api.model
    def _explain_loss_cause(self, found):
        """Say in the reader's language what speaks for a cause."""
        if found.event:
            return self.env._(
                "%(event)s, from %(day)s on",
                event=found.event.name,
                day=format_date(self.env, found.event.date_from),
            )
        if found.insolvency:
            return self.env._(
                "The buyer is insolvent since %(day)s",
                day=format_date(self.env, found.insolvency.judgment_date),
            )
        return self.env._("No event kept the buyer's country from paying")
