import ast
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

ADDONS = ("export_credit_insurance", "export_credit_insurance_stock")
WINDOW = "ir.actions.act_window"


@tagged("post_install", "-at_install")
class TestEmptyLists(TransactionCase):
    """A list with nothing in it says why, and what to do next."""

    def actions_in_code(self):
        """Yield (place, {key: node}) of the actions that methods write themselves."""
        for addon in ADDONS:
            for folder in ("models", "wizard"):
                for path in sorted(Path(get_module_path(addon), folder).rglob("*.py")):
                    for node in ast.walk(ast.parse(path.read_text())):
                        if isinstance(node, ast.Dict):
                            names = [getattr(key, "value", None) for key in node.keys]
                            parts = dict(zip(names, node.values, strict=True))
                            if getattr(parts.get("type"), "value", None) == WINDOW:
                                yield f"{addon}/{path.name}:{node.lineno}", parts

    def test_lists_that_methods_open(self):
        lists = {
            place: parts
            for place, parts in self.actions_in_code()
            if any(
                "list" in ast.unparse(parts[key])
                for key in ("views", "view_mode")
                if key in parts
            )
        }
        self.assertGreater(len(lists), 5)
        silent = [place for place, parts in lists.items() if "help" not in parts]
        self.assertFalse(silent, "lists that say nothing when they are empty")

    def test_lists_of_the_menus(self):
        own = self.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", WINDOW)]
        )
        silent = [
            action.xml_id
            for action in self.env[WINDOW].browse(own.mapped("res_id"))
            if "list" in action.view_mode and not action.help
        ]
        self.assertFalse(silent, "lists that say nothing when they are empty")

    def test_zone_without_a_country(self):
        """Such a zone is no sign that every country has one."""
        zone = self.env["credit.insurance.zone"].create(
            {"name": "Nowhere", "code": "nowhere", "sequence": 10000}
        )
        help_text = zone.action_open_countries()["help"]
        self.assertIn("No country belongs to this zone", help_text)
