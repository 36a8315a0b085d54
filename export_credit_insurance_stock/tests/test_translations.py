"""The texts of the bridge and their translations."""

from odoo.tests import TransactionCase

from odoo.addons.export_credit_insurance.tests.texts import TextChecks


class TestTexts(TextChecks, TransactionCase):
    addon = "export_credit_insurance_stock"
