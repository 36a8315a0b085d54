from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .declaration_common import DeclarationCommon

GROUP = "export_credit_insurance.group_credit_"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationOverride(DeclarationCommon):
    """A reason to leave a document out is overridden, with reason and author (1.15).

    SISTER is an associated company: its 500 are left out, ALFA's 1 000 are not.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister = cls.make_buyer("SISTER", credit_party_kind="related")
        cls.make_invoice(cls.alfa, 1000.0)
        cls.inside = cls.make_invoice(cls.sister, 500.0)
        cls.controller, cls.reader = (
            new_test_user(
                cls.env,
                f"override_{name}",
                f"base.group_user,{GROUP}{name}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("controller", "user")
        )
        cls.draft = cls.make_declaration()

    def override(self, user=None, **values):
        overrides = self.env["credit.insurance.declaration.override"]
        return overrides.with_user(user or self.controller).create(
            {
                "policy_id": self.policy.id,
                "move_id": self.inside.id,
                "note": "Insurer's letter of 2 October",
                **values,
            }
        )

    def test_declared_all_the_same(self):
        """1 500 instead of 1 000; who, why and which reason stay on record."""
        self.assertEqual(self.reason_of(self.draft, self.inside), ("related", 500.0))
        self.assertEqual(self.draft.base_amount, 1000.0)
        override = self.override()
        self.assertEqual(self.draft.base_amount, 1500.0)
        line = self.line_of(self.draft, self.inside)
        self.assertRecordValues(
            line,
            [
                {
                    "base_amount": 500.0,
                    "excluded_amount": 0.0,
                    "exclusion_reason": False,
                    "override_id": override.id,
                    "override_note": "Insurer's letter of 2 October",
                    "override_author_id": self.controller.id,
                }
            ],
        )
        self.assertEqual(override.exclusion_reason, "related")
        self.assertEqual(override.date, self.company._credit_today())

    def test_it_holds_when_brought_up_to_date_and_declared(self):
        self.override()
        self.draft.action_bring_up_to_date()
        self.draft.action_declare()
        self.assertEqual(self.draft.base_amount, 1500.0)
        with self.assertRaises(UserError):  # what was declared stays
            self.override(is_declared=False)

    def test_the_last_word_counts(self):
        first = self.override()
        self.override(is_declared=False, note="Agreed by phone alone")
        self.assertEqual(self.reason_of(self.draft, self.inside), ("related", 500.0))
        with self.assertRaises(AccessError):
            first.with_user(self.controller).unlink()
        with self.assertRaises(AccessError):
            first.with_user(self.controller).note = "Never said so"

    def test_a_credit_note_follows(self):
        """It was declared with its invoice, so it lowers the turnover."""
        self.override()
        self.draft.action_declare()
        note = self.make_refund(self.sister, 200.0, "2026-10-02", self.inside)
        with freeze_time("2026-11-02 09:00:00"):
            following = self.make_declaration("2026-10-01", "2026-10-31")
        self.assertEqual(self.line_of(following, note).base_amount, -200.0)

    def test_a_credit_note_of_the_same_draft_follows(self):
        """1 000 + 500 - 200 = 1 300; without the credit note 1 500."""
        note = self.make_refund(self.sister, 200.0, "2026-09-20", self.inside)
        self.draft.action_bring_up_to_date()
        self.assertEqual(self.draft.base_amount, 1000.0)
        self.override()
        self.assertEqual(self.line_of(self.draft, note).base_amount, -200.0)
        self.assertEqual(self.draft.base_amount, 1300.0)
        self.override(move_id=note.id, is_declared=False)
        self.assertEqual(self.draft.base_amount, 1500.0)

    def test_a_credit_note_of_the_next_draft_follows(self):
        note = self.make_refund(self.sister, 200.0, "2026-10-02", self.inside)
        following = self.make_declaration("2026-10-01", "2026-10-31")
        self.assertEqual(following.base_amount, 0.0)
        self.override()
        self.assertEqual(self.line_of(following, note).base_amount, -200.0)

    def test_controllers_alone_and_in_their_own_name(self):
        with self.assertRaises(AccessError):
            self.override(user=self.reader)
        with self.assertRaises(AccessError):
            self.override(author_id=self.reader.id)

    def test_the_buttons_ask_why(self):
        line = self.line_of(self.draft, self.inside)
        action = line.with_user(self.controller).action_declare_all_the_same()
        self.assertEqual(action["context"]["default_move_id"], self.inside.id)
        self.assertTrue(action["context"]["default_is_declared"])
        overrides = self.env["credit.insurance.declaration.override"]
        overrides = overrides.with_user(self.controller)
        dialogue = Form(overrides.with_context(**action["context"]))
        # what is to be overridden is shown to who overrides it
        self.assertEqual(dialogue.partner_id, self.sister)
        self.assertEqual(dialogue.left_out_because, "related")
        self.assertFalse(
            line.action_leave_out_again()["context"]["default_is_declared"]
        )
        self.draft.action_declare()
        with self.assertRaises(UserError):
            line.action_declare_all_the_same()
