from odoo.tests import tagged
from odoo.tools import SQL

from ...models.ledger.untaxed_share import UNTAXED_SHARE, untaxed_share
from ..position.position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestUntaxedShare(PositionCommon):
    """One share of tax for notices, claims, declarations and the position."""

    def assertShare(self, move, share):
        move.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM account_move move WHERE move.id = %s",
                UNTAXED_SHARE,
                move.id,
            )
        )
        self.assertAlmostEqual(float(self.env.cr.fetchone()[0]), share, 9)
        self.assertAlmostEqual(untaxed_share(move), share, 9)

    def test_shares(self):
        """1 000 of 1 200, whatever is paid of it; without tax all of it."""
        taxed = self.make_invoice(self.alfa, 1000.0, taxes=self.make_tax())
        self.assertShare(taxed, 1000 / 1200)
        self._register_payment(taxed, amount=600.0)
        self.assertShare(taxed, 1000 / 1200)
        self.assertShare(self.make_invoice(self.alfa, 1000.0), 1.0)

    def test_credit_note_and_entry(self):
        refund = self.make_invoice(
            self.alfa, 100.0, move_type="out_refund", taxes=self.make_tax()
        )
        self.assertShare(refund, 100 / 120)
        self.assertShare(self.make_invoice(self.alfa, 0.0), 1.0)
        self.assertShare(self.make_receipt(self.alfa, 50.0), 1.0)
