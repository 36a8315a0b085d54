from odoo.tests import tagged

from .dashboard_browser import DashboardBrowserCommon


@tagged("post_install", "-at_install")
class TestDashboardTour(DashboardBrowserCommon):
    def test_director(self):
        """From the app's menu to the buyers behind figures and countries."""
        self.start_tour("/odoo", "credit_dashboard_tour", login=self.director.login)
