from .till_common import TillCommon


class TillAccountCommon(TillCommon):
    """Sales on the customer's account: the goods are gone, nothing is refused.

    20 000 of an order and 102 000 of another are used of 130 000: 8 000 are free.
    """

    def sell(self, quantity, method=None, **values):
        """So many thousands taken along, on account, without an order."""
        line = self.pos_line(self.product, quantity, 1000.0)
        return self.cash_up(line, method=method or self.account, **values)

    def lines_of(self, *receipts):
        return self.env["credit.insurance.review.line"].search(
            [("till_order_id", "in", [receipt.id for receipt in receipts])]
        )

    def position(self):
        engine = self.env["credit.insurance.position"].sudo()
        return engine._get_credit_position(self.buyer, self.company)[self.buyer]

    def assertListed(self, receipt, amount, missing, code="over_limit"):
        self.assertRecordValues(
            self.lines_of(receipt),
            [
                {
                    "stage": "till",
                    "cause": "till",
                    "is_open": True,
                    "order_id": False,
                    "partner_id": self.buyer.id,
                    "sold_by": self.cashier.id,
                    "undelivered_amount": amount,
                    "missing_amount": missing,
                    "main_code": code,
                }
            ],
        )

    def assertControllerTold(self, receipt, *words):
        activity = self.lines_of(receipt).review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        for word in (receipt.pos_reference, "ALFA", *words):
            self.assertIn(word, activity.note)

    def listed(self, stage):
        return self.env["credit.insurance.review.line"].search(
            [("partner_id", "=", self.buyer.id), ("stage", "=", stage)]
        )

    def assertUsedUp(self):
        """Not 1 000 more."""
        self.assertEqual(self.position().headroom_limit_currency, 0.0)
        waits = self.make_quotation(1)
        waits.with_user(self.visitor).sudo().action_confirm()
        self.assertWaits(waits, missing=1000.0)
