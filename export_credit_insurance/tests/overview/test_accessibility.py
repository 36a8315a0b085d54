import importlib.util
import json
import os
import unittest
from datetime import timedelta
from pathlib import Path

from odoo.tests import new_test_user, tagged

from .dashboard_browser import DashboardBrowserCommon

#: The findings of axe-core that make a screen unusable for somebody.
GRAVE = ("serious", "critical")

CHECK = """
;(async () => {
    for (const selector of %(clicks)s) {
        document.querySelector(selector).click();
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const inside = %(inside)s;
    const awaited = inside.include ? inside.include[0][0] : inside;
    for (let times = 0; times < 100 && !document.querySelector(awaited); times++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const found = await axe.run(inside, { resultTypes: ["violations"] });
    const grave = found.violations.filter(({ impact }) => %(grave)s.includes(impact));
    if (!found.passes.length) {
        console.error("axe-core found nothing to look at");
    } else if (grave.length) {
        const lines = grave.flatMap(({ id, help, nodes }) =>
            nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 200)}`
                + ` ${node.failureSummary.slice(0, 300)}`)
        );
        console.error(lines.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


@tagged("post_install", "-at_install")
class TestAccessibility(DashboardBrowserCommon):
    """No serious finding of axe-core on our screens: names, roles, contrast, order.

    What Odoo draws around them (menu, control panel) is Odoo's: axe-core looks at what
    lies inside the given elements.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = importlib.util.find_spec("axe_core_python")
        if not found and os.environ.get("CI"):
            raise AssertionError("axe-core is not installed where all tests must run")
        if not found:
            raise unittest.SkipTest("axe-core is not installed")
        cls.axe = Path(found.origin).with_name("axe.min.js").read_text()

    def assertAccessible(self, path, inside, clicks=(), ready=None, user=None):
        check = CHECK % {
            "inside": json.dumps(inside),
            "clicks": json.dumps(clicks),
            "grave": json.dumps(GRAVE),
        }
        self.browser_js(
            path,
            self.axe + check,
            f"document.querySelector({json.dumps(ready or inside)}) !== null",
            login=(user or self.director).login,
            timeout=120,
        )

    def make_seller(self):
        return new_test_user(
            self.env,
            "tour-seller",
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )

    def make_blocked(self, seller):
        """A quotation of 45 000 for ALFA, which is beyond its limit already."""
        self.policy.write({"observation": False})
        return self.make_order(self.alfa, 45000.0, confirm=False, user_id=seller.id)

    def test_dashboard(self):
        self.assertAccessible("/odoo/credit-dashboard", ".o_credit_page")

    def test_dashboard_as_tables(self):
        """The map and the months as tables, all steps of the set-up."""
        tables = [
            ".o_credit_panel_map .o_credit_all",
            ".o_credit_setup_head .o_credit_all",
        ]
        self.assertAccessible("/odoo/credit-dashboard", ".o_credit_page", tables)

    def test_dashboard_uncovered(self):
        self.assertAccessible(
            "/odoo/credit-dashboard", ".o_credit_page", [".o_credit_by_uncovered"]
        )

    def test_dashboard_empty(self):
        """Only the steps of the set-up, for a company without anything."""
        other = self.env["res.company"].create({"name": "Empty"})
        self.director.write({"company_ids": other.ids, "company_id": other.id})
        self.assertAccessible("/odoo/credit-dashboard", ".o_credit_page")

    def test_my_day(self):
        """An order to decide with its buttons, and an activity that is late."""
        seller = self.make_seller()
        order = self.make_blocked(seller)
        order.with_user(seller).action_request_credit_release(reason="Paid on Friday.")
        self.alfa.activity_schedule(
            "export_credit_insurance.mail_activity_type_claim",
            user_id=self.director.id,
            date_deadline=self.today - timedelta(days=3),
            summary="Ask for the papers",
        )
        self.assertAccessible(
            "/odoo/credit-my-day",
            ".o_credit_day_page",
            ready=".o_credit_day_holds .o_credit_day_buttons button",
        )

    def test_my_day_empty(self):
        """A reader without anything to do: each section says so."""
        other = self.env["res.company"].create({"name": "Empty"})
        self.director.write({"company_ids": other.ids, "company_id": other.id})
        self.assertAccessible(
            "/odoo/credit-my-day",
            ".o_credit_day_page",
            ready=".o_credit_day_page:not(:has(.o_credit_day_rows))",
        )

    def test_exposure_bar(self):
        """The split of a buyer's exposure on its form."""
        self.assertAccessible(
            f"/odoo/credit-buyers/{self.alfa.id}",
            ".o_credit_bar",
            [".nav-link[name=credit_insurance]"],
            ready=".nav-link[name=credit_insurance]",
        )

    def test_deadlines(self):
        """The insurer's clock on an invoice."""
        invoice = self.env["account.move"].search([("partner_id", "=", self.alfa.id)])
        tab = "a[name=credit_insurance]"
        self.assertAccessible(
            f"/odoo/customer-invoices/{invoice.id}",
            ".o_credit_deadlines",
            [tab],
            ready=tab,
        )

    def test_quotation(self):
        """The banner of a quotation beyond the credit, and its gauge."""
        seller = self.make_seller()
        order = self.make_blocked(seller)
        for inside in ("div[name=credit_blocked]", ".o_credit_gauge"):
            with self.subTest(inside=inside):
                self.assertAccessible(f"/odoo/sales/{order.id}", inside, user=seller)

    def test_explanation(self):
        """What a buyer's exposure is made of: the dialogue's first part."""
        self.assertAccessible(
            f"/odoo/credit-buyers/{self.alfa.id}",
            ".modal-body .o_credit_component",
            ["button.o_credit_explain"],
            ready="button.o_credit_explain",
        )

    def test_setup(self):
        """The dialogue of the first set-up, without Odoo's own widgets."""
        form = ".modal-body .o_form_view"
        self.assertAccessible(
            "/odoo/action-export_credit_insurance.credit_insurance_onboarding_action",
            {"include": [[form]], "exclude": [[".o_statusbar_status"], [".o_tag"]]},
            ready=form,
        )
