from odoo.exceptions import AccessError
from odoo.tests import tagged

from .samples import AccessCommon


@tagged("post_install", "-at_install")
class TestOwnDialogues(AccessCommon):
    """A dialogue is its user's alone: colleagues neither read nor finish it."""

    def test_dialogues_of_colleagues(self):
        colleague = self.users["controller"].copy({"login": "access-colleague"})
        for model in (
            "credit.insurance.limit.decision",
            "credit.insurance.rating.import",
            "credit.insurance.hold.decision",
            "credit.insurance.stress.test",
            "credit.insurance.exposure.report",
            "credit.insurance.assignment.wizard",
            "credit.insurance.claim.closing",
        ):
            dialogue = self.make_sample(model, self.users["controller"])
            with self.subTest(model=model):
                theirs = dialogue.with_user(colleague).sudo(False)
                self.assertFalse(theirs.search([]))
                with self.assertRaises(AccessError):
                    theirs.check_access("read")
                dialogue.check_access("read")
