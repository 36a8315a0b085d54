import doctest

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from ...models.decision.hold import credit_request
from .common import DecisionCommon

BROKEN_AMOUNTS = (
    "many",
    ["1"],
    {"seven": 1.0},
    {"-1": 1.0},
    {str(10**30): 1.0},
    {"ID": "much"},
    {"ID": None},
    {"ID": [1.0]},
    {"ID": "nan"},
    {"ID": 1e999},
)
BROKEN_CHANGES = (
    "many",
    {"ID": "growth"},
    {"ID": [1]},
    {"ID": {"growth": "much"}},
    {"ID": {"growth": float("inf")}},
    {"ID": {"partner_shipping_id": "here"}},
    {"ID": {"partner_shipping_id": {}, "payment_term_id": 10**12}},
    {"ID": {"partner_invoice_id": 2**31 - 1}},
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestForgedRequest(DecisionCommon):
    """A client that sends nonsense is told so; nothing breaks, nothing is gained."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.order = cls.make_order(
            cls.alfa, 45000.0, confirm=False, user_id=cls.salesman.id
        ).with_user(cls.salesman)

    def of_order(self, values):
        if not isinstance(values, dict):
            return values
        return {
            str(self.order.id) if key == "ID" else key: value
            for key, value in values.items()
        }

    def dialogue(self, **context):
        requests = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        requests = requests.with_context(active_ids=self.order.ids, **context)
        request = requests.create({"reason": "Friday"})
        request.line_ids.mapped("change_text")
        request.action_send()

    def test_amounts(self):
        for values in map(self.of_order, BROKEN_AMOUNTS):
            with self.subTest(values), self.assertRaises(UserError):
                self.order.action_request_credit_release("x", amounts=values)
            with self.subTest(values), self.assertRaises(UserError):
                self.dialogue(credit_requested_amounts=values)

    def test_changes(self):
        for values in map(self.of_order, BROKEN_CHANGES):
            with self.subTest(values), self.assertRaises(UserError):
                self.order.action_request_credit_release("x", changes=values)
            with self.subTest(values), self.assertRaises(UserError):
                self.dialogue(credit_requested_changes=values)

    def test_changes_written_on_a_line(self):
        request = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        request = request.create({"reason": "Friday"})
        line = request.line_ids.create(
            {
                "request_id": request.id,
                "order_id": self.order.id,
                "changes": ["no", "mapping"],
            }
        )
        with self.assertRaises(UserError):
            line.change_text  # noqa: B018
        with self.assertRaises(UserError):
            request.action_send()

    def test_signature_and_release_are_no_defaults(self):
        forged = {
            "default_first_signed_by": self.manager.id,
            "default_release_kind": "own_risk",
            "default_release_amount": 99999.0,
            "default_confirmable_amount": 99999.0,
            "default_release_until": "2027-01-01",
            "default_decided_by": self.manager.id,
            "default_state": "released",
        }
        self.order.with_context(**forged).action_request_credit_release("x")
        hold = self.order.sudo().credit_hold_id
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "open",
                    "first_signed_by": False,
                    "decided_by": False,
                    "release_kind": False,
                    "confirmable_amount": 0.0,
                }
            ],
        )
        with self.assertRaises(RedirectWarning):
            self.order.action_confirm()
        with self.assertRaises(AccessError):
            hold.with_user(self.salesman).write({"first_signed_by": self.manager.id})

    def test_examples_in_docstrings(self):
        result = doctest.testmod(credit_request)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)
