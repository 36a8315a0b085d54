from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestAssignment(PositionCommon):
    """Invoices sold to a factor: without recourse they are no exposure of ours.

    ALFA (limit 100 000 + 30 000, 90 %) owes 40 000 and 35 000, shipped in that order.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-01 09:00:00"))
        cls.make_alfa_limits()
        cls.first = cls.make_invoice(cls.alfa, 40000.0, day="2026-09-01")
        cls.second = cls.make_invoice(cls.alfa, 35000.0, day="2026-09-10")
        cls.factor = cls.make_buyer("FACTOR", country="fr")
        cls.controller = new_test_user(
            cls.env,
            "factoring_controller",
            groups="export_credit_insurance.group_credit_controller,"
            "account.group_account_readonly",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def sell(self, moves, recourse):
        sales = self.env["credit.insurance.assignment"].with_user(self.controller)
        return sales.create(
            [
                {
                    "move_id": move.id,
                    "factor_id": self.factor.id,
                    "recourse": recourse,
                    "date": "2026-09-20",
                }
                for move in moves
            ]
        )

    def covered(self):
        self.env.invalidate_all()
        return {
            row["move_id"]: float(row["covered_amount"])
            for row in self.get_cover(self.alfa)
        }

    def test_with_recourse_it_stays(self):
        """75 000 owed, 40 000 × 90 % and 35 000 × 90 % covered."""
        self.sell(self.first, "with")
        self.assertExposure(self.alfa, receivable=75000.0)
        self.assertEqual(
            self.covered(), {self.first.id: 36000.0, self.second.id: 31500.0}
        )

    def test_without_recourse_it_leaves_exposure_and_cover(self):
        self.sell(self.first, "without")
        position = self.assertExposure(self.alfa, receivable=35000.0)
        # 130 000 − 35 000
        self.assertEqual(position.headroom_limit_currency, 95000.0)
        self.assertEqual(self.covered(), {self.second.id: 31500.0})
        self.assertFalse(self.first.insured_amount)
        self.assertEqual(self.alfa.credit_exposure, 35000.0)

    def test_without_recourse_it_has_no_deadline_and_no_reminder(self):
        """Nor a row in the insurer's clock, the statement or follow-up."""
        self.sell(self.first, "without")
        rows = self.env["credit.insurance.deadline"].with_company(self.company)
        rows = rows.search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(rows.move_id, self.second)
        (statement,) = self.alfa._get_statements(self.company, self.today)[self.alfa]
        self.assertEqual([line.move for line in statement.lines], [self.second])
        due = self.env["credit.followup.due"]
        (items,) = due._get_items(self.alfa, self.company, self.today).values()
        self.assertEqual([item.move_id for item in items], [self.second.id])

    def test_partly_paid_before_it_is_sold(self):
        """10 000 of 40 000 received: 30 000 + 35 000 owed, then 35 000 alone."""
        self._register_payment(self.first, amount=10000.0)
        self.assertExposure(self.alfa, receivable=65000.0)
        self.sell(self.first, "without")
        self.assertExposure(self.alfa, receivable=35000.0)

    def test_handed_back_it_returns(self):
        sale = self.sell(self.first, "without")
        sale.action_hand_back()
        self.assertEqual(str(sale.date_end), "2026-10-01")
        self.assertExposure(self.alfa, receivable=75000.0)
        again = self.sell(self.first, "without")
        self.assertExposure(self.alfa, receivable=35000.0)
        again.sudo().unlink()
        self.assertExposure(self.alfa, receivable=75000.0)

    def test_foreign_currency(self):
        """11 000 USD at 1.10 are 10 000 EUR: gone as they came."""
        self.set_rate(self.dollar, 1.1)
        foreign = self.make_invoice(self.alfa, 11000.0, currency_id=self.dollar.id)
        self.assertExposure(self.alfa, receivable=85000.0)
        self.sell(foreign, "without")
        self.assertExposure(self.alfa, receivable=75000.0)

    def test_the_gate_asks_no_more_queries(self):
        self.sell(self.first, "with")
        self.env.flush_all()

        def count():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.get_position(self.alfa)
            return self.cr.sql_log_count - before

        count()
        before = count()
        self.sell(self.second, "without")
        self.env.flush_all()
        count()
        self.assertEqual(count(), before)

    def test_one_current_sale(self):
        self.sell(self.first, "with")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.sell(self.first, "without")

    def test_a_sale_stays_as_recorded(self):
        sale = self.sell(self.first, "with")
        with self.assertRaises(UserError):
            sale.recourse = "without"
        sale.reference = "B-1"

    def test_what_can_be_sold(self):
        draft = self.make_invoice(self.alfa, 10.0, post=False)
        with self.assertRaises(ValidationError):
            self.sell(draft, "with")
        with self.assertRaises(ValidationError):
            self.env["credit.insurance.assignment"].create(
                {
                    "move_id": self.first.id,
                    "factor_id": self.factor.id,
                    "recourse": "with",
                    "date": "2026-10-02",
                }
            )

    def test_sold_outright_it_cannot_go_back_to_draft(self):
        self.sell(self.first, "without")
        with self.assertRaises(UserError):
            self.first.button_draft()
        self.first.credit_assignment_ids.action_hand_back()
        self.first.button_draft()
        self.assertEqual(self.first.state, "draft")

    def test_the_mark_is_not_written_by_hand(self):
        line = self.first.line_ids.filtered("date_maturity")
        with self.assertRaises(AccessError):
            line.with_user(self.env.user).sudo(False).credit_not_exposure = True
        account = line.account_id.id
        values = {"account_id": account, "credit_not_exposure": True, "debit": 10.0}
        moves = self.env["account.move"].with_user(self.env.user).sudo(False)
        with self.assertRaises(AccessError):
            moves.create({"line_ids": [Command.create(values)]})
        with self.assertRaises(AccessError):
            moves.with_context(default_credit_not_exposure=True).create(
                {"line_ids": [Command.create({"account_id": account, "debit": 10.0})]}
            )

    def test_several_at_once(self):
        """All or none: an invoice that is sold already stops the schedule."""
        action = (self.first + self.second).action_credit_record_sale()
        dialogue = (
            self.env[action["res_model"]]
            .with_user(self.controller)
            .with_context(**action["context"])
            .create(
                {
                    "factor_id": self.factor.id,
                    "recourse": "without",
                    "date": "2026-09-20",
                    "reference": "B-12",
                }
            )
        )
        dialogue.action_record()
        self.assertExposure(self.alfa)
        self.assertEqual(self.first.credit_assignment_id.reference, "B-12")
        with self.assertRaises(UserError):
            dialogue.action_record()
