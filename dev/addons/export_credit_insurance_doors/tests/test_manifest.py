"""The doors' manifest, its files on disk and what Odoo's test loader sees agree."""

from odoo.tests import BaseCase

from odoo.addons.export_credit_insurance.tests.manifest import ManifestChecks


class TestManifest(ManifestChecks, BaseCase):
    addon = "export_credit_insurance_doors"

    def test_nothing_installs_it(self):
        self.assertFalse(self.manifest["auto_install"])
        self.assertFalse(self.manifest["data"] + self.manifest["demo"])
