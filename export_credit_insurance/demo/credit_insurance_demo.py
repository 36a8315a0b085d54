import base64
import csv
import re
from datetime import timedelta

from odoo import Command, api, models
from odoo.tools import file_open, format_date

MODULE = "export_credit_insurance"
DAYS = re.compile(r"[+-]?\d+d")
#: what buyers read in the story; the others read English
LANGUAGES = {
    "FR": "fr_FR",
    "DE": "de_DE",
    "AT": "de_DE",
    "ES": "es_ES",
    "IT": "it_IT",
    "PT": "pt_PT",
    "BR": "pt_PT",
    "NL": "nl_NL",
    "PL": "pl_PL",
    "TR": "tr_TR",
    "AE": "ar_001",
    "CN": "zh_CN",
}


class CreditInsuranceDemo(models.AbstractModel):
    """What tells the story of the demo data: documents with days relative to today.

    The tables are ordinary Odoo CSV files, but a cell such as ``-40d`` or ``+30d`` is
    the day that lies so many days from today. Only demo/*.xml call these methods; the
    company is the one of the caller's context. Without demo data nothing here runs.
    """

    _name = "credit.insurance.demo"
    _description = "Demo Data of Credit Insurance"

    @api.model
    def _load_table(self, model, name=None):
        """Load demo/tables/NAME.csv, by default the one named like the model.

        :return: the records, in the order of the rows
        :raise ValueError: where a row could not be loaded
        """
        return self._load_rows(model, *self._read_table(name or model))

    @api.model
    def _load_invoices(self):
        """Load and post invoices and credit notes; match the latter."""
        moves = self._load_table("account.move")
        moves.action_post()
        for refund in moves.filtered("reversed_entry_id"):
            self._match(refund | refund.reversed_entry_id)

    @api.model
    def _load_receipts(self):
        """Load and post what buyers paid; match it with the invoice it settles."""
        header, rows = self._read_table("account.payment")
        settles = header.index("settles")
        invoices = [row.pop(settles) for row in rows]
        header.pop(settles)
        payments = self._load_rows("account.payment", header, rows)
        payments.action_post()
        for payment, invoice in zip(payments, invoices, strict=True):
            if invoice:
                self._match(payment.move_id | self.env.ref(f"{MODULE}.{invoice}"))

    @api.model
    def _record_payment_experience(self):
        """Record how the buyers paid so far, as the monthly job does."""
        self.env["credit.insurance.payment.experience"]._record_now(
            self.env["res.partner"].search([("customer_rank", ">", 0)]),
            self.env.company,
        )

    @api.model
    def _confirm_orders(self):
        """Confirm orders of the past on their day, as the table says; deliver them.

        Every one of them passes the gate.
        """
        header, rows = self._read_table("progress")
        for row in rows:
            step = dict(zip(header, row, strict=True))
            order = self.env.ref(f"{MODULE}.{step['id']}")
            ordered_on = order.date_order
            order.action_confirm()
            order.date_order = ordered_on
            if step["deposit"]:
                self._bill_deposit(order, float(step["deposit"]), step["deposit_on"])
            if step["delivered"]:
                self._deliver(order, float(step["delivered"]), step["delivered_on"])
            if step["billed_on"]:
                invoice = order._create_invoices()
                invoice.invoice_date = step["billed_on"]
                invoice.action_post()

    @api.model
    def _look_through_orders(self):
        """Do at once what a job does after events: look through the open orders."""
        for review in self.env["credit.insurance.review"].search(
            [("state", "=", "queued")], order="id"
        ):
            while not review._review_next(200):
                pass

    @api.model
    def _set_claim_accounts(self):
        """Say where the entries of claims go: the generic chart has no such accounts.

        The accounts are named in the table like the roles of the settings.
        """
        accounts = self._load_table("account.account")
        names = accounts.get_external_id()
        roles = {a.id: names[a.id].partition(".demo_account_")[2] for a in accounts}
        self.env.company.write(
            {f"credit_claim_{role}_account_id": id_ for id_, role in roles.items()}
        )

    @api.model
    def _add_warehouse(self):
        """Give the company a warehouse where Inventory asks orders for one.

        A new company has none there.
        """
        if "stock.warehouse" in self.env:
            self.env["stock.warehouse"].create({"company_id": self.env.company.id})

    @api.model
    def _deliver(self, order, quantity, day):
        """Deliver so much of each line; where there are transfers, by them."""
        if "stock.picking" in self.env:
            transfers = order.picking_ids
            transfers.move_ids.write({"quantity": quantity, "picked": True})
            transfers._action_done()
            transfers.date_done = day
            transfers.move_ids.date = day
        else:
            order.order_line.qty_delivered = quantity
        order.order_line.insured_shipment_date = day

    @api.model
    def _bill_deposit(self, order, percentage, day):
        """Ask a share of the order in advance; the buyer has not paid it yet."""
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": percentage,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = day
        invoice.action_post()

    # === COLLECTION === #

    @api.model
    def _speak_languages(self):
        """Let buyers read their own language, with the texts of the scenarios."""
        codes = sorted(set(LANGUAGES.values()))
        for code in codes:
            self.env["res.lang"]._activate_lang(code)
        self.env["ir.module.module"]._load_module_terms([MODULE], codes)
        buyers = self.env["res.partner"].search([("customer_rank", ">", 0)])
        for buyer in buyers.filtered(lambda b: b.company_id == self.env.company):
            buyer.lang = LANGUAGES.get(buyer.country_id.code, "en_US")

    @api.model
    def _promise(self, name, invoice, days, amount):
        """Record and start a promise about an invoice; days from today, or before."""
        lines = self.env.ref(f"{MODULE}.{invoice}").line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        day = self.env.company._credit_today() + timedelta(days=days)
        promise = self.env["credit.followup.promise"].create(
            {
                "partner_id": lines.partner_id.commercial_partner_id.id,
                "company_id": self.env.company.id,
                "currency_id": lines.currency_id.id,
                "move_line_ids": [Command.set(lines.ids)],
                "payment_ids": [Command.create({"date": day, "amount": amount})],
            }
        )
        self._call(promise, name)
        promise.action_start()

    @api.model
    def _notify_insurer(self, name, buyer, kind, days, reference, note):
        """Send a notice about a buyer some days ago; the insurer opens a case."""
        buyer = self.env.ref(f"{MODULE}.{buyer}")
        policy = self.env.ref(f"{MODULE}.demo_policy_26")
        notice = self.env["credit.insurance.overdue.notice"]._prepare(
            {(policy.id, buyer.id)}, self.env.company, kind
        )
        notice.note = note
        notice.action_send()
        # sudo: the story's day, which nobody enters
        notice.sudo().sent_on = self._day(days)
        notice.insurer_ref = reference
        self._call(notice, name)

    @api.model
    def _declare_turnover(self, name, policy, is_running, reference=None):
        """Draft the running quarter; or declare the last one, in good time.

        A policy that began in this quarter has no last one.
        """
        policy = self.env.ref(f"{MODULE}.{policy}")
        today = self.env.company._credit_today()
        period = (
            policy._declaration_period_of(today)
            if is_running
            else policy._last_period_ended(today)
        )
        if not period:
            return
        first, last = period
        declaration = self.env["credit.insurance.declaration"].create(
            {"policy_id": policy.id, "date_from": first, "date_to": last}
        )
        declaration.action_bring_up_to_date()
        if not is_running:
            declaration.action_declare()
            # sudo: the story's day, which nobody enters
            declaration.sudo().sent_on = min(
                today, declaration.deadline - timedelta(days=9)
            )
            declaration.insurer_ref = reference
        self._call(declaration, name)

    @api.model
    def _ask_insurer(self, name, buyer, amount, is_sent):
        """Draft a request for more than the buyer's limit; send it or not."""
        requests = self.env["credit.insurance.limit.request"]
        request = requests._propose(
            self.env.ref(f"{MODULE}.{buyer}"), self.env.company, amount=amount
        )
        if is_sent:
            request._send("file")
        self._call(request, name)

    @api.model
    def _cut_limit(self, limit, amount, reference):
        """Record that the insurer reduced a limit: orders in progress are listed."""
        limit = self.env.ref(f"{MODULE}.{limit}")
        self.env["credit.insurance.limit.decision"].create(
            {
                "limit_id": limit.id,
                "change": "reduced",
                "amount": amount,
                "insurer_reference": reference,
                "reason": "Weaker accounts of the last business year",
            }
        ).action_record()

    @api.model
    def _ask_to_extend(self, invoice, days, reference=None):
        """Ask the insurer to prolong an invoice; with a reference it was asked six days
        ago, and agreed yesterday."""
        lines = self.env.ref(f"{MODULE}.{invoice}").line_ids.filtered("date_maturity")
        request = self.env["credit.insurance.extension"]._request(
            lines, self._day(days)
        )
        if reference:
            request.write({"agreement_ref": reference, "agreed_on": self._day(-1)})
            # sudo: the story's day, which nobody enters
            request.sudo()._set_answer({"requested_on": self._day(-6)})
            request.action_agree()

    @api.model
    def _claim(self, name, buyer, days, reference, notice=None):
        """File the claim on a buyer so many days from today; the insurer has it."""
        buyer = self.env.ref(f"{MODULE}.{buyer}")
        claim = self.env["credit.insurance.claim"]._prepare(
            buyer,
            self.env.company,
            notices=notice and self.env.ref(f"{MODULE}.{notice}"),
        )
        claim.action_file()
        # sudo: the day of the story, which the button does not know
        claim.sudo().write(
            {"filed_on": self._day(days), "received_on": self._day(days)}
        )
        claim.insurer_ref = reference
        claim.action_wait()
        self._call(claim, name)

    @api.model
    def _indemnify(self, claim, admitted, paid, costs):
        """Let the insurer admit and pay a claim; declare what came in since.

        :param admitted: days from today, or before; so is ``paid``
        :param costs: of collecting what came in, which filing proposed as a recovery
        """
        claim = self.env.ref(f"{MODULE}.{claim}")
        claim.admitted_on = self._day(admitted)
        claim.action_admit()
        claim.paid_on = self._day(paid)
        claim.action_pay()
        claim.recovery_ids.costs = costs
        claim.recovery_ids.action_declare()

    @api.model
    def _check_limit_file(self, name):
        """Upload the insurer's latest file and check it; it waits to be applied."""
        header, rows = self._read_table("limit_file")
        content = "\n".join(";".join(row) for row in [header, *rows])
        profile = f"{MODULE}.credit_insurance_limit_profile_canonical"
        run = self.env["credit.insurance.limit.import"].create(
            {
                "profile_id": self.env.ref(profile).id,
                "policy_id": self.env.ref(f"{MODULE}.demo_policy_26").id,
                "file": base64.b64encode(content.encode()),
                "file_name": "Limits POL-26.csv",
            }
        )
        run.action_check()
        self._call(run, name)

    def _call(self, record, name):
        """Give a record that was made here an external id."""
        self.env["ir.model.data"].sudo().create(
            {
                "module": MODULE,
                "name": name,
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
        )

    @api.model
    def _remind(self, buyer, days):
        """Send a buyer what was due some days ago, as the job would have."""
        day = self.env.company._credit_today() + timedelta(days=days)
        run = self.env["credit.followup.run"].create(
            {
                "name": f"Follow-up of {format_date(self.env, day)}",
                "date": day,
                "company_id": self.env.company.id,
                "partner_ids": [Command.set(self.env.ref(f"{MODULE}.{buyer}").ids)],
            }
        )
        run.action_prepare()
        reminders = run.sudo().reminder_ids
        texts = reminders._get_texts()
        for reminder in reminders:
            text = texts[reminder]
            message = reminder.message_post(
                subject=text.subject, body=text.body, message_type="email_outgoing"
            )
            reminder.mail_message_id = message
        reminders.line_ids.write({"state": "taken", "date": day})
        reminders.write({"state": "sent", "sent_on": f"{day} 08:00:00"})
        run.sudo().state = "done"

    @api.model
    def _note(self, record, words):
        """Note what was said on the phone."""
        # sudo: who takes the notes of the story need not write partners
        self.env.ref(f"{MODULE}.{record}").sudo().message_post(
            body=words,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )

    # === HELPERS === #

    def _day(self, days):
        """Return the day that lies so many days from today, or before."""
        return self.env.company._credit_today() + timedelta(days=days)

    def _read_table(self, name):
        """Return header and rows of a table, with days counted from today."""
        today = self.env.company._credit_today()
        with file_open(f"{MODULE}/demo/tables/{name}.csv") as file:
            header, *rows = csv.reader(file)

        def read(cell):
            if not DAYS.fullmatch(cell):
                return cell
            return str(today + timedelta(days=int(cell[:-1])))

        return header, [[read(cell) for cell in row] for row in rows if any(row)]

    def _load_rows(self, model, header, rows):
        loader = self.env[model].with_context(
            module=MODULE, mode="init", noupdate=True, tracking_disable=True
        )
        result = loader.load(header, rows)
        if problems := [found["message"] for found in result["messages"]]:
            raise ValueError(f"{model}: " + "\n".join(problems))
        return self.env[model].browse(result["ids"])

    def _match(self, moves):
        """Match the receivables of these entries with each other."""
        moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
