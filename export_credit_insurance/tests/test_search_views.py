"""Every filter and grouping that a search view offers can be used."""

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

ADDON = "export_credit_insurance"


@tagged("post_install", "-at_install")
class TestSearchViews(TransactionCase):
    def filters(self):
        """Yield (model, name, attributes) of the filters of all our search views."""
        known = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(known.mapped("res_id"))
        ours = views.filtered(
            lambda view: view.type == "search" and view.model.startswith("credit.")
        )
        for view in ours:
            model = self.env[view.model]
            found = model.get_view(view.id, "search")
            for node in etree.fromstring(found["arch"]).iter("filter"):
                yield model, node.get("name"), node.attrib

    def test_filters_find(self):
        count = 0
        for model, name, attributes in self.filters():
            if domain := attributes.get("domain"):
                with self.subTest(model=model._name, filter=name):
                    model.search_count(safe_eval(domain, {"uid": self.env.uid}))
                    count += 1
        self.assertGreater(count, 100)  # else none was looked at

    def test_groupings_group(self):
        count = 0
        for model, name, attributes in self.filters():
            context = safe_eval(attributes.get("context") or "{}", {})
            if grouping := context.get("group_by"):
                with self.subTest(model=model._name, filter=name):
                    field = grouping.split(":")[0]
                    known = model.fields_get([field], ["groupable"])
                    self.assertTrue(known[field]["groupable"])
                    model.formatted_read_group([], [grouping], ["__count"])
                    count += 1
        self.assertGreater(count, 80)
