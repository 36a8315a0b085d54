"""The manifest, the files on disk and what Odoo's test loader sees agree."""

from odoo.tests import BaseCase

from .manifest import ManifestChecks


class TestManifest(ManifestChecks, BaseCase):
    addon = "export_credit_insurance"

    def test_is_an_application(self):
        self.assertTrue(self.manifest["application"])

    def test_depends_on_sales_and_invoicing_alone(self):
        self.assertEqual(sorted(self.manifest["depends"]), ["account", "sale"])
