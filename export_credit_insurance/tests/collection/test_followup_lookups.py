import itertools
import re
from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.collection.late_claims import LateClaims
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupLookups(FollowupCommon):
    """Reminders are looked up by what they are about. The day is 1 October 2026.

    Read as a whole, as PostgreSQL would where its statistics are older than a run, they
    would cost each batch of buyers more than the batch before.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_step(5)
        due = date(2026, 9, 11)  # 20 days overdue
        cls.invoice = cls.make_invoice(cls.alfa, 1000.0, day="2026-07-01", due=due)

    def scans_of_reminders(self, query):
        """Return [(column, by the id of what)] by which a plan looks lines up."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        rows = [line for (line,) in self.env.execute_query(SQL("EXPLAIN %s", query))]
        return [
            re.search(r"Cond: \(+(\w+) = ([a-z]+)(?:_\d+)?\.id\)", condition).groups()
            for scan, condition in itertools.pairwise(rows)
            if "Scan" in scan and " on credit_followup_reminder_line " in scan
        ]

    def test_steps_taken_are_looked_up_by_instalment(self):
        due = self.env["credit.followup.due"]
        question = due._question(self.alfa, self.company, self.today)
        # one look for the last step, what waits and what was handed over
        self.assertEqual(
            self.scans_of_reminders(question.query.query()),
            [("move_line_id", "item")],
        )

    def test_fees_are_looked_up_by_invoice(self):
        asked = []
        execute = type(self.env).execute_query

        def remember(env, query):
            asked.append(query)
            return execute(env, query)

        self.patch(type(self.env), "execute_query", remember)
        items = self.items()[self.invoice]
        LateClaims(self.env, self.company, self.today, items)
        [fees] = [query for query in asked if "fee_amount > 0" in query.code]
        self.assertEqual(self.scans_of_reminders(fees), [("move_id", "invoice")])

    def test_written_alike_and_not(self):
        """What is the same in all rows is written with each, and what differs, too.

        One instalment alone has everything alike: 1,000.00 asked for. With a second
        one, 250.00 of another invoice, the same reminder asks for 1,250.00.
        """
        run = self.prepare()
        line = run.reminder_ids.line_ids
        self.assertRecordValues(
            line,
            [{"move_id": self.invoice.id, "amount": 1000.0, "state": "pending"}],
        )
        run.action_draft()
        other = self.make_invoice(
            self.alfa, 250.0, day="2026-07-01", due=date(2026, 9, 12)
        )
        run.action_prepare()
        reminder = run.reminder_ids
        self.assertEqual(reminder.amount_due, 1250.0)
        self.assertRecordValues(
            reminder.line_ids.sorted("due_date"),
            [
                {"move_id": self.invoice.id, "amount": 1000.0, "is_overdue": True},
                {"move_id": other.id, "amount": 250.0, "is_overdue": True},
            ],
        )
