from odoo.exceptions import RedirectWarning

from .payment_common import PaymentDoors


class MoneyKept(PaymentDoors):
    """ALFA pays for one order of 45 000 online; another one of 73 000 waits.

    102 000 of 130 000 are used: 28 000 are free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user")
        cls.order = cls.make_quotation(45)
        cls.other = cls.make_quotation(73)

    def headroom(self, order):
        engine = self.env["credit.insurance.position"].sudo()
        return engine._get_order_positions(order)[order].headroom

    def refuse(self, order, missing):
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            order.with_user(self.seller).action_confirm()
        self.assertIn(missing, refusal.exception.args[0])
        self.env.invalidate_all()

    def confirm(self, order):
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")

    def ship(self, pickings, quantity):
        pickings = pickings.with_user(self.worker)
        pickings.move_ids.write({"quantity": quantity, "picked": True})
        pickings.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=pickings.ids
        ).button_validate()
