from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReleaseDeciders(DecisionCommon):
    """Who may release or refuse, up to what, and what they have to say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_who_asks_cannot_grant(self):
        for user in (self.controller, self.manager):
            order = self.make_quotation(45000.0, user=user)
            hold = self.ask_release(order)
            with self.assertRaises(AccessError):
                hold.with_user(user).action_release()
            with self.assertRaises(AccessError):
                self.release(hold, user=user)
            with self.assertRaises(AccessError):
                hold.with_user(user)._refuse("no")
            self.assertEqual(hold.state, "open")

    def test_users_without_the_group_cannot_decide(self):
        hold = self.ask_release(self.make_quotation(45000.0))
        for user in (self.salesman, self.user):
            with self.assertRaises(AccessError):
                hold.with_user(user).action_release()
            with self.assertRaises(AccessError):
                hold.with_user(user)._release({})
            with self.assertRaises(AccessError):
                self.release(hold, user=user)

    def test_controller_stops_at_the_ceiling(self):
        self.company.credit_controller_ceiling = 45000.0
        hold = self.ask_release(self.make_quotation(45000.0))
        with self.assertRaisesRegex(AccessError, "ceiling"):
            self.release(hold, release_amount=45000.01)
        self.release(hold, release_amount=45000.0)
        hold = self.ask_release(self.make_quotation(46000.0))
        with self.assertRaises(AccessError):
            self.release(hold)
        self.release(hold, user=self.manager)
        self.assertEqual(hold.state, "released")

    def test_no_release_for_ever(self):
        """Signed on 1 October 2026: 30 days end on the 31st."""
        self.company.credit_release_max_days = 30
        hold = self.ask_release(self.make_quotation(45000.0))
        with self.assertRaisesRegex(ValidationError, "30 days here, until 10/31/2026"):
            self.release(hold, user=self.manager, release_until="2026-11-01")
        self.assertEqual(hold.state, "open")
        self.release(hold, release_until="2026-10-31")
        self.assertEqual(hold.state, "released")
        self.company.credit_release_max_days = 0
        later = self.ask_release(self.make_quotation(46000.0))
        self.release(later, release_until="2036-10-01")
        self.assertEqual(later.state, "released")

    def test_release_says_all_it_has_to(self):
        hold = self.ask_release(self.make_quotation(45000.0))
        for values in (
            {"release_amount": 0.0},
            {"release_amount": -1.0},
            {"release_until": "2026-09-30"},
            {"reason": " "},
            {"release_kind": "insurer_agreement"},
            {"release_kind": "insurer_agreement", "agreement_ref": "AG-1"},
            {"release_kind": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.release(hold, **values)
        document = self.make_file()
        self.release(
            hold,
            release_kind="insurer_agreement",
            agreement_ref="AG-1",
            attachment_ids=document.ids,
        )
        self.assertEqual(hold.attachment_ids, document)
        self.assertEqual(document.res_id, hold.id)

    def test_files_that_nobody_brought_prove_nothing(self):
        """Neither a picture of the website nor a colleague's file stands for it."""
        hold = self.ask_release(self.make_quotation(45000.0))
        public = self.env["ir.attachment"].create(
            {"name": "logo.png", "raw": b"png", "public": True}
        )
        own_public = self.make_file()
        own_public.sudo().public = True
        for file in (public, own_public):
            with self.assertRaises(ValidationError):
                self.release(
                    hold,
                    release_kind="insurer_agreement",
                    agreement_ref="AG-1",
                    attachment_ids=file.ids,
                )
        # beside a file of one's own it stays where it is
        self.release(
            hold,
            release_kind="insurer_agreement",
            agreement_ref="AG-1",
            attachment_ids=(public + self.make_file()).ids,
        )
        self.assertFalse(public.res_id)

    def test_decided_once(self):
        hold = self.ask_release(self.make_quotation(45000.0))
        self.release(hold)
        with self.assertRaises(UserError):
            self.release(hold, user=self.manager)
        with self.assertRaises(UserError):
            hold.with_user(self.manager)._refuse("no")

    def test_refusal_is_told(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        with self.assertRaises(ValidationError):
            hold.with_user(self.controller)._refuse("")
        self.env["credit.insurance.hold.decision"].with_user(self.controller).create(
            {"hold_id": hold.id, "decision": "refuse", "reason": "Pays late"}
        ).action_confirm()
        self.assertEqual(hold.state, "refused")
        self.assertEqual(hold.reason, "Pays late")
        self.assertEqual(order.sudo().activity_ids.user_id, self.salesman)
        self.assertEqual(order.credit_check_state, "blocked")
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_sanctions_need_another_manager_a_basis_and_a_file(self):
        self.make_event("sanctioned")
        order = self.make_quotation(100.0)
        hold = self.ask_release(order)
        self.assertEqual(hold.main_code, "country_sanctioned")
        document = self.make_file(self.manager)
        full = {"legal_basis": "Licence 12", "attachment_ids": document.ids}
        with self.assertRaises(AccessError):
            self.release(hold, user=self.controller, legal_basis="Licence 12",
                         attachment_ids=self.make_file().ids)  # fmt: skip
        empty = self.env["ir.attachment"].with_user(self.manager)
        empty = empty.create({"name": "licence.pdf", "raw": b""})
        for values in (
            {},
            {"legal_basis": "Licence 12"},
            {"attachment_ids": document.ids},
            {"legal_basis": " ", "attachment_ids": document.ids},
            {"legal_basis": "Licence 12", "attachment_ids": empty.ids},
        ):
            with self.assertRaises(ValidationError):
                self.release(hold, user=self.manager, **values)
        self.release(hold, user=self.manager, **full)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_older_release_does_not_cover_sanctions(self):
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        self.make_event("sanctioned")
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
