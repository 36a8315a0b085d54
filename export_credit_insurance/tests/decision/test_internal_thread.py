from freezegun import freeze_time

from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInternalThread(DecisionCommon):
    """Odoo proposes the partner of a record as who its messages are sent to.

    Who answers a colleague on a hold does not write to the customer by that.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.alfa.email = "office@alfa.example.com"

    def test_no_buyer_is_proposed_on_a_hold(self):
        hold = self.ask_release(self.make_quotation(45000.0))
        hold = hold.with_user(self.controller)
        self.assertEqual(hold.partner_id, self.alfa)
        # what the web client asks for as somebody opens the composer
        self.assertEqual(hold._message_get_suggested_recipients(), [])
        self.assertFalse(hold._message_get_default_recipients()[hold.id]["partner_ids"])

    def test_nor_anywhere_else(self):
        """On no model of credit insurance, whatever fields it gets tomorrow.

        Follow-up writes to customers: promises, disputes and reminders are left out.
        """
        checked = 0
        for name, model in self.env.items():
            if not name.startswith("credit.insurance.") or model._abstract:
                continue
            if "message_ids" in model._fields:
                checked += 1
                self.assertEqual(model._mail_get_partner_fields(), [], name)
        self.assertGreater(checked, 15)
