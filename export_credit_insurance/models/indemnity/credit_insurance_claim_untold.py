from odoo import api, fields, models
from odoo.tools import format_date

from .credit_insurance_claim import CLAIM_OVER
from .notice_kinds import OVERDUE_KINDS

#: deadlines of the clock that a notice meets, the one that meets others first
NOTICE_DEADLINES = ("insolvency", "adverse", "notice")


class CreditInsuranceClaim(models.Model):
    """What the insurer was not told yet of a buyer for whom it is asked to pay.

    Without the notice in time cover may be lost (DOMAIN 1.9). It is said, not enforced:
    some insurers take the claim for the notice.
    """

    _inherit = "credit.insurance.claim"

    untold_text = fields.Text(
        string="Not Told to the Insurer",
        compute="_compute_untold_text",
        help="Notices about this buyer that were not sent, and the last day of each.",
    )

    @api.depends("state", "policy_id", "partner_id", "line_ids")
    @api.depends_context("lang")
    def _compute_untold_text(self):
        """Say what is not sent of living claims: drafts, and deadlines without one.

        Three queries per company, whatever the number of claims.
        """
        self.untold_text = False
        living = self._origin.filtered(lambda claim: claim.state not in CLAIM_OVER)
        texts = {}
        for company, claims in living.grouped("company_id").items():
            drafts = claims._untold_drafts(company)
            rows = self.env["credit.insurance.deadline"]._get_untold(
                company, claims.partner_id
            )
            for claim in claims:
                key = (claim.policy_id.id, claim.partner_id.id)
                days = claim._untold_days(drafts.get(key, ()), rows.get(key, ()))
                texts[claim.id] = claim._untold_sentences(days)
        for claim in self:
            claim.untold_text = texts.get(claim._origin.id, False)

    def _untold_drafts(self, company):
        """Return {(policy id, buyer id): notices to send} of these claims' buyers."""
        drafts = self.env["credit.insurance.overdue.notice"].search(
            [
                ("state", "=", "draft"),
                ("kind", "in", (*OVERDUE_KINDS, "insolvency", "adverse")),
                ("company_id", "=", company.id),
                ("partner_id", "in", self.partner_id.ids),
            ]
        )
        return drafts.grouped(lambda each: (each.policy_id.id, each.partner_id.id))

    def _untold_days(self, drafts, rows):
        """Return {kind of deadline: its last day or False}, the first one of each.

        Of overdue invoices those that the claim lists; an insolvency notice tells of
        them, too.
        """
        listed = set(self.line_ids.move_line_id.ids)
        found = [
            (
                "notice" if draft.kind in OVERDUE_KINDS else draft.kind,
                draft.deadline,
                draft.line_ids.move_line_id.ids,
            )
            for draft in drafts
        ]
        found += [(row["kind"], row["day"], [row["id"]]) for row in rows]
        days = {}
        for kind, day, items in found:
            if kind != "notice" or listed.intersection(items):
                known = days.get(kind)
                days[kind] = min(known, day) if known and day else known or day
        if "insolvency" in days:
            days.pop("notice", None)
        return {kind: days[kind] for kind in NOTICE_DEADLINES if kind in days}

    def _untold_sentences(self, days):
        """Return a line per notice that is not sent, False if there is none."""
        names = dict(
            self.env["credit.insurance.deadline"]
            ._fields["next_kind"]
            ._description_selection(self.env)
        )
        today = self.company_id._credit_today()
        lines = []
        for kind, day in days.items():
            facts = {"notice": names[kind], "day": format_date(self.env, day)}
            if not day:
                text = self.env._("%(notice)s: not sent to the insurer yet.", **facts)
            elif day < today:
                text = self.env._(
                    "%(notice)s: not sent to the insurer; the last day was %(day)s.",
                    **facts,
                )
            else:
                text = self.env._(
                    "%(notice)s: not sent to the insurer yet; last day %(day)s.",
                    **facts,
                )
            lines.append(text)
        return "\n".join(lines) or False

    def action_open_untold(self):
        """Open the notices to send, or the deadlines that ask for one."""
        self.ensure_one()
        drafts = self._untold_drafts(self.company_id)
        if own := drafts.get((self.policy_id.id, self.partner_id.id)):
            return own._action_open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_deadline_action"
        )
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("policy_id", "=", self.policy_id.id),
        ]
        return {**action, "domain": domain, "context": {}}
