from freezegun import freeze_time

from odoo.tests import tagged

from .my_day_common import MyDayCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDayExchange(MyDayCommon):
    """What the insurer asks of a day: deadlines, limits, requests, cuts."""

    def test_deadlines(self):
        """Due 3 September + 30 days: 3 October. One of August was missed."""
        self.policy.write({"notification_days": 30, "notification_base": "due_date"})
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 5000.0)
        soon = self.make_invoice(beta, 900.0, day="2026-08-01", due="2026-09-03")
        late = self.make_invoice(beta, 800.0, day="2026-08-01", due="2026-08-25")
        rows = self.rows_of(self.controller, "deadlines")
        self.assertEqual(
            rows,
            [
                (
                    f"Overdue Notice: BETA, {late.name}",
                    self.policy.display_name,
                    "2026-09-24",
                    "late",
                    800.0,
                ),
                (
                    f"Overdue Notice: BETA, {soon.name}",
                    self.policy.display_name,
                    "2026-10-03",
                    "soon",
                    900.0,
                ),
            ],
        )
        action = self.press(self.controller, "deadlines", "action_prepare_notices")
        self.assertEqual(action["res_model"], "credit.insurance.overdue.notice")
        # there is one draft for both now: it is opened, not prepared once more
        draft = self.env["credit.insurance.overdue.notice"].browse(action["res_id"])
        section = self.sections_of(self.controller)["deadlines"]
        labels = [row["buttons"][0]["label"] for row in section["rows"]]
        self.assertEqual(labels, ["Open the Draft", "Open the Draft"])
        again = self.press(self.controller, "deadlines", "action_prepare_notices")
        self.assertEqual(again["res_id"], draft.id)
        self.assertEqual(len(draft.line_ids), 2)
        # a draft of what was learned of the buyer is another matter
        draft.unlink()
        self.env["credit.insurance.overdue.notice"].create(
            {
                "policy_id": self.policy.id,
                "company_id": self.company.id,
                "partner_id": beta.id,
                "kind": "adverse",
            }
        )
        section = self.sections_of(self.controller)["deadlines"]
        labels = [row["buttons"][0]["label"] for row in section["rows"]]
        self.assertEqual(labels, ["Prepare Notice", "Prepare Notice"])

    def test_limits(self):
        """ALFA's temporary 30 000 ends on 31 December: shown from 1 December on."""
        self.assertEqual(self.rows_of(self.controller, "expiring"), [])
        with freeze_time("2026-12-28 12:00:00"):
            self.assertEqual(
                self.rows_of(self.controller, "expiring"),
                [("ALFA", self.policy.display_name, "2026-12-31", "soon", 30000.0)],
            )
        proposal = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.make_buyer("BETA").id,
                "kind": "discretionary",
                "amount": 5000.0,
                "justification_method": "history",
            }
        )
        self.assertEqual(
            self.rows_of(self.controller, "proposals"),
            [("BETA", "Payment experience", False, "", 5000.0)],
        )
        self.press(self.controller, "proposals", "action_dismiss")
        self.assertEqual(proposal.state, "refused")
        self.assertEqual(self.rows_of(self.controller, "proposals"), [])

    def test_requests(self):
        """Sent on 1 October: late when 14 days have brought no answer."""
        request = self.env["credit.insurance.limit.request"].create(
            {"partner_id": self.make_buyer("BETA").id, "amount": 20000.0}
        )
        self.assertEqual(
            self.rows_of(self.controller, "requests"),
            [("BETA", "New Limit, To Send", False, "soon", 20000.0)],
        )
        self.press(self.controller, "requests", "action_send")
        self.assertEqual(request.state, "sent")
        self.assertEqual(
            self.rows_of(self.controller, "requests", "detail", "date", "urgency"),
            [("New Limit, Sent", "2026-10-01", "")],
        )
        with freeze_time("2026-10-15 12:00:00"):
            self.assertEqual(
                self.rows_of(self.controller, "requests", "urgency"), [("late",)]
            )
        self.assertEqual(
            self.methods_of(self.controller, "requests"), [["action_record_answer"]]
        )

    def test_cut_with_orders_in_progress(self):
        """ALFA's limit is cut; its order of 20 000 is not delivered."""
        limit = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "named")]
        )
        limit._record_decision("reduced", amount=50000.0, date_from=self.today)
        self.assertEqual(
            self.rows_of(self.controller, "cuts", "label", "detail", "urgency"),
            [
                (
                    "ALFA",
                    "Reduced by Atlas Credit Insurance, orders in progress: 1",
                    "today",
                )
            ],
        )
        self.press(self.controller, "cuts", "action_declare")
        self.assertEqual(self.rows_of(self.controller, "cuts"), [])
