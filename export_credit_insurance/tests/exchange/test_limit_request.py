import csv
import io
from datetime import date

import openpyxl
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .limit_request_common import LimitRequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestLimitRequest(LimitRequestCommon):
    """Asked for once, sent, answered by the life cycle of limits (DOMAIN 1.4, 6.1)."""

    def test_need_of_a_quotation(self):
        """73 000 invoiced + 36 500 quoted = 109 500 a year.

        × (60 + 12 days) ÷ 365 = 21 600. The exposure with the order is 73 000 +
        36 500 = 109 500, which is more: so much is proposed.
        """
        self.make_invoice(self.alfa, 73000.0)
        self.env["credit.insurance.payment.experience"].sudo().create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "date": "2026-09-01",
                "days_late": 12.4,
                "score": 70.0,
            }
        )
        order = self.make_order(
            self.alfa, 36500.0, confirm=False, payment_term_id=self.terms.id
        )
        request = self.opened(order.with_user(self.user).action_ask_limit())
        self.assertRecordValues(
            request,
            [
                {
                    "policy_id": self.policy.id,
                    "request_type": "increase",
                    "previous_id": self.limit.id,
                    "order_id": order.id,
                    "author_id": self.user.id,
                    "forecast_turnover": 109500.0,
                    "payment_days": 60,
                    "usual_delay": 12,
                    "need": 21600.0,
                    "exposure": 109500.0,
                    "amount": 109500.0,
                    "state": "draft",
                }
            ],
        )
        # 109 500 × (90 + 12) ÷ 365 = 30 600
        request.payment_days = 90
        self.assertEqual(request.need, 30600.0)

    def test_need_without_an_order(self):
        """A buyer's year of 36 500 at 30 days: 36 500 × 30 ÷ 365 = 3 000.

        Paid, it owes nothing: the need is what is proposed.
        """
        invoice = self.make_invoice(self.beta, 36500.0)
        self._register_payment(invoice, amount=36500.0)
        self.terms.line_ids.nb_days = 30
        self.beta.property_payment_term_id = self.terms
        request = self.opened(self.beta.action_ask_limit())
        self.assertRecordValues(
            request,
            [
                {
                    "request_type": "new",
                    "previous_id": False,
                    "forecast_turnover": 36500.0,
                    "need": 3000.0,
                    "exposure": 0.0,
                    "amount": 3000.0,
                }
            ],
        )

    def test_queries_do_not_grow_with_buyers(self):
        more = self.env["res.partner"].create(
            [
                {
                    "name": f"B{n}",
                    "is_company": True,
                    "country_id": self.env.ref("base.de").id,
                }
                for n in range(50)
            ]
        )
        self.requests._factors(self.beta, self.company)  # what is asked once a process
        counts = []
        for buyers in (self.beta, more):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.requests._factors(buyers, self.company)
            self.requests._pending_keys(buyers, "named")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(len(self.requests._propose(more, self.company)), 50)

    def test_second_click_opens_the_first(self):
        first = self.opened(self.beta.action_ask_limit())
        self.assertEqual(self.opened(self.beta.action_ask_limit()), first)
        first.amount = 1000.0
        first.action_send()
        self.assertEqual(self.opened(self.beta.action_ask_limit()), first)

    def test_two_pending_are_impossible(self):
        self.ask(self.beta, 1000.0)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.ask(self.beta, 2000.0)

    def test_other_kind_may_be_asked(self):
        self.ask(self.beta, 1000.0)
        other = self.ask(self.beta, 500.0, limit_kind="temporary", date_to="2026-12-31")
        self.assertEqual(other.state, "draft")

    def test_pending_line_without_a_request(self):
        """Asked on the limit itself: that line is opened, nothing else drafted."""
        line = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.beta.id,
                "requested_amount": 5000.0,
            }
        )
        line.action_request()
        action = self.beta.action_ask_limit()
        self.assertEqual((action["res_model"], action["res_id"]), (line._name, line.id))

    def test_no_policy(self):
        self.policy.date_end = "2026-06-30"
        with self.assertRaises(UserError):
            self.beta.action_ask_limit()

    def test_asked_for_by_a_sister_company(self):
        """One policy, one limit, one request: whoever of its companies asked."""
        sister = self.env["res.company"].create(
            {"name": "Sister", "currency_id": self.euro.id}
        )
        self.policy.company_ids += sister
        self.ask(self.beta, 1000.0)
        other = new_test_user(
            self.env,
            "exchange_sister",
            "base.group_user,export_credit_insurance.group_credit_user",
            company_id=sister.id,
            company_ids=[(6, 0, sister.ids)],
        )
        with self.assertRaises(UserError):
            self.beta.with_user(other).with_company(sister).action_ask_limit()

    def test_send_makes_the_line(self):
        request = self.ask(self.alfa, 150000.0, user=self.user)
        request.action_send()
        self.assertRecordValues(
            request,
            [{"state": "sent", "sent_on": date(2026, 10, 1), "channel": "file"}],
        )
        self.assertRecordValues(
            request.limit_id,
            [
                {
                    "state": "requested",
                    "request_type": "increase",
                    "previous_id": self.limit.id,
                    "requested_amount": 150000.0,
                    "request_date": date(2026, 10, 1),
                    "amount": 0.0,
                }
            ],
        )
        # nothing more is in force before the answer
        self.assertEqual(self.get_position(self.alfa).limit, 100000.0)
        with self.assertRaises(UserError):
            request.action_send()
        with self.assertRaises(UserError):
            request.amount = 160000.0

    def test_file_of_the_interchange(self):
        """XLSX by default, every column under its own name (DOMAIN 6.3)."""
        self.alfa.write({"ref": "C-42", "vat": "BR12345678000195"})
        request = self.ask(self.alfa, 150000.0, note="Framework contract")
        file = self.file_of(request.action_send())
        self.assertEqual(file.name, "ATLAS-requests-2026-10-01.xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(file.raw)).active.values)
        row = dict(zip(*rows, strict=True))
        self.assertEqual(
            [row[name] for name in ("insurer_code", "policy_no", "insurer_buyer_id")],
            ["ATLAS", "POL-26", "AZ-1"],
        )
        self.assertEqual(
            [row[name] for name in ("our_ref", "country_iso2", "id_type", "id_value")],
            ["C-42", "BR", "VAT", "BR12345678000195"],
        )
        self.assertEqual(
            [row[name] for name in ("product", "request_type", "request_code")],
            ["named", "increase", "3"],
        )
        self.assertEqual(
            [row[name] for name in ("requested_amount", "current_amount", "currency")],
            [150000, 100000, "EUR"],
        )
        self.assertEqual(row["request_date"].date(), date(2026, 10, 1))
        self.assertEqual(row["comment"], "Framework contract")

    def test_layout_of_an_insurer(self):
        self.insurer.write(
            {
                "request_file_format": "csv",
                "request_columns": "policy_no = Police\nname = Acheteur\n"
                "requested_amount = Montant",
            }
        )
        self.beta.name = "=BETA"  # a spreadsheet would run it
        request = self.ask(self.beta, 2500.0)
        file = self.file_of(request.action_send())
        text = file.raw.decode("utf-8-sig")
        self.assertEqual(
            list(csv.reader(io.StringIO(text), delimiter=";")),
            [["Police", "Acheteur", "Montant"], ["POL-26", "'=BETA", "2500.00"]],
        )
        with self.assertRaises(ValidationError):
            self.insurer.request_columns = "colour"

    def test_several_insurers_several_files(self):
        other = self.env["credit.insurance.insurer"].create(
            {"name": "Borea", "code": "BOREA"}
        )
        policy = self.make_policy(name="B", insurer_id=other.id)
        both = self.ask(self.alfa, 150000.0)
        both += self.ask(self.beta, 100.0, policy_id=policy.id)
        self.assertEqual(self.file_of(both.action_send()).name, "requests.zip")

    def test_what_cannot_be_sent(self):
        cases = {
            "no amount": {"amount": 0.0},
            "no more": {"amount": 100000.0},
            "no less": {"amount": 100000.0, "request_type": "reduce"},
        }
        for case, values in cases.items():
            with self.subTest(case):
                request = self.ask(self.alfa, **{"amount": 1.0, **values})
                with self.assertRaises(UserError):
                    request.action_send()
                request.unlink()
        request = self.ask(self.beta, 5.0, limit_kind="temporary")
        with self.assertRaises(UserError):
            request.action_send()

    def test_limit_ended_meanwhile(self):
        request = self.ask(self.alfa, 150000.0)
        self.limit._record_decision("cancelled", date_from="2026-10-01")
        with self.assertRaises(UserError):
            request.action_send()

    def test_nobody_writes_what_buttons_record(self):
        request = self.ask(self.beta, 1000.0, user=self.user)
        for values in (
            {"state": "answered"},
            {"sent_on": "2026-01-01"},
            {"limit_id": self.limit.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                request.write(values)
        with self.assertRaises(AccessError):
            self.requests.with_user(self.user).with_context(
                default_state="sent"
            ).create({"partner_id": self.beta.id, "limit_kind": "topup"})

    def test_salespeople_ask_nothing(self):
        order = self.make_order(self.beta, 100.0, confirm=False)
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).action_ask_limit()

    def test_sent_ones_stay(self):
        request = self.ask(self.beta, 1000.0)
        request.action_send()
        with self.assertRaises(UserError):
            request.unlink()

    def test_form(self):
        """The policy, the limit to change and the kind of request are proposed."""
        form = Form(self.requests.with_user(self.user).with_company(self.company))
        form.partner_id = self.alfa
        self.assertEqual(form.policy_id, self.policy)
        self.assertEqual(form.previous_id, self.limit)
        self.assertEqual(form.request_type, "increase")
        form.amount = 110000.0
        self.assertEqual(form.save().amount, 110000.0)
