from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .my_day_common import MyDayCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDay(MyDayCommon):
    """What each persona has to do, row by row; and who sees what."""

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

    def test_invoice_to_review_is_opened(self):
        """45 000 invoiced without an order, with 28 000 left: 17 000 too much."""
        clerk = new_test_user(
            self.env,
            "credit-ines",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        invoice = self.make_invoice(self.alfa, 45000.0, day="2026-10-01", post=False)
        invoice.with_user(clerk).action_post()
        reader = self.controller
        self.assertEqual(
            self.rows_of(reader, "reviews", "label", "amount"),
            [(f"{invoice.name}, ALFA", 17000.0)],
        )
        self.assertEqual(self.methods_of(reader, "reviews"), [["action_reviewed"]])
        reader.group_ids |= self.env.ref("account.group_account_readonly")
        action = self.press(reader, "reviews", "action_open_invoice")
        self.assertEqual(action["res_id"], invoice.id)

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
            self.rows_of(self.salesman, "own_releases", "label", "date", "urgency"),
            [(label, str(hold.release_until), "soon")],
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

    def test_since_when_it_waits(self):
        """A quotation that waits since the day after its own."""
        order = self.make_quotation(45000.0)
        with freeze_time("2026-10-02 12:00:00"):
            self.ask_release(order)
        with freeze_time("2026-10-03 12:00:00"):
            for user, key in ((self.controller, "holds"), (self.salesman, "own_holds")):
                self.assertEqual(
                    self.rows_of(user, key, "date", "is_since"), [("2026-10-02", True)]
                )

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
