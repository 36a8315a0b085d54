import dataclasses

from odoo import Command, fields
from odoo.tests import freeze_time

from ..common import CreditInsuranceCommon


@freeze_time("2026-10-01 12:00:00")
class PositionCommon(CreditInsuranceCommon):
    """What the tests of exposure and cover share."""

    @classmethod
    def set_rate(cls, currency, rate, day="2026-01-01", company=None):
        """Units of a currency for one euro, from a day on."""
        Rate = cls.env["res.currency.rate"]
        company = company or cls.company
        Rate.search([("currency_id", "=", currency.id), ("name", "=", day)]).unlink()
        Rate.create(
            {
                "currency_id": currency.id,
                "company_id": company.id,
                "name": day,
                "rate": rate,
            }
        )

    @classmethod
    def clear_rates(cls):
        cls.env["res.currency.rate"].search([]).unlink()

    @classmethod
    def make_tax(cls, percentage=20.0):
        return cls.env["account.tax"].create(
            {
                "name": f"VAT {percentage}",
                "amount": percentage,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
            }
        )

    @classmethod
    def make_delivered_product(cls, **values):
        """A product billed on delivery."""
        return cls.env["product.product"].create(
            {
                "name": "Pumps",
                "type": "consu",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "invoice_policy": "delivery",
                **values,
            }
        )

    @classmethod
    def invoice_order(cls, order, post=True, day="2026-09-20"):
        invoice = order._create_invoices()
        invoice.write({"invoice_date": day, "invoice_date_due": "2026-12-01"})
        if post:
            invoice.action_post()
        return invoice

    def rows(self, partner, day=None):
        """The cover of one buyer, {invoice or order id: row}, amounts as floats."""
        found = {}
        for row in self.get_cover(partner, day):
            key = row["move_id"] or ("order", row["order_id"])
            found[key] = row
        return found

    def assertCover(self, row, **expected):
        """Compare columns of a row of the allocation with amounts."""
        for name, value in expected.items():
            actual = row[name]
            if isinstance(value, float):
                actual = float(actual or 0)
            self.assertEqual(actual, value, name)

    def assertExposure(self, partner, day=None, **expected):
        """Compare components; every component not named is 0."""
        position = self.get_position(partner, day)
        names = (
            "receivable",
            "unallocated",
            "draft",
            "delivered",
            "ordered",
            "deferred",
        )
        found = {name: getattr(position, name) for name in names}
        wanted = {name: expected.get(name, 0.0) for name in names}
        self.assertEqual(found, wanted)
        total = sum(wanted.values()) - wanted["deferred"]
        self.assertAlmostEqual(position.exposure, expected.get("exposure", total), 2)
        alone = self.position._get_exposure(
            partner, self.company, self.today if day is None else day
        )[partner]
        if alone:
            self.assertEqual(float(alone["exposure"]), position.exposure)
        return position

    def get_position(self, partner, day=None, orders=None, policy=None, leaving=None):
        """The position of one buyer; the two ways to it must agree."""
        day = fields.Date.to_date(day) or self.today
        found = super().get_position(
            partner, day, orders=orders, policy=policy, leaving=leaving
        )
        if not policy:
            full = self.position._get_full_rows(
                partner, self.company, day, orders, leaving=leaving
            )
            self.assertSamePosition(
                found,
                self.position._make_position(
                    partner, self.company, day, full[partner.id]
                ),
            )
        return found

    def assertSamePosition(self, found, full):
        for field in dataclasses.fields(found):
            value, expected = getattr(found, field.name), getattr(full, field.name)
            if field.name == "order_amounts":
                self.assertEqual(value.keys(), expected.keys())
                for order_id, amount in value.items():
                    self.assertSamePosition(amount, expected[order_id])
            elif isinstance(value, float):
                self.assertAlmostEqual(value, expected, 2, field.name)
            else:
                self.assertEqual(value or None, expected or None, field.name)
