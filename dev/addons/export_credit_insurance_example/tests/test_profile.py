import base64

from odoo.tests import freeze_time, tagged

from odoo.addons.export_credit_insurance.tests.overview.limit_import_common import (
    LimitImportCommon,
)

FILE = (
    "Limits of 30/09/2026\n"
    "Risk No.;Your Reference;Decision;Granted (k);Currency;Decided On\n"
    "R-1;ALFA-7;Agreed in Part;1 250,5;EUR;25/09/2026\n"
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestProfile(LimitImportCommon):
    def test_reads_the_insurers_file(self):
        """1 250,5 thousand are 1 250 500."""
        self.profile = self.env.ref(
            "export_credit_insurance_example.credit_insurance_limit_profile_example"
        )
        self.alfa.ref = "ALFA-7"
        run = self.Import.create(
            {
                "profile_id": self.profile.id,
                "file": base64.b64encode(FILE.encode("cp1252")),
                "file_name": "limits.csv",
                "file_date": "2026-10-01",
                "policy_id": self.policy.id,
            }
        )
        run.action_check()
        self.assertEqual(run.line_ids.mapped("outcome"), ["new"], run.line_ids.message)
        run.action_apply()
        limit = self.Limit.search([("partner_id", "=", self.alfa.id)])
        self.assertRecordValues(
            limit,
            [
                {
                    "state": "partial",
                    "amount": 1250500.0,
                    "insurer_buyer_ref": "R-1",
                    "currency_id": self.euro.id,
                }
            ],
        )
