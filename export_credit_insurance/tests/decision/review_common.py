from .common import DecisionCommon


class ReviewCommon(DecisionCommon):
    """ALFA, in Brazil, has a limit of 50 000; GAMMA, in Argentina, one too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gamma = cls.make_buyer("GAMMA", "ar")
        cls.limit = cls.make_limit(cls.alfa, 50000.0)
        cls.make_limit(cls.gamma, 50000.0)
        cls.company.credit_controller_id = cls.controller

    def run_reviews(self):
        """Run the job that an event has just started."""
        cron = self.env.ref("export_credit_insurance.ir_cron_credit_review")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def lines_of(self, orders):
        return (
            self.env["credit.insurance.review.line"]
            .search([("order_id", "in", orders.ids)], order="id")
            .sorted(lambda line: line.order_id.id)
        )

    def holds_of(self, orders):
        return self.env["credit.insurance.hold"].search(
            [("order_id", "in", orders.ids)], order="id"
        )

    def order(self, amount, partner=None, **values):
        values.setdefault("user_id", self.salesman.id)
        return self.make_order(partner or self.alfa, amount, **values)
