from odoo.tests import tagged

from odoo.addons.export_credit_insurance.tests import test_ready_company


@tagged("post_install", "-at_install")
class TestReadyCompanyDoors(test_ready_company.TestReadyCompany):
    """Among the neighbours a company has more: a warehouse, a till."""

    allow_inherited_tests_method = True
