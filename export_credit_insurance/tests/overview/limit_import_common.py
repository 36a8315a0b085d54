import base64

from odoo.tests import freeze_time

from ..decision.common import DecisionCommon

ADDON = "export_credit_insurance"
CRON = f"{ADDON}.ir_cron_import_limits"
HEADER = (
    "insurer_code;policy_no;insurer_buyer_id;our_ref;name;country_iso2;id_value;"
    "product;request_type;granted_amount;currency;decision;reason_text;conditions;"
    "decision_date;effective_date;expiry_date"
)


@freeze_time("2026-10-01")
class LimitImportCommon(DecisionCommon):
    """Files in the canonical layout (DOMAIN 6.3) for POL-26, on 1 October 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Import = cls.env["credit.insurance.limit.import"]
        cls.Limit = cls.env["credit.insurance.limit"]
        cls.profile = cls.env.ref(f"{ADDON}.credit_insurance_limit_profile_canonical")

    @classmethod
    def row(cls, **values):
        """One row of the canonical file; 50 000 granted to ALFA by its number."""
        values = {
            "policy_no": "POL-26",
            "insurer_buyer_id": "A-1",
            "name": "ALFA",
            "granted_amount": "50000",
            "currency": "EUR",
            "decision": "approved",
            "decision_date": "2026-09-20",
            **values,
        }
        return ";".join(str(values.get(name, "")) for name in HEADER.split(";"))

    @classmethod
    def make_import(cls, *rows, content=None, user=None, **values):
        if content is None:
            content = "\n".join([HEADER, *rows]).encode()
        return (
            cls.Import.with_user(user or cls.env.user)
            .with_company(cls.company)
            .create(
                {
                    "profile_id": cls.profile.id,
                    "file": base64.b64encode(content),
                    "file_name": "limits.csv",
                    "file_date": "2026-10-01",
                    "policy_id": cls.policy.id,
                    **values,
                }
            )
        )

    def check(self, *rows, **values):
        """Check a file; a large one is left to the job, which runs here."""
        run = self.make_import(*rows, **values)
        run.action_check()
        if run.is_checking:
            self.run_job()
        return run

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()

    def outcomes(self, run):
        return run.line_ids.mapped("outcome")

    def lines_of(self, partner):
        return self.Limit.search([("partner_id", "=", partner.id)], order="id")

    def day(self, text):
        return self.Limit._fields["date_to"].to_date(text)
