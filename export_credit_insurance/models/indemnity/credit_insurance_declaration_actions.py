from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_list

# What a declaration says of its own cost.
COSTS = ("premium_amount", "earlier_amount", "fee_amount", "minimum_premium")


class CreditInsuranceDeclaration(models.Model):
    """What people do with a declaration: bring up to date, declare, correct."""

    _inherit = "credit.insurance.declaration"

    def action_bring_up_to_date(self):
        """List the documents of the period as they are in the books now."""
        self.check_access("write")
        self._check_draft()
        self._bring_up_to_date()
        return True

    def action_declare(self):
        """Record that the declarations were handed to their insurers today.

        One after the other, by their days: each sees what the ones before declared.

        :raise UserError: if the books, the rates or the fees have changed since the
            draft was made: what the insurer was handed must be what is recorded
        """
        self.check_access("write")
        # sudo: the years' rows, whoever declares
        self.sudo()._premium_years()._write_first()
        self.lock_for_update()
        self._check_draft()
        for declaration in self.sorted(lambda each: (each.date_to, each.id)):
            declaration._check_complete()
            declaration._check_unchanged()
            declaration._declare()
        # sudo: the year's premium follows what was declared, whoever declares
        self.sudo()._premium_years()._take_declared_premium()
        self._close_reminders()
        return True

    def _premium_years(self):
        """Return the policy years whose premium the declarations make."""
        return self.year_id | self.group_ids.year_id

    def _declare(self):
        """Record one declaration as handed over."""
        own = self.sudo()  # sudo: the counter, and what only this method writes
        counter = own.env["ir.sequence"].with_company(own.company_id)
        own.write(
            {
                "state": "declared",
                "sent_on": own.company_id._credit_today(),
                "sent_by": self.env.uid,
                "name": counter.next_by_code("credit.insurance.declaration"),
            }
        )
        own.corrects_id.write({"state": "corrected"})
        own.flush_recordset()  # the next one counts it

    def _check_unchanged(self):
        """Bring the draft up to date, and check that it says what it said."""
        self.ensure_one()
        documents, costs = self._fingerprint(), self._costs()
        self._bring_up_to_date()
        if self._fingerprint() != documents:
            raise UserError(
                self.env._(
                    "Documents of %s have changed since it was brought up to date. "
                    "Bring it up to date, and hand the insurer that.",
                    self.display_name,
                )
            )
        changes = [
            self.env._(
                "%(name)s: %(before)s, now %(now)s",
                name=self._fields[name]._description_string(self.env),
                before=self.currency_id.format(costs[name]),
                now=self.currency_id.format(now),
            )
            for name, now in self._costs().items()
            if now != costs[name]
        ]
        if changes:
            raise UserError(
                self.env._(
                    "What %(declaration)s costs has changed since it was brought up to "
                    "date (%(changes)s). Bring it up to date, and hand the insurer "
                    "that.",
                    declaration=self.display_name,
                    changes=format_list(self.env, changes),
                )
            )

    def _check_complete(self):
        """Check that the period is over and its documents are listed."""
        self.ensure_one()
        if self.date_to >= self.company_id._credit_today():
            raise UserError(
                self.env._(
                    "The period of %(declaration)s ends on %(day)s: declare it "
                    "afterwards, when all of it is invoiced.",
                    declaration=self.display_name,
                    day=format_date(self.env, self.date_to),
                )
            )
        if not self.brought_up_on:
            raise UserError(
                self.env._(
                    "%s lists no document yet: bring it up to date first.",
                    self.display_name,
                )
            )

    def action_correct(self):
        """Draft what has changed of a period since it was declared, and open it.

        :raise UserError: if nothing has, or if it is a draft or a balance, of which the
            insurer is told anew at the end of the next period
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft" or self.corrects_id or self.basis == "balance":
            raise UserError(
                self.env._(
                    "Only a turnover that was declared can be corrected, and only by "
                    "its first declaration: correct that one again."
                )
            )
        draft = self.correction_ids.filtered(lambda each: each.state == "draft")
        if not draft:
            # sudo: which declaration it corrects is written here alone
            draft = self.sudo().create(
                {
                    "policy_id": self.policy_id.id,
                    "company_id": self.company_id.id,
                    "basis": self.basis,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                    "corrects_id": self.id,
                }
            )
        draft = draft.sudo(False)
        draft._bring_up_to_date()
        if not draft.line_ids:
            raise UserError(
                self.env._(
                    "Nothing has changed of %s since it was declared.",
                    self.display_name,
                )
            )
        return draft._open()

    def _costs(self):
        """What the period and the year's terms cost, by field.

        What others declared meanwhile is no change of this declaration.
        """
        return {name: self[name] for name in COSTS}

    def _fingerprint(self):
        """What the insurer would be told: to see whether the books have changed."""
        # sudo: lines are compared, whoever declares
        return {
            (line.move_id.id, line.kind, line.amount, line.excluded_amount,
             line.exclusion_reason, line.rate)
            for line in self.sudo().line_ids
        }  # fmt: skip
