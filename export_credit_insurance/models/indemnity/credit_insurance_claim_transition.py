from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..reader_language import env_for

ACTIVITY_CLAIM = "export_credit_insurance.mail_activity_type_claim"


class CreditInsuranceClaim(models.Model):
    """From the file to the money: what the insurer is told, and what it answers."""

    _inherit = "credit.insurance.claim"

    def action_file(self):
        """Record that the claims were handed to their insurers today.

        One after the other: each uses what the others leave of its policy year.

        :raise UserError: without a line, or without a policy year to count in
        """
        self._check_state("draft")
        # sudo: the years' rows, before claims are written, as declaring does
        self.sudo().policy_year_id._write_first()
        self._refresh()
        self._list_paid_since()
        for claim in self:
            if not claim.line_ids:
                raise UserError(
                    self.env._(
                        "%(claim)s lists no invoice: add what is overdue, or delete "
                        "it.",
                        claim=claim.display_name,
                    )
                )
        for claim in self:
            claim.sudo()._file()  # sudo: what only this method writes
        self._propose_recoveries()
        self._plan_activity()
        return True

    def _file(self):
        """Keep terms and counters as they are today, and give the claim its number."""
        counter = self.env["ir.sequence"].with_company(self.company_id)
        self.filed_on = self.company_id._credit_today()
        self._check_policy_year()
        self._take_terms()
        self.unpaid_rows = self._prepare_unpaid_rows()
        self.write(
            {
                "state": "filed",
                "filed_by": self.env.uid,
                "name": counter.next_by_code("credit.insurance.claim"),
            }
        )
        self.flush_recordset()  # the next one sees what is left

    def _check_policy_year(self):
        """Let a policy that renews have the year of the loss, which may be to come."""
        policy = self.policy_id
        if not self.policy_year_id and self.loss_date and policy.renewal == "tacit":
            if policy.year_ids and policy.state == "active":
                policy._add_years(self.loss_date, moves_term=False)
                self.env.add_to_compute(self._fields["policy_year_id"], self)
        if not self.policy_year_id:
            raise UserError(
                self.env._(
                    "Policy %(policy)s has no year that contains %(day)s: add it, so "
                    "that its first loss and its maximum liability are known.",
                    policy=self.policy_id.display_name,
                    day=format_date(
                        self.env,
                        self.loss_date
                        or min(self.line_ids.mapped("shipment_date"), default=None),
                    ),
                )
            )

    def action_wait(self):
        """Record that the insurer has received the file: the waiting period runs."""
        self._check_state("filed")
        for claim in self.filtered(lambda each: not each.received_on):
            claim.received_on = claim.company_id._credit_today()
        self._set_state("waiting")
        return True

    def action_admit(self):
        """Record that the insurer admits the claim; without an amount, all of it."""
        self._check_state("filed", "waiting")
        for claim in self.filtered(lambda each: not each.admitted_amount):
            claim.admitted_amount = claim.expected_amount
        self._set_day("admitted_on")
        self._set_state("admitted")
        return True

    def action_refuse(self):
        """Record that the insurer refuses the claim, and why.

        An entry of an indemnity admitted before is cancelled while it is a draft; once
        it is posted its reversal is to be prepared.
        """
        self._check_state("filed", "waiting", "admitted")
        for claim in self:
            if not claim.refusal_reason:
                raise UserError(
                    self.env._(
                        "Enter why the insurer refuses %s first.", claim.display_name
                    )
                )
        self._set_day("refused_on")
        self._set_state("refused")
        self._cancel_admitted_drafts()
        # sudo: the invoices may be claimed anew, for controllers who write none
        self.sudo().line_ids.move_id._set_credit_claim()
        return True

    def action_pay(self):
        """Record that the indemnity came in; without an amount, what was admitted."""
        self._check_state("admitted")
        for claim in self:
            if not claim.paid_amount:
                claim.paid_amount = claim.admitted_amount
        self._set_day("paid_on")
        self._set_state("paid")
        return True

    def action_close(self):
        """Close what is over: paid, refused, or settled by the buyer meanwhile."""
        self._check_state("filed", "waiting", "refused", "paid")
        # sudo: nobody else writes it
        self.filtered(lambda each: each.state != "paid").sudo().is_settled = True
        self.sudo()._set_day("closed_on")  # sudo: likewise
        self._set_state("closed")
        return True

    def _set_day(self, name):
        """Let the day of an event be today where nobody has entered another."""
        for claim in self.filtered(lambda each: not each[name]):
            claim[name] = claim.company_id._credit_today()

    def _check_state(self, *states):
        """Check that the user may write, and that the claims have come so far."""
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for claim in self:
            if claim.state not in states:
                raise UserError(
                    self.env._(
                        "%(claim)s is at the step %(state)s: this is recorded at "
                        "%(steps)s alone.",
                        claim=claim.display_name,
                        state=labels[claim.state],
                        steps=", ".join(labels[state] for state in states),
                    )
                )

    def _set_state(self, state):
        self.sudo().state = state  # sudo: nobody else writes it
        self._plan_activity()

    # === THE WAITING END === #

    def write(self, vals):
        """Keep the activity on the day that counts now."""
        days = {claim: claim._awaited_day() for claim in self}
        result = super().write(vals)
        moved = self.filtered(lambda claim: days[claim] != claim._awaited_day())
        if vals.keys() & {"insurer_loss_date", "received_on", "insolvency_id"}:
            moved._plan_activity()
        return result

    def _awaited_day(self):
        """Return the day on which something is to be looked after, if there is one."""
        if self._is_waiting():
            return self.loss_date
        awaited = self.state in ("filed", "waiting", "admitted")
        return awaited and self.payment_expected_on

    def _is_waiting(self):
        """Whether a waiting period still runs; of a past loss there is none."""
        today = self.company_id._credit_today()
        filed = self.state in ("filed", "waiting")
        return filed and bool(self.loss_date) and self.loss_date > today

    def _plan_activity(self):
        """Let the controllers look at the end of the waiting period, and of the delay
        within which the indemnity is to be paid."""
        kind = self.env.ref(ACTIVITY_CLAIM)
        # sudo: activities of whoever has them
        self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        ).unlink()
        for company, claims in self.grouped("company_id").items():
            users = company._credit_people()
            values = [
                claim._prepare_activity(kind, user)
                for claim in claims.filtered(lambda each: each._awaited_day())
                for user in users
            ]
            # sudo: others are told, too
            self.env["mail.activity"].sudo().create(values)

    def _prepare_activity(self, kind, user):
        env = env_for(self, user)
        facts = {
            "insurer": self.insurer_id.name,
            "claim": self.with_env(env).display_name,
            "day": format_date(env, self.payment_expected_on),
        }
        if self._is_waiting():
            summary = env._(
                "%(claim)s: the waiting period ends; %(insurer)s is to pay by %(day)s",
                **facts,
            )
        else:
            summary = env._(
                "%(claim)s: %(insurer)s is to pay by %(day)s; see whether it has",
                **facts,
            )
        return {
            "activity_type_id": kind.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": user.id,
            "date_deadline": self._awaited_day(),
            "summary": summary,
        }
