from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..empty_list import empty_list
from ..groups import CONTROLLER_GROUP
from .claim_accounting import EntryLine

#: states in which the insurer has said what it pays
ADMITTED_STATES = ("admitted", "paid", "closed")
#: which field has the day of an event; a closing's is chosen
EVENT_DAYS = {
    "admitted": "admitted_on",
    "paid": "paid_on",
    "refused": "refused_on",
    "write_off": "closed_on",
}


class CreditInsuranceClaim(models.Model):
    """The entries of a claim, prepared as drafts for the accountant, never posted.

    - *admitted*: what the insurer admits is to be received from it, as income;
    - *paid*: what it pays more or less than it admitted, and, where a loss payee gets
      the money, that the payee has it. Else the receipt settles the first entry: who
      imports the bank statement matches both;
    - *refused* after all: what was to be received is reversed, as it was booked;
    - *recovery*, once it is declared: the insurer's part is owed to it and lowers the
      indemnity (1.14);
    - *write_off*, once the claim is closed: what is still open of the invoices is a
      loss, own share and indemnified part apart; its VAT is taken back where the
      company's setting says so; allowances made before are released;
    - *doubtful* and *provision*, at a closing: the debt is moved to doubtful debts, and
      what no indemnity is expected for is provided for, ex tax (a later closing adds
      or releases the difference).

    A debt that was moved to doubtful debts stays exposure, once: its entry is kept out
    of it and is not to be matched with the invoice before the claim is closed, when the
    write-off moves it back. Tax
    grids are left to the accountant. The debts' own currency is kept on their side.

    An entry takes the day and the rate of what happened. Where the books of that day
    are closed it is dated the first day that is open, at the same rate.
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

    @api.depends("policy_id.loss_payee_id", "partner_id.credit_loss_payee_id")
    def _compute_loss_payee_id(self):
        for claim in self:
            policy = claim.policy_id
            claim.loss_payee_id = (
                policy._get_loss_payee(claim.partner_id) if policy else False
            )

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
        self._check_may_prepare()
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
            "help": empty_list(
                self.env._("These entries are gone"),
                self.env._(
                    "Somebody has deleted the drafts. Go back to the claim and prepare "
                    "them again."
                ),
            ),
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
        none = self.recovery_ids.browse()
        if self._is_refused_after_all():
            # before the reversal was known, the closing entered it as paid with 0
            if self._admitted_entry() and ("paid", False) not in done:
                pending.append(("refused", none))
        else:
            if self.state in ADMITTED_STATES and self.admitted_amount:
                pending.append(("admitted", none))
            if self.state in ("paid", "closed") and (
                self._paid_difference() or (self.loss_payee_id and self.paid_amount)
            ):
                pending.append(("paid", none))
        # a share that may still change is not entered
        pending += [
            ("recovery", each)
            for each in self.recovery_ids
            if each.state != "draft" and each.insurer_amount
        ]
        if self.state == "closed" and self._open_items():
            pending.append(("write_off", none))
        return [
            (event, recovery)
            for event, recovery in pending
            if (event, recovery.id) not in done
        ]

    def _is_refused_after_all(self):
        """Whether the insurer pays nothing, whatever it had admitted."""
        return self.state == "refused" or (self.state == "closed" and self.is_settled)

    def _admitted_entry(self):
        """Return the entry of what was admitted, if it stands."""
        # sudo: entries, for controllers who read none
        entries = self.sudo().entry_ids.filtered(lambda e: e.event == "admitted")
        return entries._forget_cancelled()

    def _cancel_admitted_drafts(self):
        """Cancel entries of what is not paid after all, unless they are posted."""
        for claim in self:
            move = claim._admitted_entry().move_id
            move.filtered(lambda each: each.state == "draft").button_cancel()

    # === ENTRIES === #

    def _event_day(self, event, recovery=None):
        """Return the day on which an event happened; today where nobody noted it."""
        day = recovery.date if recovery else self[EVENT_DAYS[event]]
        return day or self.company_id.sudo()._credit_today()  # sudo: its time zone

    def _open_day(self, journal, day):
        """Return the day, or the first one after it whose books are open."""
        # sudo: the company's lock dates, whoever prepares
        locks = self.company_id.sudo()._get_violated_lock_dates(day, False, journal)
        return locks[-1][0] + timedelta(days=1) if locks else day

    def _prepare_entry(self, event, day=None, recovery=None):
        """Make one draft entry and note whose it is.

        :param day: of a closing; without one, of what happened
        :raise UserError: for a closing in a locked period, or a missing account
        """
        self.ensure_one()
        journal = self.company_id._claim_journal()
        if day:
            self._check_period(journal, day)
        rate_day = day or self._event_day(event, recovery)
        day = self._open_day(journal, rate_day)
        lines = getattr(self, f"_{event}_lines")(rate_day, recovery)
        move = self._draft_move(journal, day, lines)
        if event == "refused":
            # posted, it is matched with what it reverses
            move.reversed_entry_id = self._admitted_entry().move_id
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

    def _draft_move(self, journal, day, lines):
        """Return a draft of the journal entry that has these lines."""
        # sudo: an accountant reviews it, for controllers who enter nothing
        return (
            self.env["account.move"]
            .sudo()
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day,
                    "ref": self.display_name,
                    "line_ids": [
                        fields.Command.create(self._entry_values(line))
                        for line in lines
                    ],
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

    def _entry_values(self, line):
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
            "credit_not_exposure": not line.is_debt,
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

    def _refused_lines(self, _day, _recovery):
        """Return what was admitted the other way round, as it was booked."""
        label = self.env._("Refused after admission: %s", self.display_name)
        return [
            EntryLine(
                line.account_id,
                label,
                -line.balance,
                -line.amount_currency,
                line.currency_id,
                line.partner_id,
            )
            for line in self._admitted_entry().move_id.line_ids
        ]

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
