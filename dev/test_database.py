"""What tests find ready in their databases: DATABASE CONFIGURATION, for `make test`.

Runs inside the virtual environment, once for all databases that are copied from this
one: whoever changes what is made here has it made anew, ``make test ARGS="--fresh"``.
Each class could make it for itself, and does so where it is not there.
"""

import sys
from unittest.mock import patch

from .lifecycle_probe import start


def prepare(env):
    """A company with its chart of accounts, and what a browser loads in the back end.

    Odoo's own runner makes all such bundles before it starts tests with browsers.
    """
    from odoo.addons.export_credit_insurance.tests import ready_company

    # Odoo gives a company of a test more than others have: a warehouse.
    with patch("odoo.modules.module.current_test", True):
        ready_company.make_ready_company(env)
    bundle = env["ir.qweb"]._get_asset_bundle
    for name in ("web.assets_web", "web.assets_tests"):
        bundle(name, css=False, js=True).js()
    for name in ("web.assets_web", "web.assets_web_print"):
        bundle(name, css=True, js=False).css()
    env.cr.commit()
    env.cr.close()


if __name__ == "__main__":
    prepare(start(*sys.argv[1:]))
