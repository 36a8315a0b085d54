from lxml import etree

from odoo.tests import freeze_time, tagged

from .limit_import_common import LimitImportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImportEffect(LimitImportCommon):
    """What applying a file does to orders and exposure, shown and done."""

    def test_effect_before_applying(self):
        """ALFA: 40 000 shipped, 20 000 on order, its limit cut from 100 000 to 30 000.

        What was shipped keeps 90 % of 40 000 = 36 000. On order 90 % of 20 000 =
        18 000 was insurable within 100 000 − 40 000; 30 000 are used up by 40 000, so
        18 000 is lost and the order cannot go on.
        """
        self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="A-1")
        self.make_invoice(self.alfa, 40000.0)
        order = self.make_order(self.alfa, 20000.0)
        for effect in ("2026-10-01", "2026-10-11"):
            with self.subTest(effect=effect):
                run = self.check(
                    self.row(
                        granted_amount="30000",
                        decision="reduction",
                        effective_date=effect,
                    )
                )
                self.assertRecordValues(
                    run.effect_ids,
                    [
                        {
                            "partner_id": self.alfa.id,
                            "covered_now": 36000.0,
                            "covered_then": 36000.0,
                            "order_now": 18000.0,
                            "order_then": 0.0,
                            "lost": 18000.0,
                            "order_ids": order.ids,
                            "held_amount": 20000.0,
                        }
                    ],
                )
                self.assertEqual((run.lost, run.held_count), (18000.0, 1))
                self.assertEqual(self.lines_of(self.alfa).amount, 100000.0)
                self.assertEqual(self.lines_of(self.alfa).state, "approved")

    def test_columns_explain_what_becomes_uncovered(self):
        """What is lost is now less then of both: all four stand in the list."""
        view = self.Import.get_view(view_type="form")["arch"]
        fields = etree.fromstring(view).findall(".//field[@name='effect_ids']//field")
        shown = {node.get("name"): node.get("optional") != "hide" for node in fields}
        for name in ("covered_now", "covered_then", "order_now", "order_then", "lost"):
            self.assertTrue(shown[name], name)

    def test_orders_in_progress_at_a_cut(self):
        """Applied, a cut lists what binds and is not shipped, as by hand: 20 000.

        Checking lists nothing, nor does the end that was asked for.
        """
        beta = self.make_buyer("BETA")
        for buyer, number in ((self.alfa, "A-1"), (beta, "B-1")):
            self.make_limit(buyer, 100000.0, insurer_buyer_ref=number)
        order = self.make_order(self.alfa, 20000.0)
        self.make_order(beta, 7000.0)
        run = self.check(
            self.row(granted_amount="30000", decision="reduction"),
            self.row(
                insurer_buyer_id="B-1",
                our_ref="",
                name="BETA",
                decision="cancellation",
                request_type="cancel",
                granted_amount="",
            ),
        )
        notices = self.env["credit.insurance.cut.notice"]
        self.assertFalse(notices.search([]))
        run.action_apply()
        notice = notices.search([])
        self.assertRecordValues(
            notice,
            [
                {
                    "partner_id": self.alfa.id,
                    "decision": "reduced",
                    "limit_id": self.lines_of(self.alfa).filtered("previous_id").id,
                }
            ],
        )
        self.assertRecordValues(
            notice.line_ids,
            [{"order_id": order.id, "undelivered_amount": 20000.0}],
        )
