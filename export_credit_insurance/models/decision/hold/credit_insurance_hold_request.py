from markupsafe import Markup

from odoo import api, fields, models

from ...reader_language import in_language


class CreditInsuranceHold(models.Model):
    """Asking: what a hold keeps of the check, and who is told of it."""

    _inherit = "credit.insurance.hold"

    @api.model
    def _request(
        self, assessments, reason, amounts=None, kind="order", wanted=None, **values
    ):
        """Make a hold for each order, or renew the one of its kind that waits.

        :param assessments: {order: :class:`Assessment`}
        :param amounts: {order: total asked for}, the order's own if not given
        :param kind: one of HOLD_KINDS; a delivery's holds are renewed by its picking
        :param wanted: {order: :class:`Wanted`} of confirmed orders that shall change
        :param values: what else the holds say
        :return: the holds
        """
        if not assessments:
            return self.browse()
        amounts, wanted = amounts or {}, wanted or {}
        orders = self.env["sale.order"].browse([order.id for order in assessments])
        # sudo: a colleague's request, of which one reads nothing, is replaced too
        waiting = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "=", "open"),
                ("kind", "=", kind),
                *self._same_request_domain(assessments),
            ]
        )
        kept = waiting._get_carried_over()
        waiting._set_obsolete(
            lambda env: env._("Replaced by a newer request."), tell=False
        )
        waiting.flush_recordset(["state"])  # one open request per order
        # sudo: whoever may edit the order may ask; nobody may write holds
        holds = self.sudo().create(
            [
                {
                    **self._prepare_hold(order, found, reason, amounts.get(order)),
                    "kind": kind,
                    "wanted": wanted[order].to_json() if order in wanted else False,
                    **kept.get(order.id, {}),
                    **values,
                }
                for order, found in assessments.items()
            ]
        )
        holds._say_findings(assessments)
        holds._tell_controllers()
        return holds

    def _say_findings(self, assessments):
        """Keep what the check found in the languages of all who may read it.

        :param assessments: {order: :class:`Assessment`}, in the language at hand
        """
        checks = self.env["credit.insurance.check"]
        said_in = self.env.lang or "en_US"
        for lang, _name in self.env["res.lang"].get_installed():
            if lang == said_in:
                continue
            for hold in self:
                case = in_language(assessments[hold.order_id].case, lang)
                findings = checks.with_context(lang=lang)._find(case)
                hold.finding_ids._say_in(lang, findings)

    def _request_status(self):
        """Say to whoever may read their documents where these requests stand."""
        items = []
        for hold in self.sudo():  # nothing is told but what the document shows
            lines = [
                Markup("<strong>%s</strong> %s")
                % (hold.name, hold.currency_id.format(hold.amount)),
                hold._waiting_text(),
            ]
            if hold.requested_by == self.env.user and hold.request_reason:
                lines.append(
                    self.env._("What you wrote: %(reason)s", reason=hold.request_reason)
                )
            items.append(Markup("<br/>").join(lines))
        return Markup("").join(Markup("<p>%s</p>") % item for item in items)

    def _get_carried_over(self):
        """Return {order id: what a newer request of the same kind takes over}.

        Since when it waits, and who had a part in it: no renewal washes them off.
        """
        return {
            order.id: {
                "requested_on": min(holds.mapped("requested_on")),
                "involved_ids": holds._involve(),
            }
            for order, holds in self.grouped("order_id").items()
        }

    def _involve(self, users=()):
        """Return the commands that note these users and who had a part before."""
        involved = self.requested_by | self.sold_by | self.involved_ids
        return [fields.Command.link(user.id) for user in involved.union(*users)]

    @api.model
    def _same_request_domain(self, assessments):
        """Narrow down which waiting requests new ones of these replace."""
        return []

    @api.model
    def _prepare_hold(self, order, found, reason, amount=None):
        case = found.case
        money = case.currency.round
        shares = found.shares
        return {
            "order_id": order.id,
            "partner_id": case.debtor.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "amount": max(amount or 0.0, order._credit_to_release()),
            "policy_id": case.position.policy.id,
            "limit_currency_id": case.currency.id,
            "limit_amount": money(case.position.limit),
            "exposure": money(case.exposure_before),
            "headroom_before": money(case.available),
            "order_amount": money(case.secured + case.added),
            "missing_amount": money(found.missing),
            "insured_amount": shares.within_limit,
            "secured_amount": shares.secured,
            "own_risk_amount": shares.own_risk,
            "requested_by": self.env.uid,
            "sold_by": order.user_id.id,
            # a signature given on other figures says nothing of these
            "first_signed_by": False,
            "first_signed_on": False,
            "request_reason": reason,
            "main_code": found.blocking[0].code if found.blocking else None,
            "sanctioned_country_ids": [
                fields.Command.set(
                    self.env["credit.insurance.check"]._sanctioned_countries(case).ids
                )
            ],
            "finding_ids": [
                fields.Command.create(
                    {
                        "sequence": sequence,
                        "code": finding.code,
                        "severity": finding.rule_severity,
                        "amount": finding.amount,
                        "currency_id": finding.currency.id,
                        "message": finding.message,
                        "cure": finding.cure,
                    }
                )
                for sequence, finding in enumerate(found.findings)
            ],
        }
