"""The bridge's manifest, its files on disk and what Odoo's test loader sees agree."""

from odoo.modules.module import Manifest
from odoo.tests import BaseCase

from odoo.addons.export_credit_insurance.tests.manifest import ManifestChecks


class TestManifest(ManifestChecks, BaseCase):
    addon = "export_credit_insurance_stock"

    def test_installs_itself_with_both(self):
        self.assertEqual(
            self.manifest["depends"], ["export_credit_insurance", "sale_stock"]
        )
        self.assertTrue(self.manifest["auto_install"])

    def test_is_shipped_with_the_main_add_on(self):
        """One wheel holds both: they have one version."""
        main = Manifest.for_addon("export_credit_insurance")
        self.assertEqual(self.manifest["version"], main["version"])
