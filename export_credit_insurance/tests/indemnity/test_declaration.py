from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclaration(DeclarationCommon):
    """What is declared: every document before tax, included or left out and why."""

    def test_example_of_the_domain(self):
        """DOMAIN 1.12: 9 000 + 5 000 + 4 500 = 18 500; 40 × 30 = 1 200; 19 700.

        Left out 0.5 M: letter of credit 0.20, intercompany 0.25, public 0.05.
        """
        self.policy.write(
            {
                "declaration_period": "year",
                "fee_ids": [Command.create({"kind": "decision", "amount": 30.0})],
            }
        )
        for number in range(40):
            self.make_limit(self.make_buyer(f"Limit {number}"), 1000.0)
        self.make_invoice(self.domestic, 6000000.0)
        self.make_invoice(self.german, 2500000.0)
        self.make_invoice(self.alfa, 1000000.0)
        secured = self.make_buyer("SECURED")
        self.make_letter_of_credit(secured, 200000.0)
        self.make_invoice(secured, 200000.0)
        sister = self.make_buyer("SISTER", credit_party_kind="related")
        self.make_invoice(sister, 250000.0)
        ministry = self.make_buyer("MINISTRY", country="fr", credit_party_kind="public")
        self.make_invoice(ministry, 50000.0)
        declaration = self.make_declaration("2026-01-01", "2026-12-31")
        self.assertRecordValues(
            declaration,
            [
                {
                    "amount": 10000000.0,
                    "excluded_amount": 500000.0,
                    "base_amount": 9500000.0,
                    "premium_amount": 18500.0,
                    "premium_before": 0.0,
                    "fee_amount": 1200.0,
                    "tax_amount": 0.0,
                    "total_amount": 19700.0,
                }
            ],
        )
        groups = {group.kind: group for group in declaration.group_ids}
        self.assertEqual(
            {kind: (g.base_amount, g.premium_amount) for kind, g in groups.items()},
            {
                "domestic": (6000000.0, 9000.0),
                "eu": (2500000.0, 5000.0),
                "other": (1000000.0, 4500.0),
            },
        )
        left_out = {}
        for line in declaration.line_ids.filtered("exclusion_reason"):
            left_out[line.exclusion_reason] = line.excluded_amount
        self.assertEqual(
            left_out, {"lc": 200000.0, "related": 250000.0, "public": 50000.0}
        )
        # DOMAIN 1.11: 30 × the minimum 15 000, then 30 × 18 500
        self.assertEqual(self.year.max_liability, 450000.0)
        with freeze_time("2027-01-05 09:00:00"):
            declaration.action_declare()
        self.assertEqual(self.year.premium_amount, 18500.0)
        self.assertEqual(self.year.max_liability, 555000.0)

    def test_minimum_bonus_and_tax(self):
        """2 000 000 × 0.15 % = 3 000 < 15 000; − 10 % = 13 500; + 19 % = 16 065."""
        self.year.bonus_malus_pct = -10.0
        country = self.company.country_id.id
        self.policy.fee_ids = [
            Command.create({"kind": "tax", "rate": 19.0, "country_id": country}),
            Command.create({"kind": "tax", "rate": 5.0}),
        ]
        self.make_invoice(self.domestic, 2000000.0)
        declaration = self.make_declaration()
        self.assertEqual(declaration.premium_amount, 3000.0)
        self.assertEqual(declaration.bonus_malus_amount, -1500.0)
        self.assertEqual(declaration.tax_amount, 2565.0)
        self.assertEqual(declaration.total_amount, 16065.0)
        declaration.action_declare()
        self.assertEqual(self.year.premium_amount, 13500.0)

    def test_premium_by_hand_stays(self):
        self.year.write({"premium_by_hand": True, "premium_amount": 17000.0})
        self.make_invoice(self.domestic, 1000.0)
        self.declare()
        self.assertEqual(self.year.premium_amount, 17000.0)

    def test_monitoring_fee_per_limit(self):
        """Two buyers with a limit in the quarter, one whose limit ended before."""
        self.policy.fee_ids = [Command.create({"kind": "monitoring", "amount": 8.55})]
        self.make_limit(self.alfa, 1000.0)
        self.make_limit(self.german, 1000.0)
        self.make_limit(self.domestic, 1000.0, date_to="2026-06-30")
        self.assertEqual(self.make_declaration().fee_amount, 17.1)

    def test_monitoring_fee_as_the_use_of_limits_has_it(self):
        """Per buyer watched: a second line costs nothing more, a discretionary one
        nothing at all. 8.55 a quarter are 2.85 a month: 9 months of two buyers."""
        self.policy.fee_ids = [Command.create({"kind": "monitoring", "amount": 8.55})]
        self.policy.declaration_period = "quarter"
        self.make_limit(self.alfa, 1000.0)
        self.make_limit(self.alfa, 500.0, kind="temporary", date_to="2026-12-31")
        self.make_limit(self.german, 1000.0)
        self.make_limit(self.domestic, 100.0, kind="discretionary")
        self.assertEqual(self.make_declaration().fee_amount, 17.1)
        buyers = self.alfa + self.german + self.domestic
        rows = self.env["credit.insurance.limit.use"].search(
            [("partner_id", "in", buyers.ids)]
        )
        fees = {row.partner_id: (row.months_unused, row.fees) for row in rows}
        self.assertEqual(
            fees,
            {
                self.alfa: (9, 25.65),
                self.german: (9, 25.65),
                self.domestic: (9, 0.0),
            },
        )

    def test_tax_is_never_part(self):
        invoice = self.make_invoice(self.domestic, 1000.0, taxes=self.make_tax())
        self.assertEqual(invoice.amount_total, 1200.0)
        self.assertEqual(self.make_declaration().amount, 1000.0)

    def test_credit_notes_are_negative(self):
        """One of an invoice left out is left out with it."""
        sister = self.make_buyer("SISTER", credit_party_kind="related")
        invoice = self.make_invoice(self.alfa, 1000.0)
        inside = self.make_invoice(sister, 500.0)
        note = self.make_refund(self.alfa, 300.0, "2026-09-10", invoice)
        other = self.make_refund(sister, 200.0, "2026-09-10", inside)
        declaration = self.make_declaration()
        self.assertEqual(self.line_of(declaration, note).base_amount, -300.0)
        self.assertEqual(self.reason_of(declaration, other), ("related", -200.0))
        self.assertEqual(declaration.amount, 1000.0)
        self.assertEqual(declaration.excluded_amount, 300.0)
        self.assertEqual(declaration.base_amount, 700.0)

    def test_why_documents_are_left_out(self):
        private = self.make_buyer("JANE", is_company=False)
        off = self.make_buyer("ALGIERS", country="dz")
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": off.country_id.id, "cover_status": "off_cover"}
            )
        ]
        stopped = self.make_buyer("STOPPED")
        self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": stopped.id,
                "date_from": "2026-08-01",
                "cause": "insurer",
            }
        )
        cases = {
            "private": self.make_invoice(private, 100.0),
            "country_off": self.make_invoice(off, 100.0),
            # 1 August to 1 March: 212 days
            "terms_exceeded": self.make_invoice(
                self.alfa, 100.0, "2026-08-01", "2027-03-01"
            ),
            "shipped_after_stop": self.make_invoice(stopped, 100.0, "2026-08-01"),
            "invoiced_late": self.make_invoice(
                self.alfa, 100.0, credit_shipment_date="2026-07-31"
            ),
        }
        before_stop = self.make_invoice(stopped, 100.0, "2026-07-31")
        declaration = self.make_declaration()
        for reason, move in cases.items():
            with self.subTest(reason):
                self.assertEqual(self.reason_of(declaration, move), (reason, 100.0))
        self.assertEqual(self.reason_of(declaration, before_stop), (False, 0.0))
        self.assertEqual(declaration.base_amount, 100.0)

    def test_unnamed_turnover_is_included_until_a_limit_is_withdrawn(self):
        """Withdrawn after 15 August: that day's shipment counts, the next does not."""
        unnamed = self.make_invoice(self.alfa, 100.0)
        buyer = self.make_buyer("WITHDRAWN")
        self.make_limit(
            buyer,
            1000.0,
            state="cancelled",
            cancelled_by="insurer",
            date_to="2026-08-15",
        )
        before = self.make_invoice(buyer, 100.0, "2026-08-15")
        after = self.make_invoice(buyer, 100.0, "2026-08-16")
        declaration = self.make_declaration()
        self.assertEqual(self.reason_of(declaration, unnamed), (False, 0.0))
        self.assertFalse(self.line_of(declaration, unnamed).is_named)
        self.assertEqual(self.reason_of(declaration, before), (False, 0.0))
        self.assertTrue(self.line_of(declaration, before).is_named)
        self.assertEqual(self.reason_of(declaration, after), ("limit_withdrawn", 100.0))

    def test_two_companies_declare_each_for_itself(self):
        """3 000 and 5 000 of one policy: the premium of the year is of both."""
        other = self.setup_other_company(name="Sister")["company"]
        other.write(
            {"currency_id": self.euro.id, "country_id": self.env.ref("base.de").id}
        )
        self.policy.company_ids = [Command.link(other.id)]
        self.make_invoice(self.german, 10000000.0)
        theirs = self.make_invoice(self.german, 20000000.0, company=other)
        own = self.declare()
        self.assertEqual(own.premium_amount, 20000.0)
        # domestic to the other: 20 000 000 × 0.15 % = 30 000
        second = self.declare(company_id=other.id)
        self.assertEqual(second.line_ids.move_id, theirs)
        self.assertEqual(second.group_ids.kind, "domestic")
        self.assertEqual(second.premium_before, 20000.0)
        self.assertEqual(second.total_amount, 50000.0)
        self.assertEqual(self.year.premium_amount, 50000.0)

    def test_other_policies_serve_their_own(self):
        """A policy for Brazil before the global one: each declares what it insures."""
        self.policy.sequence = 20
        brazil = self.make_policy(
            name="BR-1",
            number="BR-1",
            kind="country",
            sequence=10,
            country_term_ids=[Command.create({"country_id": self.alfa.country_id.id})],
        )
        move = self.make_invoice(self.alfa, 100.0)
        self.make_invoice(self.german, 200.0)
        self.assertEqual(
            self.reason_of(self.make_declaration(), move), ("other_policy", 100.0)
        )
        second = self.make_declaration(policy_id=brazil.id)
        self.assertEqual(second.line_ids.move_id, move)
        self.assertEqual(second.base_amount, 100.0)

    def test_balance_at_the_end_of_the_month(self):
        """1 200 with tax, 300 paid in September, 600 in October: 900, untaxed 750."""
        invoice = self.make_invoice(
            self.domestic, 1000.0, "2026-08-10", taxes=self.make_tax()
        )
        for amount, day in ((300.0, "2026-09-20"), (600.0, "2026-10-02")):
            receipt = self.make_receipt(self.domestic, amount, day)
            (invoice | receipt).line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).reconcile()
        self.policy.write(
            {
                "declaration_basis": "balance",
                "declaration_period": "month",
                "declaration_days": 20,
            }
        )
        september = self.declare("2026-09-01")
        self.assertEqual(september.basis, "balance")
        self.assertEqual(september.amount, 750.0)
        self.assertEqual(september.deadline, date(2026, 10, 20))
        # 1 200 − 900 = 300, 250 before tax: told again, it is a balance
        with freeze_time("2026-11-05 09:00:00"):
            october = self.declare("2026-10-01", "2026-10-31")
        self.assertEqual(october.amount, 250.0)

    def test_premium_to_date(self):
        """Declared 30 000 and since then 5 000 000 × 0.20 % = 10 000.

        1 January to 5 October are 278 of 365 days: 15 000 × 278 / 365 = 11 424.66.
        """
        self.make_invoice(self.domestic, 20000000.0)
        self.declare()
        self.make_invoice(self.german, 5000000.0, "2026-10-02")
        self.env.invalidate_all()
        self.assertEqual(self.year.declared_premium, 30000.0)
        self.assertEqual(self.year.premium_to_date, 40000.0)
        self.assertEqual(self.year.provisional_to_date, 11424.66)
        # undeclared on the last day of the year as well
        with freeze_time("2026-12-31 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.year.premium_to_date, 40000.0)
            self.assertEqual(self.year.provisional_to_date, 15000.0)

    def test_queries_do_not_grow_with_the_documents(self):
        draft = self.make_declaration()
        counts = []
        for number in (1, 49):
            buyers = [self.make_buyer(f"Q{number}-{i}") for i in range(number)]
            for buyer in buyers:
                self.make_invoice(buyer, 100.0)
            self.env.flush_all()
            self.env.invalidate_all()
            draft.action_bring_up_to_date()  # what is cached once is cached
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            draft.action_bring_up_to_date()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(draft.line_ids), 50)
        self.assertEqual(counts[0], counts[1])
