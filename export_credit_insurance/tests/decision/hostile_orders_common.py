from odoo.exceptions import RedirectWarning

from .common import DecisionCommon


class HostileOrdersCommon(DecisionCommon):
    """A salesperson writes what the exposure of his orders rests on.

    ALFA has 28 000 free (DOMAIN 1.16): an order of 28 000 passes and takes it all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def confirmed(self, amount=28000.0):
        order = self.make_quotation(amount)
        order.action_confirm()
        return order

    def exposure(self):
        self.env.flush_all()
        return self.get_position(self.alfa).exposure

    def holds(self, order):
        return self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])

    def assert_refused(self, order):
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            order.action_confirm()
        self.assertEqual(order.state, "draft")
