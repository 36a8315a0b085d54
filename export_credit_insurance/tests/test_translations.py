"""The texts of the add-on and their translations."""

from odoo.tests import TransactionCase

from .texts import TextChecks


class TestTexts(TextChecks, TransactionCase):
    addon = "export_credit_insurance"
