from collections import defaultdict
from typing import Any, NamedTuple

from odoo import models
from odoo.tools import format_date

from ...contract.credit_insurance_limit import GRANTED_STATES


class Agreement(NamedTuple):
    """Something that binds one legal person.

    ``holder`` is who grants it, a policy or a company: of some kinds a buyer has one
    from each only.
    """

    kind: str
    holder: Any
    text: str


class ResPartner(models.Model):
    """What is agreed on legal persons, or has happened to them, and still counts."""

    _inherit = "res.partner"

    def _credit_agreements(self):
        """Return {partner: [:class:`Agreement`]} of those that have any.

        Limits that are asked for, in force or to come, and ended ones as long as
        something is owed: what was shipped keeps the limit of its day (DOMAIN 1.5).
        """
        agreements = defaultdict(list)
        # sudo: whoever changes a partner, what is agreed on it counts
        buyers = self.sudo()
        for method in (
            buyers._credit_limit_agreements,
            buyers._credit_own_risk_agreements,
            buyers._credit_security_agreements,
            buyers._credit_stop_agreements,
            buyers._credit_insolvency_agreements,
            buyers._credit_adverse_agreements,
        ):
            for partner, agreement in method():
                agreements[partner].append(agreement)
        return {
            partner: agreements[partner] for partner in self if partner in agreements
        }

    def _credit_limit_agreements(self):
        limits = self.env["credit.insurance.limit"].search(
            [("partner_id", "in", self.ids), ("state", "!=", "refused")],
            order="partner_id, date_from, id",
        )
        ended = limits.filtered(
            lambda limit: limit.state in GRANTED_STATES
            and limit.date_to
            and limit.date_to < limit.policy_id._credit_today()
        )
        owing = ended.partner_id._credit_owing(ended.policy_id.company_ids)
        for limit in limits:
            figures = {
                "policy": limit.policy_id.name,
                "amount": limit.currency_id.format(limit.amount),
            }
            if limit.state not in GRANTED_STATES:
                figures["amount"] = limit.currency_id.format(
                    limit.requested_amount or limit.amount
                )
                text = self.env._(
                    "request of %(amount)s under policy %(policy)s", **figures
                )
                if limit.state == "draft":  # can be deleted: of these a buyer has many
                    yield limit.partner_id, Agreement("draft", limit.policy_id, text)
                    continue
            elif limit not in ended:
                text = self.env._(
                    "limit of %(amount)s under policy %(policy)s", **figures
                )
            elif limit.partner_id in owing:
                text = self.env._(
                    "limit of %(amount)s until %(day)s under policy %(policy)s, with "
                    "invoices still to be paid",
                    day=format_date(self.env, limit.date_to),
                    **figures,
                )
            else:
                continue
            yield limit.partner_id, Agreement("limit", limit.policy_id, text)

    def _credit_owing(self, companies):
        """Return those of these buyers who owe these companies anything delivered."""
        owing = self.browse()
        positions = self.env["credit.insurance.position"]
        for company in companies if self else ():
            for partner, parts in positions._get_exposure(self, company).items():
                if parts.get("receivable") or parts.get("delivered"):
                    owing |= partner
        return owing

    def _credit_own_risk_agreements(self):
        today = self.env.company._credit_today()
        for row in self.env["credit.insurance.own.risk"].search(
            [
                ("partner_id", "in", self.ids),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        ):
            yield (
                row.partner_id,
                Agreement(
                    "own_risk",
                    row.company_id,
                    self.env._(
                        "own risk of %(amount)s accepted by %(company)s",
                        amount=row.currency_id.format(row.amount),
                        company=row.company_id.name,
                    ),
                ),
            )

    def _credit_security_agreements(self):
        for security in self.env["credit.insurance.security"].search(
            [("partner_id", "in", self.ids), ("state", "=", "active")]
        ):
            yield (
                security.partner_id,
                Agreement(
                    "security",
                    security.company_id,
                    self.env._(
                        "security %(name)s of %(amount)s",
                        name=security.name,
                        amount=security.currency_id.format(security.amount),
                    ),
                ),
            )

    def _credit_stop_agreements(self):
        today = self.env.company._credit_today()
        for stop in self.env["credit.insurance.stop"].search(
            [
                ("partner_id", "in", self.ids),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        ):
            yield (
                stop.partner_id,
                Agreement(
                    "stop",
                    stop.policy_id,
                    self.env._(
                        "cover stopped since %(day)s",
                        day=format_date(self.env, stop.date_from),
                    ),
                ),
            )

    def _credit_insolvency_agreements(self):
        for insolvency in self.env["credit.insurance.insolvency"].search(
            [("partner_id", "in", self.ids), ("date_end", "=", False)]
        ):
            yield (
                insolvency.partner_id,
                Agreement(
                    "insolvency",
                    None,
                    self.env._(
                        "insolvent since %(day)s",
                        day=format_date(self.env, insolvency.judgment_date),
                    ),
                ),
            )

    def _credit_adverse_agreements(self):
        for info in self.env["credit.insurance.adverse.info"].search(
            [("partner_id", "in", self.ids), ("date_end", "=", False)]
        ):
            yield (
                info.partner_id,
                Agreement(
                    "adverse_information",
                    None,
                    self.env._(
                        "adverse information of %(day)s",
                        day=format_date(self.env, info.learned_on),
                    ),
                ),
            )
