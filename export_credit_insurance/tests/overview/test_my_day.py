from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...models.overview.credit_insurance_my_day_own import ACTIVITY_TYPES, TOLD
from ..decision.common import DecisionCommon

REF = "export_credit_insurance."
#: sections with fifty rows in the test of queries
FULL = {
    "Sam": ["own_holds", "own_releases", "own_news"],
    "Mona": [
        "holds",
        "deadlines",
        "reviews",
        "expiring",
        "buyers",
        "disputes",
        "activities",
    ],
}
CALL = REF + "mail_activity_type_followup_call"


class MyDayCommon(DecisionCommon):
    """1 October 2026: ALFA owes and has ordered 102 000 of 130 000 (DOMAIN 1.16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_ceiling = 1000000.0
        cls.make_alfa_debt()
        cls.accountant = new_test_user(
            cls.env,
            "credit-anna",
            "export_credit_insurance.group_credit_followup",
            name="Anna",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def day_of(self, user, companies=None, keys=None):
        self.env.invalidate_all()
        day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
        active = (companies or user.company_ids).ids
        return day.with_context(allowed_company_ids=active).get_my_day(keys)

    def sections_of(self, user, companies=None):
        sections = self.day_of(user, companies)["sections"]
        return {section["key"]: section for section in sections}

    def rows_of(self, user, key, *names):
        names = names or ("label", "detail", "date", "urgency", "amount")
        rows = self.sections_of(user)[key]["rows"]
        return [tuple(row[name] for name in names) for row in rows]

    def methods_of(self, user, key):
        rows = self.sections_of(user)[key]["rows"]
        return [[button["method"] for button in row["buttons"]] for row in rows]

    def press(self, user, key, method):
        """Call the method of the first row's button, as the screen does."""
        row = self.sections_of(user)[key]["rows"][0]
        self.assertIn(method, [button["method"] for button in row["buttons"]])
        record = self.env[row["model"]].with_user(user).sudo(False).browse(row["id"])
        return getattr(record, method)()

    def plan(self, record, kind, user, **values):
        return record.activity_schedule(
            kind, user_id=user.id, date_deadline=self.today, **values
        )


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDay(MyDayCommon):
    """What each persona has to do, row by row."""

    def test_sections_by_role(self):
        own = ["own_holds", "own_releases", "own_news", "activities"]
        money = ["calls", "runs", "promises", "disputes", "mails"]
        control = ["holds", "signatures", "deadlines", "cuts", "reviews"]
        control += ["insolvencies", "imports", "requests", "expiring", "proposals"]
        control += ["buyers"]
        for user, expected in (
            (self.salesman, own),
            (self.user, own),
            (self.accountant, [*money, "activities"]),
            (self.controller, [*control, *money, *own]),
            (self.manager, [*control, *money, "observed", "renewals", *own]),
        ):
            with self.subTest(user=user.name):
                self.assertEqual([*self.sections_of(user)], expected)

    def test_nothing_to_do(self):
        """A new salesperson: every section is empty and says so."""
        day = self.day_of(self.salesman)
        self.assertEqual((day["date"], day["name"]), ("2026-10-01", "Sam"))
        self.assertEqual(day["count"], 0)
        self.assertTrue(all(section["empty"] for section in day["sections"]))

    def test_hold_from_asking_to_confirmation(self):
        """45 000 with 28 000 left: the controller decides, the salesperson confirms."""
        order = self.make_quotation(45000.0)
        self.ask_release(order)
        label = f"{order.name}, ALFA"
        self.assertEqual(
            self.rows_of(self.controller, "holds"),
            [(label, "Over the Limit", "2026-10-01", "today", 45000.0)],
        )
        self.assertEqual(
            self.rows_of(self.salesman, "own_holds"),
            [
                (
                    label,
                    "Waits for the decision of credit control.",
                    "2026-10-01",
                    "",
                    45000.0,
                )
            ],
        )
        self.assertEqual(self.rows_of(self.user, "own_holds"), [])
        action = self.press(self.controller, "holds", "action_release")
        self.assertEqual(action["res_model"], "credit.insurance.hold.decision")
        hold = self.env["credit.insurance.hold"].browse(
            action["context"]["default_hold_id"]
        )
        self.release(hold)
        self.assertEqual(self.rows_of(self.controller, "holds"), [])
        self.assertEqual(self.rows_of(self.salesman, "own_holds"), [])
        self.assertEqual(
            self.rows_of(self.salesman, "own_releases", "label", "urgency"),
            [(label, "soon")],
        )
        # told of the decision: done from here
        self.assertEqual(len(self.rows_of(self.salesman, "own_news")), 1)
        self.press(self.salesman, "own_news", "action_feedback")
        self.assertEqual(self.rows_of(self.salesman, "own_news"), [])
        self.press(self.salesman, "own_releases", "action_confirm")
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.rows_of(self.salesman, "own_releases"), [])

    def test_release_that_has_run_out_is_not_offered(self):
        """Valid until 1 October: on the next day it lets nothing pass any more."""
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order), release_until=self.today)
        with freeze_time("2026-10-02 12:00:00"):
            self.assertEqual(
                self.rows_of(self.salesman, "own_releases", "urgency"), [("late",)]
            )
            self.assertEqual(self.methods_of(self.salesman, "own_releases"), [[]])

    def test_neutral_words_without_a_credit_group(self):
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        text = str(self.day_of(self.salesman))
        for word in ("Atlas", "POL-26", "100,000", "130,000", "28,000", "102,000"):
            with self.subTest(word=word):
                self.assertNotIn(word, text)

    def test_only_what_i_may_decide(self):
        """A hold above the ceiling is the manager's; so is what one asked oneself."""
        self.company.credit_controller_ceiling = 10000.0
        self.ask_release(self.make_quotation(45000.0))
        self.assertEqual(self.rows_of(self.controller, "holds"), [])
        self.assertEqual(len(self.rows_of(self.manager, "holds")), 1)
        self.ask_release(self.make_quotation(50000.0, user=self.manager))
        self.assertEqual(len(self.rows_of(self.manager, "holds")), 1)

    def test_each_hold_is_judged_once(self):
        """Two of them, one of which another controller has signed."""
        first, second = (
            self.ask_release(self.make_quotation(amount)) for amount in (45e3, 50e3)
        )
        second.sudo().first_signed_by = self.manager
        holds = self.registry["credit.insurance.hold"]
        judge, judged = holds._compute_can_decide, []

        def told(records):
            judged.extend(records.ids)
            return judge(records)

        searches = []
        self.patch(holds, "_compute_can_decide", told)
        self.patch(holds, "_search_can_decide", lambda *args: searches.append(args))
        self.day_of(self.controller)
        self.assertEqual(sorted(judged), sorted((first + second).ids))
        self.assertFalse(searches)

    def test_waiting_too_long_is_late(self):
        """Asked on 1 October, escalated after 5 days."""
        self.ask_release(self.make_quotation(45000.0))
        for day, urgency in (("2026-10-05", "today"), ("2026-10-06", "late")):
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(
                    self.rows_of(self.controller, "holds", "urgency"), [(urgency,)]
                )

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

    def test_collection(self):
        run = self.env["credit.followup.run"].create({"name": "Follow-up of today"})
        invoice = self.make_invoice(self.alfa, 900.0)
        dispute = self.env["credit.followup.dispute"].create(
            {"move_id": invoice.id, "amount": 100.0, "category": "quality"}
        )
        self.assertEqual(
            self.rows_of(self.accountant, "runs", "label", "detail", "urgency"),
            [("Follow-up of today", "Draft, to review: 0, to approve: 0", "today")],
        )
        self.assertEqual(
            self.rows_of(self.accountant, "disputes"),
            [("ALFA", f"{invoice.name}, Quality", "2026-10-01", "", 100.0)],
        )
        self.assertEqual(self.methods_of(self.accountant, "disputes"), [[]])
        dispute.outcome = "withdrawn"
        self.press(self.accountant, "disputes", "action_settle")
        self.assertEqual(self.rows_of(self.accountant, "disputes"), [])
        self.press(self.accountant, "runs", "action_prepare")
        # nothing is due: nothing to review either
        self.assertEqual(run.state, "prepared")
        self.assertEqual(self.rows_of(self.accountant, "runs"), [])

    def test_promises(self):
        """Due today; the one of tomorrow is not there yet; broken ones for a week."""
        for amount, days in ((100.0, 0), (200.0, 1)):
            invoice = self.make_invoice(self.alfa, amount)
            line = invoice.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            self.env["credit.followup.promise"].create(
                {
                    "partner_id": self.alfa.id,
                    "move_line_ids": [Command.set(line.ids)],
                    "payment_ids": [
                        Command.create(
                            {
                                "date": self.today + timedelta(days=days),
                                "amount": amount,
                            }
                        )
                    ],
                }
            ).action_start()
        self.assertEqual(
            self.rows_of(self.accountant, "promises"),
            [("ALFA", "Running", "2026-10-01", "today", 100.0)],
        )
        promises = self.env["credit.followup.promise"].sudo().search([])
        for day, expected in (
            ("2026-10-02", [("Broken", "late", 100.0), ("Running", "today", 200.0)]),
            # the first was broken on 2 October, the second is only now
            ("2026-10-09", [("Broken", "late", 200.0)]),
            ("2026-10-15", [("Broken", "late", 200.0)]),
            ("2026-10-16", []),
        ):
            with freeze_time(f"{day} 12:00:00"):
                promises._judge(fields.Date.to_date(day))
                self.assertEqual(
                    self.rows_of(
                        self.accountant, "promises", "detail", "urgency", "amount"
                    ),
                    expected,
                )

    def test_promise_in_instalments(self):
        """300 today, 200 on the 11th, 400 in November: what is due, not the 900.

        The 200 do not come: on the 12th they break the promise, which is to be seen
        for a week, though it would have run until November.
        """
        invoice = self.make_invoice(self.alfa, 900.0)
        lines = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        plan = (("2026-10-01", 300.0), ("2026-10-11", 200.0), ("2026-11-30", 400.0))
        promise = self.env["credit.followup.promise"].create(
            {
                "partner_id": self.alfa.id,
                "move_line_ids": [Command.set(lines.ids)],
                "payment_ids": [
                    Command.create({"date": day, "amount": amount})
                    for day, amount in plan
                ],
            }
        )
        promise.action_start()
        names = ("detail", "date", "urgency", "amount")
        self.assertEqual(
            self.rows_of(self.accountant, "promises", *names),
            [("Running", "2026-10-01", "today", 300.0)],
        )
        receipt = self.make_receipt(self.alfa, 300.0, day="2026-10-01")
        lines += receipt.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        broken = ("Broken", "2026-10-11", "late", 200.0)
        for day, expected in (
            ("2026-10-11", [("Running", "2026-10-11", "today", 200.0)]),
            ("2026-10-12", [broken]),
            ("2026-10-18", [broken]),
            ("2026-10-19", []),
        ):
            with freeze_time(f"{day} 12:00:00"), self.subTest(day=day):
                promise.sudo()._judge(fields.Date.to_date(day))
                self.assertEqual(
                    self.rows_of(self.accountant, "promises", *names), expected
                )

    def test_policies(self):
        """POL-26 ends on 31 December without renewing: 60 days before, 1 November."""
        self.assertEqual(self.rows_of(self.manager, "renewals"), [])
        with freeze_time("2026-11-02 12:00:00"):
            self.assertEqual(
                self.rows_of(self.manager, "renewals"),
                [
                    (
                        self.policy.display_name,
                        "Ends, and does not renew by itself",
                        "2026-12-31",
                        "",
                        None,
                    )
                ],
            )
        self.make_policy(name="POL-27", number="POL-27", state="active")
        self.assertEqual(len(self.rows_of(self.manager, "observed")), 1)
        action = self.press(self.manager, "observed", "action_review_observation")
        self.assertEqual(action["target"], "new")

    # === ACTIVITIES === #

    def test_types_are_those_of_the_addon(self):
        kinds = self.env["mail.activity.type"].search([]).get_external_id().values()
        self.assertEqual(
            {name for name in kinds if name.startswith(REF)}, {*ACTIVITY_TYPES}
        )

    def test_activities_are_ones_own_and_due(self):
        order = self.make_quotation(100.0)
        mine = self.plan(order, REF + "mail_activity_type_claim", self.user)
        self.plan(order, REF + "mail_activity_type_claim", self.manager)
        tomorrow = self.plan(order, REF + "mail_activity_type_claim", self.user)
        tomorrow.date_deadline = self.today + timedelta(days=1)
        self.plan(order, TOLD, self.user, summary="Released")
        self.plan(order, "mail.mail_activity_data_todo", self.user)
        row = self.sections_of(self.user)["activities"]["rows"]
        self.assertEqual([one["id"] for one in row], mine.ids)
        self.assertEqual(row[0]["open"], {"model": "sale.order", "id": order.id})
        self.assertEqual(
            self.rows_of(self.user, "own_news", "label", "urgency"),
            [("Released", "today")],
        )

    # === RIGHTS === #

    def test_lists_behind(self):
        """Each section's list opens, and finds as many records as it counts."""
        self.ask_release(self.make_quotation(45000.0))
        day = self.env["credit.insurance.my.day"].with_user(self.manager).sudo(False)
        for section in self.day_of(self.manager)["sections"]:
            with self.subTest(section=section["key"]):
                action = day.get_action(section["key"])
                records = self.env[action["res_model"]].with_user(self.manager)
                self.assertEqual(
                    records.sudo(False).search_count(action["domain"]),
                    section["count"],
                )

    def test_sections_of_others_do_not_open(self):
        day = self.env["credit.insurance.my.day"].with_user(self.salesman).sudo(False)
        with self.assertRaises(AccessError):
            day.get_action("holds")
        self.assertTrue(day.get_action("own_holds"))

    def test_portal_and_public_have_no_day(self):
        portal = new_test_user(self.env, "day-portal", "base.group_portal")
        public = self.env.ref("base.public_user")
        for name, user in (("portal", portal), ("public", public)):
            day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
            for call in (day.get_my_day, lambda day=day: day.get_action("activities")):
                with self.subTest(user=name), self.assertRaises(AccessError):
                    call()

    # === COMPANIES === #

    def test_active_companies(self):
        """Holds and deadlines of another company, only while it is active."""
        other = self.setup_other_company()["company"]
        other.currency_id = self.euro
        self.controller.company_ids += other
        policy = self.make_policy(other, name="POL-B", number="POL-B")
        policy.write({"notification_days": 30, "notification_base": "due_date"})
        buyer = self.make_buyer("GAMMA")
        self.make_limit(buyer, 5000.0, policy=policy)
        self.make_invoice(
            buyer,
            900.0,
            day="2026-08-01",
            due="2026-09-03",
            company=other,
            company_id=other.id,
        )
        rows = self.rows_of(self.controller, "deadlines", "company_id", "amount")
        self.assertEqual(rows, [(other.id, 900.0)])
        self.controller.company_ids = self.company
        self.assertEqual(self.rows_of(self.controller, "deadlines"), [])

    def make_reminder(self, company):
        run = self.env["credit.followup.run"].create({"company_id": company.id})
        reminders = self.env["credit.followup.reminder"].sudo()
        return reminders.create(
            {
                "run_id": run.id,
                "company_id": company.id,
                "date": self.today,
                "partner_id": self.alfa.id,
                "currency_id": self.euro.id,
                "lang": "en_US",
                "step_id": self.env["credit.followup.step"].search([], limit=1).id,
            }
        )

    def test_activities_of_active_companies(self):
        """Calls, activities and news of a company wait until it is active."""
        other = self.setup_other_company()["company"]
        self.manager.company_ids += other
        for company in (self.company, other):
            order = self.make_quotation(100.0, user=self.manager, company_id=company.id)
            self.plan(order.sudo(), REF + "mail_activity_type_claim", self.manager)
            self.plan(order.sudo(), TOLD, self.manager)
            self.plan(self.make_reminder(company), CALL, self.manager)
        keys = ("calls", "activities", "own_news")
        for companies in (self.company, other, self.company + other):
            sections = self.sections_of(self.manager, companies)
            for key in keys:
                with self.subTest(key=key, companies=companies.mapped("name")):
                    rows = sections[key]["rows"]
                    self.assertEqual(
                        {row["company_id"] for row in rows}, {*companies.ids}
                    )
                    self.assertEqual(sections[key]["count"], len(companies))

    def test_activity_on_what_may_not_be_read(self):
        """Who has left sales has no row of an order, and the day opens."""
        order = self.make_quotation(100.0)
        self.plan(order.sudo(), REF + "mail_activity_type_claim", self.salesman)
        self.assertEqual(self.sections_of(self.salesman)["activities"]["count"], 1)
        self.salesman.group_ids = self.env.ref("base.group_user")
        self.assertEqual(self.sections_of(self.salesman)["activities"]["count"], 0)

    def test_sections_asked_for(self):
        """Only those are read; what the engine tells is marked for the screen."""
        found = self.day_of(self.controller, keys=["holds", "deadlines", "renewals"])
        self.assertEqual(
            [(each["key"], each["is_slow"]) for each in found["sections"]],
            [("holds", False), ("deadlines", True)],
        )

    def test_no_engine_where_its_sections_are_not_asked_for(self):
        """A press on a hold reads no buyer's position."""
        tables = ("credit.insurance.deadline", "credit.insurance.buyer.review.due")
        asked = []
        for name in tables:
            model = self.registry[name]
            search = model._search

            def told(records, *args, __search=search, **options):
                asked.append(records._name)
                return __search(records, *args, **options)

            self.patch(model, "_search", told)
        self.day_of(self.controller)
        self.assertEqual({*asked}, {*tables})
        asked.clear()
        self.day_of(self.controller, keys=["holds", "activities"])
        self.assertEqual(asked, [])


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDayQueries(MyDayCommon):
    """As many queries with fifty rows in each section as with one."""

    def fill(self, buyers):
        """One row of each buyer in the sections that grow fastest."""
        for buyer in buyers:
            self.make_limit(buyer, 100.0, date_to="2026-10-15")
            invoice = self.make_invoice(
                buyer, 900.0, day="2026-07-01", due="2026-08-03"
            )
            self.env["credit.followup.dispute"].create(
                {"move_id": invoice.id, "amount": 10.0}
            )
            order = self.make_quotation(45000.0, buyer, self.salesman)
            self.ask_release(order)
            self.release(self.ask_release(self.make_quotation(45000.0, buyer)))
            self.plan(order, REF + "mail_activity_type_claim", self.manager)
            self.plan(order, TOLD, self.salesman)

    def spent(self, user):
        day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        day.get_my_day()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        users = (self.salesman, self.manager)
        self.fill(self.make_buyer("One"))
        for user in users:
            self.spent(user)  # what is cached for good
        one = {user: self.spent(user) for user in users}
        self.fill(
            self.env["res.partner"].union(
                *(self.make_buyer(f"Buyer {n}") for n in range(49))
            )
        )
        for user in users:
            day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(user=user.name), self.assertQueryCount(one[user]):
                sections = day.get_my_day()["sections"]
            full = [each["key"] for each in sections if each["count"] >= 50]
            self.assertEqual(full, FULL[user.name])
