from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..groups import CONTROLLER_GROUP
from .claim_accounting import EntryLine, open_loss

#: states in which the insurer has said what it pays
ADMITTED_STATES = ("admitted", "paid", "closed")


class CreditInsuranceClaim(models.Model):
    """The entries of a claim, prepared as drafts for the accountant, never posted.

    - *admitted*: what the insurer admits is to be received from it, as income;
    - *paid*: what it pays more or less than it admitted, and, where a loss payee gets
      the money, that the payee has it. Else the receipt settles the first entry: who
      imports the bank statement matches both;
    - *recovery*, once it is declared: the insurer's part is owed to it and lowers the
      indemnity (1.14);
    - *write_off*, once the claim is closed: what is still open of the invoices is a
      loss, own share and indemnified part apart; its VAT is taken back where the
      company's setting says so; allowances made before are released;
    - *doubtful* and *provision*, at a closing: the debt is moved to doubtful debts, and
      what no indemnity is expected for is provided for, ex tax (a later closing adds
      or releases the difference).

    A debt that was moved to doubtful debts stays exposure, once: its entry is kept out
    of it and is not to be matched with the invoice before the claim is closed. Tax
    grids are left to the accountant. The debts' own currency is kept on their side.
    """

    _inherit = "credit.insurance.claim"

    entry_ids = fields.One2many(
        "credit.insurance.claim.entry", "claim_id", string="Entries", readonly=True
    )
    loss_payee_id = fields.Many2one(
        "res.partner",
        string="Loss Payee",
        compute="_compute_loss_payee_id",
        help="Bank or factor whom the insurer pays: the buyer's, else the policy's. "
        "Empty: the company itself.",
    )

    def _compute_loss_payee_id(self):
        for claim in self:
            policy = claim.policy_id
            claim.loss_payee_id = policy and policy._get_loss_payee(claim.partner_id)

    # === ACTIONS === #

    def action_prepare_entries(self):
        """Prepare drafts of what has happened and has no entry yet; open them.

        :raise UserError: if nothing is to be entered, an account is missing or the
            period is locked
        """
        self._check_may_prepare()
        entries = self.env["credit.insurance.claim.entry"]
        for claim in self:
            for event, recovery in claim._pending_events():
                entries |= claim._prepare_entry(event, recovery=recovery)
        if not entries:
            raise UserError(
                self.env._(
                    "Nothing to enter: each event of the claim has its entry. What the "
                    "insurer paid is matched with the indemnity in the bank statement."
                )
            )
        return self._open_entries(entries)

    def action_prepare_closing(self):
        """Open the dialogue for the entries of a closing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries at Closing"),
            "res_model": "credit.insurance.claim.closing",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    def _open_entries(self, entries):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of the Claim"),
            "res_model": "credit.insurance.claim.entry",
            "views": [(False, "list")],
            "domain": [("id", "in", entries.ids)],
        }

    def _check_may_prepare(self):
        """Controllers prepare; only who keeps the books posts."""
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller prepares entries of claims.")
            )
        self.check_access("write")

    def _pending_events(self):
        """Return the (event, recovery) pairs that have no entry yet."""
        self.ensure_one()
        # sudo: entries are written by the server
        entries = self.sudo().entry_ids._forget_cancelled()
        done = {(entry.event, entry.recovery_id.id) for entry in entries}
        pending = []
        if self.state in ADMITTED_STATES and self.admitted_amount:
            pending.append(("admitted", self.recovery_ids.browse()))
        if self.state in ("paid", "closed") and (
            self._paid_difference() or (self.loss_payee_id and self.paid_amount)
        ):
            pending.append(("paid", self.recovery_ids.browse()))
        # a share that may still change is not entered
        pending += [
            ("recovery", each)
            for each in self.recovery_ids
            if each.state != "draft" and each.insurer_amount
        ]
        if self.state == "closed" and self._open_items():
            pending.append(("write_off", self.recovery_ids.browse()))
        return [
            (event, recovery)
            for event, recovery in pending
            if (event, recovery.id) not in done
        ]

    # === ENTRIES === #

    def _prepare_entry(self, event, day=None, recovery=None):
        """Make one draft entry and note whose it is.

        :param day: of the entry; today unless it is a closing
        :raise UserError: for a locked period or a missing account
        """
        self.ensure_one()
        company = self.company_id
        day = day or company.sudo()._credit_today()  # sudo: its time zone
        journal = company._claim_journal()
        self._check_period(journal, day)
        lines = getattr(self, f"_{event}_lines")(day, recovery)
        # sudo: a draft that an accountant reviews, for controllers who enter nothing
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day,
                    "ref": self.display_name,
                    "line_ids": [
                        fields.Command.create(self._entry_values(event, line))
                        for line in lines
                    ],
                }
            )
        )
        # sudo: written by the server alone
        return (
            self.env["credit.insurance.claim.entry"]
            .sudo()
            .create(
                {
                    "claim_id": self.id,
                    "event": event,
                    "recovery_id": recovery.id if recovery else False,
                    "date": day,
                    "move_id": move.id,
                }
            )
        )

    def _check_period(self, journal, day):
        # sudo: the company's lock dates, whoever prepares
        company = self.company_id.sudo()
        locks = company._get_violated_lock_dates(day, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(day)s lies in a closed period (%(locks)s): choose a later day, "
                    "or have the period opened.",
                    day=format_date(self.env, day),
                    locks=company._format_lock_dates(locks),
                )
            )

    def _entry_values(self, event, line):
        """Return the values of a journal item."""
        company = self.company_id
        account = line.role
        if isinstance(account, str):
            account = company._claim_account(account)
        currency = line.currency or company.currency_id
        amount = line.balance if line.amount is None else line.amount
        return {
            "account_id": account.id,
            "name": line.label,
            "partner_id": line.partner.id if line.partner else False,
            "currency_id": currency.id,
            "amount_currency": amount,
            "balance": line.balance,
            # debts that are written off are no longer owed; all else stays what it was
            "credit_not_exposure": event != "write_off",
        }

    def _two_sides(self, debit, credit, amount, day, label, partner=None):
        """Return two lines of an amount of the claim, at the rate of the day."""
        company = self.company_id
        balance = self.currency_id._convert(amount, company.currency_id, company, day)
        return [
            EntryLine(debit, label, balance, amount, self.currency_id, partner),
            EntryLine(credit, label, -balance, -amount, self.currency_id, partner),
        ]

    def _insurer_contact(self):
        return self.insurer_id.sudo().partner_id  # sudo: the entry's partner

    def _admitted_lines(self, day, _recovery):
        label = self.env._("Indemnity admitted: %s", self.display_name)
        if self.loss_payee_id:
            label = self.env._(
                "Indemnity admitted, payable to %(payee)s: %(claim)s",
                payee=self.loss_payee_id.name,
                claim=self.display_name,
            )
        return self._two_sides(
            "receivable",
            "income",
            self.admitted_amount,
            day,
            label,
            self._insurer_contact(),
        )

    def _paid_difference(self):
        return self.currency_id.round(self.paid_amount - self.admitted_amount)

    def _paid_lines(self, day, _recovery):
        insurer, lines = self._insurer_contact(), []
        difference = self._paid_difference()
        if difference:
            label = self.env._("Paid otherwise than admitted: %s", self.display_name)
            lines += self._two_sides(
                "receivable", "income", difference, day, label, insurer
            )
        if self.loss_payee_id and self.paid_amount:
            label = self.env._(
                "Indemnity paid to %(payee)s: %(claim)s",
                payee=self.loss_payee_id.name,
                claim=self.display_name,
            )
            debit, credit = self._two_sides(
                "payee", "receivable", self.paid_amount, day, label
            )
            lines += [
                debit._replace(partner=self.loss_payee_id),
                credit._replace(partner=insurer),
            ]
        return lines

    def _recovery_lines(self, day, recovery):
        label = self.env._("Insurer's part of a recovery: %s", self.display_name)
        return self._two_sides(
            "income",
            "insurer_share",
            recovery.insurer_amount,
            day,
            label,
            self._insurer_contact(),
        )

    # === DEBTS === #

    def _open_items(self):
        """Return the claim's instalments that are still open in the books."""
        # sudo: their amounts, for controllers who read no entries
        items = self.sudo().line_ids.move_line_id
        return items.filtered(
            lambda item: item.parent_state == "posted" and item.amount_residual_currency
        )

    def _open_loss(self):
        """Return what is open, in the company's currency as booked."""
        shares = (
            (
                item.amount_residual,
                item.move_id.amount_untaxed / item.move_id.amount_total
                if item.move_id.amount_total
                else 1.0,
            )
            for item in self._open_items()
        )
        return open_loss(shares, self.company_id.currency_id.round)

    def _entered(self, event, role):
        """Return the balance of an account in entries of an event, drafts included."""
        account = self.company_id._claim_account(role)
        # sudo: amounts of entries, as above
        entries = self.sudo().entry_ids.filtered(lambda e: e.event == event)
        lines = entries._forget_cancelled().move_id.line_ids
        return sum(
            lines.filtered(lambda li: li.account_id == account).mapped("balance")
        )

    def _indemnity_ex_tax(self, loss, day):
        """Return what the insurer is expected to pay of the loss, ex tax.

        What it admitted or paid, once it has said so; in the company's currency.
        """
        amounts = {
            "refused": 0.0,
            "admitted": self.admitted_amount,
            "paid": self.paid_amount,
            "closed": self.paid_amount,
        }
        company = self.company_id
        amount = self.currency_id._convert(
            amounts.get(self.state, self.expected_amount),
            company.currency_id,
            company,
            day,
        )
        if self.policy_id.cover_tax_basis != "ex_tax" and loss.gross:
            amount *= loss.ex_tax / loss.gross
        return min(company.currency_id.round(amount), loss.ex_tax)

    def _doubtful_lines(self, _day, _recovery):
        lines = []
        for item in self._open_items():
            label = self.env._("Doubtful debt: %s", item.move_id.name)
            facts = {"currency": item.currency_id, "partner": item.partner_id}
            balance, amount = item.amount_residual, item.amount_residual_currency
            lines += [
                EntryLine("doubtful", label, balance, amount, **facts),
                EntryLine(item.account_id, label, -balance, -amount, **facts),
            ]
        return lines

    def _provision_due(self, day):
        """Return what the allowance must change by at a closing (ex tax)."""
        loss = self._open_loss()
        target = loss.ex_tax - self._indemnity_ex_tax(loss, day)
        made = -self._entered("provision", "allowance")
        return self.company_id.currency_id.round(target - made)

    def _provision_lines(self, day, _recovery):
        return self._allowance_lines(self._provision_due(day))

    def _allowance_lines(self, change):
        """Return the two sides of an allowance made (positive) or released."""
        if change > 0:
            label = self.env._("Allowance for %s", self.display_name)
            other = "allowance_expense"
        else:
            label = self.env._("Allowance released: %s", self.display_name)
            other = "allowance_income"
        return [
            EntryLine(other, label, change),
            EntryLine("allowance", label, -change),
        ]

    def _write_off_lines(self, day, _recovery):
        """What is open of the invoices against losses and VAT; allowances released."""
        company = self.company_id
        loss = self._open_loss()
        moved = bool(
            self.sudo()
            .entry_ids.filtered(  # sudo: as above
                lambda entry: entry.event == "doubtful"
            )
            ._forget_cancelled()
        )
        lines = [
            EntryLine(
                "doubtful" if moved else item.account_id,
                self.env._("Written off: %s", item.move_id.name),
                -item.amount_residual,
                -item.amount_residual_currency,
                item.currency_id,
                item.partner_id,
            )
            for item in self._open_items()
        ]
        indemnified = self._indemnity_ex_tax(loss, day)
        relief = company.sudo().credit_claim_vat == "relief"  # sudo: a setting
        parts = [
            ("loss", self.env._("Own share"), loss.ex_tax - indemnified),
            ("loss", self.env._("Indemnified part"), indemnified),
            ("vat", self.env._("VAT taken back"), loss.tax if relief else 0.0),
            ("loss", self.env._("VAT not recovered"), 0.0 if relief else loss.tax),
        ]
        lines += [
            EntryLine(role, f"{name}: {self.display_name}", balance)
            for role, name, part in parts
            if (balance := company.currency_id.round(part))
        ]
        made = company.currency_id.round(self._entered("provision", "allowance"))
        return lines + (self._allowance_lines(made) if made else [])
