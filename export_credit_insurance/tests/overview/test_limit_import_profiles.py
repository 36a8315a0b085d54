from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .limit_import_common import ADDON, LimitImportCommon

COFANET = (
    "EASY Number;Partner Name;Country;Legal Id Type;Legal Id Value;Product;"
    "Requested Amount;Request Date;Granted Limit;Granted Limit Currency;"
    "Decision Status;Decision Reason;Effective Date;File Date"
)
GENERIC = (
    "Policy;Buyer Number;Name;Country;Product;Limit;Currency;Status;Comment;"
    "Decision Date;From;Until"
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImportProfiles(LimitImportCommon):
    """The formats that are delivered besides the canonical one (DOMAIN 6.2)."""

    def read_with(self, profile, content):
        """Check a file with a format that is delivered, and apply it."""
        run = self.make_import(
            content=content, profile_id=self.env.ref(f"{ADDON}.{profile}").id
        )
        run.action_check()
        self.assertFalse(run.error_text)
        self.assertFalse(run.blocking_count, run.line_ids.mapped("message"))
        run.action_apply()
        return run

    def test_cofanet(self):
        """As a French workstation writes it: cp1252, commas, spaces, day before month;
        its words of decisions and products become RECECO's and ours."""
        self.policy.insurer_id = self.env.ref(
            f"{ADDON}.credit_insurance_insurer_coface"
        )
        old = self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="12345678")
        beta = self.make_buyer("BÉTA", vat="FR23334175221")
        beta.country_id = self.env.ref("base.fr")
        gamma = self.make_buyer("GAMMA", company_registry="REG-77")
        rows = (
            COFANET,
            "12345678;ALFA;BR;;;Agrément;150 000,00;01/09/2026;120 000,50;EUR;"
            "Accord partiel;Endettement élevé;15/09/2026;30/09/2026",
            "22222222;BÉTA;FR;VAT;FR23334175221;Accord Express;20 000;02/09/2026;"
            "20 000;EUR;Accordé;;16/09/2026;30/09/2026",
            f"33333333;GAMMA;{gamma.country_id.code};;REG-77;Agrément;5 000;03/09/2026;"
            "0;EUR;Refusé;Bilan indisponible;17/09/2026;30/09/2026",
        )
        run = self.read_with(
            "credit_insurance_limit_profile_cofanet", "\n".join(rows).encode("cp1252")
        )
        self.assertEqual(run.file_date, date(2026, 9, 30))
        self.assertEqual(self.outcomes(run), ["raised", "new", "refused"])
        found = self.Limit.search([("id", "!=", old.id)], order="id")
        self.assertRecordValues(
            found,
            [
                {
                    "partner_id": self.alfa.id,
                    "kind": "named",
                    "state": "partial",
                    "requested_amount": 150000.0,
                    "amount": 120000.5,
                    "date_from": date(2026, 9, 15),
                    "insurer_buyer_ref": "12345678",
                    "source": "import",
                },
                {
                    "partner_id": beta.id,
                    "kind": "express",
                    "state": "approved",
                    "requested_amount": 20000.0,
                    "amount": 20000.0,
                    "date_from": date(2026, 9, 16),
                    "insurer_buyer_ref": "22222222",
                    "source": "import",
                },
                {
                    "partner_id": gamma.id,
                    "kind": "named",
                    "state": "refused",
                    "requested_amount": 5000.0,
                    "amount": 0.0,
                    "date_from": date(2026, 9, 17),
                    "insurer_buyer_ref": "33333333",
                    "source": "import",
                },
            ],
        )

    def test_a_format_of_ones_own(self):
        """Names on the third line, tabs, UTF-16, 20.09.2026, 1.250,5 thousands.

        1 250.5 × 1 000 = 1 250 500; "In" is the insurer's word for approved.
        """
        self.alfa.ref = "A"
        columns = {
            "Kunde": "own_ref",
            "Zusage TEUR": "amount",
            "Waehrung": "currency",
            "Status": "decision",
            "Vom": "decision_date",
        }
        profile = self.profile.create(
            {
                "name": "Our broker's list",
                "encoding": "utf-16",
                "delimiter": "tab",
                "header_row": 3,
                "date_format": "dmy_point",
                "decimal_mark": "comma",
                "thousands_mark": "point",
                "multiplier": 1000,
                "column_ids": [
                    Command.create({"name": name, "field": field})
                    for name, field in columns.items()
                ],
                "word_ids": [Command.create({"word": "In", "meaning": "decision.2"})],
            }
        )
        rows = (
            ["Our broker"],
            ["Limits of the week"],
            list(columns),
            ["A", "1.250,5", "EUR", "in", "20.09.2026"],
        )
        run = self.make_import(
            content="\n".join("\t".join(row) for row in rows).encode("utf-16"),
            profile_id=profile.id,
        )
        run.action_check()
        self.assertRecordValues(
            run.line_ids,
            [
                {
                    "row_number": 4,
                    "outcome": "new",
                    "partner_id": self.alfa.id,
                    "amount": 1250500.0,
                    "decision": "2",
                    "decision_date": date(2026, 9, 20),
                }
            ],
        )

    def test_generic_says_that_it_has_no_source(self):
        profile = self.env.ref(f"{ADDON}.credit_insurance_limit_profile_generic")
        self.assertTrue(profile.is_unsourced)
        self.assertIn("No source", profile.note)
        self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="A-1")
        run = self.read_with(
            "credit_insurance_limit_profile_generic",
            "\n".join(
                (
                    GENERIC,
                    "POL-26;A-1;ALFA;BR;temporary;30000;EUR;active;For the fair;"
                    "2026-09-20;2026-09-21;2026-12-31",
                )
            ).encode(),
        )
        self.assertRecordValues(
            self.Limit.browse(run.line_ids.limit_id.ids),
            [
                {
                    "kind": "temporary",
                    "state": "approved",
                    "amount": 30000.0,
                    "date_from": date(2026, 9, 21),
                    "date_to": date(2026, 12, 31),
                }
            ],
        )
