from freezegun import freeze_time

from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestLossCause(CreditInsuranceCommon):
    """Overdues propose a cause: the country's, or the buyer's own (DOMAIN 1.15)."""

    def overdue(self, buyer=None, due="2026-08-01"):
        return self.make_invoice(buyer or self.alfa, 1000.0, day="2026-06-01", due=due)

    def event(self, kind="transfer_block", date_from="2026-08-15", **values):
        return self.env["credit.insurance.country.event"].create(
            {
                "name": "Central bank stops transfers",
                "kind": kind,
                "country_ids": [(6, 0, self.env.ref("base.br").ids)],
                "date_from": date_from,
                "source": "Circular 12",
                **values,
            }
        )

    def insolvent(self, day):
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "kind": "liquidation", "judgment_date": day}
        )

    def assertCause(self, invoice, cause, words=""):
        invoice.invalidate_recordset()
        self.assertEqual(invoice.credit_loss_cause, cause)
        self.assertIn(words, invoice.credit_loss_cause_explained or "")

    def test_commercial_where_nothing_happened(self):
        self.assertCause(self.overdue(), "commercial", "No event")

    def test_each_political_kind(self):
        invoice = self.overdue()
        kinds = {
            "war": "political",
            "embargo": "political",
            "targeted_measures": "political",
            "transfer_block": "political",
            "border_closure": "political",
            "devaluation": "political",
            "moratorium": "political",
            "downgrade": "commercial",
            "other": "commercial",
        }
        self.assertEqual(
            set(kinds),
            set(
                dict(
                    self.env["credit.insurance.country.event"]._fields["kind"].selection
                )
            ),
        )
        for kind, cause in kinds.items():
            with self.subTest(kind=kind):
                event = self.event(kind, cover_status="restricted")
                self.assertCause(invoice, cause)
                event.active = False

    def test_an_event_that_was_over_before_the_due_date(self):
        self.event(date_from="2026-05-01", date_to="2026-07-31")
        self.assertCause(self.overdue(), "commercial")

    def test_an_event_that_was_in_force_on_the_due_date_alone(self):
        self.event(date_from="2026-05-01", date_to="2026-08-01")
        self.assertCause(self.overdue(), "political", "Central bank stops transfers")

    def test_an_event_in_another_country(self):
        self.event()
        gamma = self.make_buyer("GAMMA", "ar")
        self.assertCause(self.overdue(gamma), "commercial")

    def test_insolvent_before_the_event(self):
        self.event(date_from="2026-08-15")
        self.insolvent("2026-08-10")
        self.assertCause(self.overdue(), "commercial", "insolvent")

    def test_insolvent_after_the_event(self):
        self.event(date_from="2026-08-15")
        self.insolvent("2026-09-10")
        self.assertCause(self.overdue(), "political")

    def test_nothing_is_proposed_before_the_due_date(self):
        self.event()
        self.assertFalse(self.overdue(due="2026-10-01").credit_loss_cause)

    def test_the_rows_of_cover_say_the_same(self):
        self.make_limit(self.alfa, 5000.0)
        self.event()
        invoice, coming = self.overdue(), self.overdue(due="2026-12-01")
        self.env.flush_all()
        rows = self.env["credit.insurance.cover.line"].search(
            [("move_id", "in", (invoice | coming).ids)]
        )
        causes = {row.move_id: row.loss_cause for row in rows}
        self.assertEqual(causes, {invoice: "political", coming: False})

    def test_queries(self):
        """As many for fifty invoices of fifty buyers as for one of each kind."""
        event = self.event()
        countries = self.env.ref("base.br") | self.env.ref("base.ar")
        event.country_ids = countries
        invoices = self.env["account.move"]
        for number in range(50):
            code = countries[number % 2].code.lower()
            invoices |= self.overdue(self.make_buyer(f"B{number}", code))
        Partner = self.env["res.partner"]
        counts = []
        for some in (invoices[:2], invoices[:2], invoices):
            dues = {
                move: (move.commercial_partner_id, move.insured_due_date)
                for move in some
            }
            some.commercial_partner_id.mapped("country_id.name")
            self.env["credit.insurance.country.event"].invalidate_model()
            before = self.cr.sql_log_count
            causes = Partner._credit_loss_causes(dues, self.today)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual({found.cause for found in causes.values()}, {"political"})
        self.assertEqual(counts[1], counts[2])
