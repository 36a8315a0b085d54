"""What tests find ready in their databases: DATABASE CONFIGURATION, for `make test`.

Runs inside the virtual environment, once for all databases that are copied from this
one. Each class could make it for itself, and does so where it is not there.
"""

import sys

from .lifecycle_probe import start


def prepare(env):
    """A company with its chart of accounts, and what browsers load.

    The second is what Odoo's own runner does before it starts tests with browsers.
    """
    from odoo.addons.export_credit_insurance.tests import ready_company

    ready_company.make_ready_company(env)
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()


if __name__ == "__main__":
    prepare(start(*sys.argv[1:]))
