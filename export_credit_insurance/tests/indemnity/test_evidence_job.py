import io
import zipfile

from odoo.tests import tagged

from ...models.indemnity import credit_insurance_evidence_job
from .test_evidence_pack import PackCommon

CRON = "export_credit_insurance.ir_cron_make_evidence_packs"


@tagged("post_install", "-at_install")
class TestEvidenceJob(PackCommon):
    """A pack with much to print is made by a job, and its user is told.

    One document is printed at once here: the order's and that of a second invoice,
    which was never sent, are two.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_invoice(cls.alfa, 500.0, day="2026-07-02")
        cls.moves = (cls.invoice + cls.second).with_user(cls.controller)
        cls.moves = cls.moves.with_company(cls.company)

    def setUp(self):
        super().setUp()
        self.patch(credit_insurance_evidence_job, "PRINTED_AT_ONCE", 1)
        self.patch(credit_insurance_evidence_job, "STEP", 1)

    def ask(self, claim=None):
        action = (
            claim.action_make_evidence_pack()
            if claim
            else self.moves.action_credit_evidence_pack()
        )
        return self.env["credit.insurance.evidence.job"].browse(action["res_id"])

    def work(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def told(self):
        """The latest message to the controller."""
        messages = self.env["mail.message"].sudo()  # it is the controller's alone
        return messages.search(
            [("partner_ids", "in", self.controller.partner_id.ids)],
            order="id desc",
            limit=1,
        )

    def test_made_by_the_job(self):
        job = self.ask()
        self.assertRecordValues(
            job,
            [
                {
                    "state": "queued",
                    "partner_id": self.alfa.id,
                    "user_id": self.controller.id,
                    "claim_id": False,
                    "total": 2,
                    "progress": 0.0,
                    "attachment_id": False,
                }
            ],
        )
        self.work()
        self.assertRecordValues(job, [{"state": "done", "progress": 100.0}])
        # statement, two invoices and an order were told of, one after the other
        self.assertGreaterEqual(job.done, 4)
        content = job.attachment_id.with_user(self.controller).raw
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        self.assertEqual(len([n for n in names if n.startswith("2 Invoices/")]), 2)
        self.assertIn(f"/web/content/{job.attachment_id.id}", self.told().body)

    def test_asked_twice_it_is_made_once(self):
        self.assertEqual(self.ask(), self.ask())
        self.work()
        self.assertEqual(
            self.env["credit.insurance.evidence.job"].search_count(
                [("user_id", "=", self.controller.id)]
            ),
            1,
        )

    def test_of_a_claim_it_is_kept_with_it(self):
        claim = self.env["credit.insurance.claim"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
            }
        )
        self.env["credit.insurance.claim.line"].sudo().create(
            [
                {"claim_id": claim.id, "move_line_id": line.id}
                for line in self.moves.sudo().line_ids.filtered("date_maturity")
            ]
        )
        job = self.ask(claim.with_user(self.controller))
        self.assertEqual(job.claim_id, claim)
        self.work()
        self.assertEqual(job.state, "done", job.error_text)
        self.assertEqual(job.attachment_id.res_model, "credit.insurance.claim")
        self.assertEqual(job.attachment_id.res_id, claim.id)
        self.assertIn("Evidence pack made", claim.message_ids[0].body)

    def test_what_cannot_be_made_is_told(self):
        """An invoice was taken back meanwhile."""
        job = self.ask()
        self.second.button_draft()
        self.work()
        self.assertEqual(job.state, "failed")
        self.assertIn("posted customer invoices", job.error_text)
        self.assertIn("posted customer invoices", self.told().body)
        self.assertFalse(job.attachment_id)

    def ask_for_others(self):
        """A second job, of two other invoices."""
        moves = self.make_invoice(self.alfa, 600.0, day="2026-07-03")
        moves += self.make_invoice(self.alfa, 700.0, day="2026-07-04")
        moves = moves.with_user(self.controller).with_company(self.company)
        action = moves.action_credit_evidence_pack()
        return self.env["credit.insurance.evidence.job"].browse(action["res_id"])

    def break_layout(self, move):
        """Have the layout of invoices divide by zero for one of them."""
        self.env["ir.ui.view"].create(
            {
                "name": "Broken",
                "type": "qweb",
                "mode": "extension",
                "inherit_id": self.env.ref("account.report_invoice_document").id,
                "arch": f"""
                    <xpath expr="//t[@t-call]" position="before">
                        <t t-if="o.id == {move.id}" t-out="1 / 0"/>
                    </xpath>""",
            }
        )

    def test_a_broken_layout_keeps_no_other_waiting(self):
        job, behind = self.ask(), self.ask_for_others()
        self.break_layout(self.second)
        with self.assertLogs(credit_insurance_evidence_job.__name__, "ERROR"):
            self.work()
        self.assertEqual((job.state, job.tries), ("failed", 1))
        self.assertIn("division by zero", job.error_text)
        self.assertFalse(job.attachment_id)
        self.assertEqual(behind.state, "done", behind.error_text)
        told = self.env["mail.message"].sudo()  # it is the controller's alone
        told = told.search([("partner_ids", "in", self.controller.partner_id.ids)])
        self.assertEqual(
            told.sorted("id").mapped("subject")[-2:],
            ["The evidence pack was not made", "The evidence pack is ready"],
        )

    def test_what_was_begun_in_vain_comes_last(self):
        """Killed once it is made after the other; killed three times no more."""
        job, behind = self.ask(), self.ask_for_others()
        job.sudo().tries = 1
        self.work()
        self.assertEqual([job.state, behind.state], ["done", "done"])
        self.assertLess(behind.attachment_id.id, job.attachment_id.id)

    def test_it_is_given_up(self):
        job = self.ask()
        job.sudo().tries = 3
        self.work()
        self.assertRecordValues(job, [{"state": "failed", "tries": 3, "done": 0}])
        self.assertIn("3 times", job.error_text)
        self.assertIn("3 times", self.told().body)

    def test_little_is_not_left_to_the_job(self):
        self.patch(credit_insurance_evidence_job, "PRINTED_AT_ONCE", 2)
        action = self.moves.action_credit_evidence_pack()
        self.assertEqual(action["type"], "ir.actions.act_url")
