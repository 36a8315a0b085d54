from .checked_common import CheckedCommon


class GrowthCommon(CheckedCommon):
    """A confirmed order of 20 000 leaves 8 000 free; what makes it grow by 10 000 is
    2 000 too much, and still goes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_quotation(20)
        cls.order.action_confirm()

    def growth(self):
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.order.id), ("kind", "=", "growth")]
        )

    def assertGrown(self, flow, missing=2000.0):
        """The growth is held, and nothing more of the order leaves."""
        self.env.flush_all()
        self.assertRecordValues(
            self.growth(),
            [
                {
                    "state": "open",
                    "growth_flow": flow,
                    "missing_amount": missing,
                    "requested_by": False,
                    "accepted_by_customer": False,
                }
            ],
        )
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(self.env["credit.insurance.hold"]._get_stops(self.order))
        self.assertTold(self.order)
