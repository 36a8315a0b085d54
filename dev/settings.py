"""Where things are, and which versions of the world outside are used."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "export_credit_insurance"
# Installs itself where both the add-on and sale_stock are.
BRIDGE = "export_credit_insurance_stock"
SHIPPED = (ADDON, BRIDGE)
# Tests of what other modules do to orders; never shipped.
DOORS_ADDON = "export_credit_insurance_doors"
# What docs/developer.md shows, so that it runs; never shipped.
EXAMPLE_ADDON = "export_credit_insurance_example"
NEVER_SHIPPED = (DOORS_ADDON, EXAMPLE_ADDON)
TEST_ADDONS = ROOT / "dev/addons"
REQUIREMENTS = ROOT / "dev/requirements"

# Everything that is fetched, built or run lives in this one git-ignored folder.
DEV_DIR = Path(os.environ.get("DEV_DIR") or ROOT / ".dev").absolute()

# Nothing optional may be missing: a skipped browser test is a failure.
STRICT = any(
    os.environ.get(name, "").lower() in ("1", "true", "yes")
    for name in ("DEV_STRICT", "CI")
)

# Odoo 19 Community: Debian's package of it, by name, from the suite that has it.
# The suite keeps only its newest version, so a pin may vanish (see odoo_source).
ODOO_SERIES = "19"
ODOO_PACKAGE = "odoo-19"
ODOO_SUITE = "sid"
ODOO_VERSION = "19.0.0+dfsg-1"
ODOO_SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"

# What its static files link to. From the machine's own release: newer suites carry
# Font Awesome 7, Odoo draws with 4.7.
ODOO_COMPANIONS = ("libjs-jquery", "fonts-font-awesome", "fonts-roboto-unhinted")

# Named by a manifest but left out of Debian's package: one such file puts an error
# on the browser's console and fails every tour.
ODOO_STUBS = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)

# Installed beside the add-on's own dependencies, in every database: the Sales app's
# menu comes with it.
COMPANION_MODULES = ("sale_management",)
LANGUAGES = ("en_US", "fr_FR")
# The others have the texts that customers read, and no empty entries.
COMPLETE_LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")

DEFAULT_PORT = 8069
PYTHON_MIN, PYTHON_MAX = (3, 10), (3, 13)
