import base64
from datetime import timedelta
from email.message import EmailMessage

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from ..http_common import HttpCommon
from .limit_import_common import HEADER, LimitImportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImportMail(LimitImportCommon):
    """A file that comes by mail waits, checked, or is applied where so decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].search([]).unlink()
        domain = cls.env["mail.alias.domain"].create({"name": "exporter.example"})
        cls.env["res.company"].search([]).alias_domain_id = domain
        cls.alfa.ref = "A"
        cls.profile.write(
            {
                "alias_name": "limits",
                "allowed_senders": "Limits <limits@insurer.example>, b@broker.example",
                "policy_id": cls.policy.id,
                "company_id": cls.company.id,
                "user_id": cls.controller.id,
            }
        )

    def send(self, *contents, sender="limits@insurer.example", name="week.csv"):
        """Take in a mail and run the job; return the imports that it made."""
        before = self.Import.search([])
        message = EmailMessage()
        message["From"], message["To"] = sender, "limits@exporter.example"
        message["Subject"] = "Limits of the week"
        message["Message-Id"] = f"<{len(before)}.{len(contents)}@insurer.example>"
        message.set_content("Please find attached.")
        for content in contents:
            message.add_attachment(
                content.encode(), maintype="text", subtype="csv", filename=name
            )
        self.env["mail.thread"].message_process(False, message.as_bytes())
        self.run_job()
        return self.Import.search([]) - before

    def test_file_waits_checked(self):
        run = self.send("\n".join([HEADER, self.row(our_ref="A")]))
        self.assertRecordValues(
            run,
            [
                {
                    "state": "checked",
                    "is_mailed": True,
                    "file_name": "week.csv",
                    "policy_id": self.policy.id,
                    "new_count": 1,
                }
            ],
        )
        self.assertFalse(self.Limit.search([]))
        self.assertEqual(run.activity_ids.user_id, self.controller)
        run.with_user(self.controller).action_apply()
        self.assertEqual(self.Limit.search([]).amount, 50000.0)

    def test_applied_by_itself_where_so_decided(self):
        self.profile.apply_automatically = True
        run = self.send("\n".join([HEADER, self.row(our_ref="A")]))
        self.assertEqual(run.state, "applied")
        self.assertEqual(self.Limit.search([]).amount, 50000.0)

    def test_errors_wait_for_a_person(self):
        self.profile.apply_automatically = True
        run = self.send("\n".join([HEADER, self.row(our_ref="A"), self.row()]))
        self.assertEqual((run.state, run.unknown_count), ("checked", 1))
        self.assertFalse(self.Limit.search([]))

    def test_unknown_sender(self):
        content = "\n".join([HEADER, self.row(our_ref="A")])
        self.assertFalse(self.send(content, sender="mallory@example.com"))

    def test_two_files_and_none(self):
        content = "\n".join([HEADER, self.row(our_ref="A")])
        self.assertEqual(len(self.send(content, content)), 2)
        empty = self.send(content, name="signature.png")
        self.assertIn("CSV", empty.error_text)

    def test_applying_alone_needs_known_senders(self):
        with self.assertRaises(ValidationError):
            self.profile.write({"allowed_senders": False, "apply_automatically": True})


@tagged("post_install", "-at_install")
class TestLimitImportHttp(HttpCommon):
    """The documented calls of JSON-2 (docs/limit-import.md), over real HTTP."""

    name = "Imports"

    def test_create_check_apply(self):
        user = self.make_user(
            "imports-script", "export_credit_insurance.group_credit_controller"
        )
        key = self.make_key(user)
        self.buyer.ref = "HTTP-1"
        day = self.today - timedelta(days=1)
        row = (
            f"{self.policy.number};;HTTP-1;;;;;;160000;{self.policy.currency_id.name};"
            f"approved;;;{day};;"
        )
        header = HEADER.removeprefix("insurer_code;")
        content = "\n".join([header, row]).encode()
        profile = "export_credit_insurance.credit_insurance_limit_profile_canonical"
        status, ids = self.json2(
            key,
            "credit.insurance.limit.import",
            "create",
            vals_list=[
                {
                    "profile_id": self.env.ref(profile).id,
                    "policy_id": self.policy.id,
                    "file": base64.b64encode(content).decode(),
                    "file_name": "limits.csv",
                    "file_date": str(self.today),
                }
            ],
        )
        self.assertEqual(status, 200, ids)
        for method in ("action_check", "action_apply"):
            status, answer = self.json2(
                key, "credit.insurance.limit.import", method, ids
            )
            self.assertEqual((status, answer), (200, True))
        status, (told,) = self.json2(
            key,
            "credit.insurance.limit.import",
            "read",
            ids,
            fields=["state", "raised_count"],
        )
        # 130 000 before
        self.assertEqual((told["state"], told["raised_count"]), ("applied", 1))
        limits = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.buyer.id)], order="id"
        )
        self.assertEqual(limits.mapped("amount"), [130000.0, 160000.0])
        status, answer = self.json2(
            key, "credit.insurance.limit.import", "action_apply", ids
        )
        self.assertEqual(status, 422, answer)
