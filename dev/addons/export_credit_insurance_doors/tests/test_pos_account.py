from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .till_account_common import TillAccountCommon

UNCHECKED = (
    "odoo.addons.export_credit_insurance.models.decision"
    ".review.credit_insurance_review_unchecked"
)


@tagged("post_install", "-at_install")
class TestTillOnAccount(TillAccountCommon):
    """Sales on the customer's account: the goods are gone, nothing is refused."""

    # === WITHOUT AN ORDER === #

    def test_beyond_the_credit(self):
        """10 000 of 8 000 that are free: sold, listed, and exposure at once."""
        receipt = self.sell(10)
        self.assertEqual(receipt.state, "paid")
        self.assertListed(receipt, 10000.0, missing=2000.0)
        self.assertControllerTold(receipt, "10,000.00", "2,000.00")
        self.assertEqual(self.position().headroom_limit_currency, -2000.0)

    def test_on_own_risk_that_who_sells_accepted(self):
        """20 000 more were accepted by the cashier: they carry no sale of hers."""
        self.cashier.group_ids += self.controller.group_ids
        self.env["credit.insurance.own.risk"].with_user(self.cashier).create(
            {
                "partner_id": self.buyer.id,
                "company_id": self.company.id,
                "amount": 20000.0,
                "reason": "Known for years",
            }
        )
        self.assertListed(self.sell(10), 10000.0, missing=2000.0)

    @mute_logger(UNCHECKED)
    def test_that_a_fault_keeps_from_being_checked(self):
        """The till goes on; the sale is listed once, when the session closes too."""
        checks = type(self.env["credit.insurance.check"])
        with patch.object(checks, "_find", side_effect=ValueError("a fault")):
            receipt = self.sell(10)
            self.env["credit.insurance.review"]._notice_till_sales(receipt)
        self.assertEqual(receipt.state, "paid")
        self.assertRecordValues(
            self.lines_of(receipt),
            [
                {
                    "cause": "unchecked",
                    "is_open": True,
                    "sold_by": self.cashier.id,
                    "undelivered_amount": 10000.0,
                    "main_code": False,
                }
            ],
        )
        self.assertControllerTold(receipt, "10,000.00", "could not be checked")

    def test_within_the_credit(self):
        """8 000 of 8 000 pass; then nothing is left, for orders either."""
        receipt = self.sell(8)
        self.assertFalse(self.lines_of(receipt))
        self.assertEqual(self.position().headroom_limit_currency, 0.0)
        self.assertEqual(self.position().draft, 8000.0)
        waits = self.make_quotation(1)
        waits.with_user(self.visitor).sudo().action_confirm()
        self.assertWaits(waits, missing=1000.0)
        second = self.sell(1)
        self.assertListed(second, 1000.0, missing=1000.0)

    def test_money_that_is_kept_for_an_order(self):
        """5 000 are paid for a quotation that waits: 10 000 lack 2 000 all the same."""
        waits = self.make_quotation(10, require_payment=True, prepayment_percent=1.0)
        provider = self.env.ref("payment.payment_provider_demo")
        provider.state = "test"
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref(
                    "payment_demo.payment_method_demo"
                ).id,
                "reference": "kept",
                "amount": 5000.0,
                "currency_id": waits.currency_id.id,
                "partner_id": self.buyer.id,
                "sale_order_ids": [Command.set(waits.ids)],
            }
        )
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(waits.state, "sent")
        self.assertListed(self.sell(10), 10000.0, missing=2000.0)

    def test_to_a_buyer_of_long_terms(self):
        """Terms beyond a legal ceiling: the till's sale names no law, it is listed."""
        self.buyer.property_payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "90 days",
                "company_id": False,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 90}
                    )
                ],
            }
        )
        self.assertListed(self.sell(10), 10000.0, missing=2000.0)

    def test_paid_at_once_is_no_debt(self):
        receipt = self.sell(50, method=self.cash)
        self.assertEqual(receipt.state, "paid")
        self.assertFalse(self.lines_of(receipt))
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    def test_a_method_that_does_not_identify_customers(self):
        """It does once a session is opened, or the debt would be nobody's."""
        method = self.env["pos.payment.method"].create({"name": "Tab"})
        cash = self.env["pos.payment.method"].create(
            {
                "name": "Cash at the bar",
                "journal_id": self.cash.journal_id.copy({"code": "BAR"}).id,
            }
        )
        bar = self.env["pos.config"].create({"name": "Bar"})
        bar.payment_method_ids = cash + method
        self.assertFalse(method.split_transactions)
        bar.with_user(self.cashier).open_ui()
        self.assertTrue(method.split_transactions)
        self.assertFalse(cash.split_transactions)
        self.till_session = bar.current_session_id
        receipt = self.sell(10, method=method)
        self.till_session.action_pos_session_closing_control()
        self.assertEqual(self.till_session.state, "closed")
        debt = self.till_session.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.balance > 0
        )
        self.assertEqual(debt.partner_id, self.buyer)
        self.assertEqual(sum(debt.mapped("balance")), receipt.amount_total)

    def test_a_till_of_a_company_that_is_not_checked(self):
        self.policy._write_state({"state": "closed"})
        method = self.env["pos.payment.method"].create({"name": "Tab"})
        bar = self.env["pos.config"].create({"name": "Bar"})
        bar.payment_method_ids = method
        bar.open_ui()
        self.assertFalse(method.split_transactions)

    def test_posted_it_counts_once(self):
        """Closed, the session owes it to the books: the same 10 000."""
        receipt = self.sell(10)
        self.till_session.action_pos_session_closing_control()
        self.assertEqual(self.till_session.state, "closed")
        self.assertEqual(receipt.state, "done")
        position = self.position()
        self.assertEqual((position.draft, position.receivable), (0.0, 10000.0))
        self.assertEqual(position.headroom_limit_currency, -2000.0)

    def test_invoiced_at_once_it_counts_once(self):
        receipt = self.sell(10, to_invoice=True)
        self.assertEqual(receipt.account_move.state, "posted")
        position = self.position()
        self.assertEqual((position.draft, position.receivable), (0.0, 10000.0))
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_sent_again_it_is_listed_once(self):
        receipt = self.sell(10)
        self.assertEqual(self.sell(10), receipt)
        self.assertEqual(len(self.lines_of(receipt)), 1)

    def test_several_of_one_call(self):
        """The till was offline: 5 000 pass, of 4 000 there are 1 000 too much."""
        first, second = self.cash_up_all(
            self.receipt(self.pos_line(self.product, number, 1000.0), self.account)
            for number in (5, 4)
        )
        self.assertFalse(self.lines_of(first))
        self.assertListed(second, 4000.0, missing=1000.0)

    def test_stopped_buyer(self):
        """However much is free: nothing that is shipped is insured."""
        self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.buyer.id,
                "date_from": self.today,
                "cause": "other",
            }
        )
        receipt = self.sell(1)
        self.assertListed(receipt, 1000.0, missing=1000.0, code="cover_stopped")

    def test_customer_outside_every_rule(self):
        """Private persons are not checked out of the box."""
        person = self.env["res.partner"].create(
            {"name": "Paula", "country_id": self.env.ref("base.br").id}
        )
        receipt = self.sell(50, partner=person)
        self.assertEqual(receipt.state, "paid")
        self.assertFalse(self.lines_of(receipt))

    # === WITH AN ORDER === #

    def test_settled_on_account(self):
        """45 000 of a quotation put on account: gone, and 37 000 too much."""
        waits = self.make_quotation(45)
        receipt = self.cash_up(self.settle(waits, 45), method=self.account)
        self.assertEqual(receipt.state, "paid")
        self.assertListed(receipt, 45000.0, missing=37000.0)
        self.assertEqual(self.position().headroom_limit_currency, -37000.0)

    def test_more_than_was_ordered(self):
        """30 of an order of 20 put on account: 10 000 of 8 000 that were free.

        The order's 20 000 had passed, and are a debt of the till's now: the sale as a
        whole is listed, 2 000 are missing, and the order itself grows by nothing.
        """
        receipt = self.cash_up(self.settle(self.order, 30), method=self.account)
        self.assertEqual(receipt.state, "paid")
        self.assertListed(receipt, 30000.0, missing=2000.0)
        self.assertControllerTold(receipt, "30,000.00", "2,000.00")
        self.assertEqual(self.position().headroom_limit_currency, -2000.0)
        self.assertFalse(self.growth())

    # === WHAT THE TILL DID NOT TELL === #

    def test_its_transfers_are_told_by_the_till_alone(self):
        """Goods of the till leave without an order: they are listed once."""
        receipt = self.sell(10)
        self.assertEqual(receipt.picking_ids.state, "done")
        lines = self.env["credit.insurance.review.line"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertEqual(lines.mapped("stage"), ["till"])

    def test_many_sales_cost_as_much_as_one(self):
        receipts = self.cash_up_all(
            self.receipt(self.pos_line(self.product, 1, 1000.0 + number), self.account)
            for number in range(12)
        )
        reviews = self.env["credit.insurance.review"].sudo()

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reviews._assess_till_sales(self.company, some)
            return self.env.cr.sql_log_count - before

        count(receipts[:1])
        self.assertEqual(count(receipts), count(receipts[:1]))

    # === ENGINE === #

    def test_explained_to_the_cent(self):
        receipt = self.sell(10)
        engine = self.env["credit.insurance.position"]
        explanation = engine._explain(self.buyer, self.company)
        (section,) = (
            section for section in explanation["sections"] if section["key"] == "draft"
        )
        self.assertEqual(section["amount"], 10000.0)
        self.assertEqual(
            [(row["model"], row["res_id"]) for row in section["rows"]],
            [("pos.order", receipt.id)],
        )
