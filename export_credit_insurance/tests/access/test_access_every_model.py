from odoo.tests import tagged
from odoo.tools import mute_logger

from ..http_common import HttpCommon
from .samples import models_of_addon

# What whoever sells fills in: their own requests, see test_own_dialogues.py.
OPEN_TO_SELLERS = {
    "credit.insurance.hold.request",
    "credit.insurance.hold.request.line",
}


@tagged("post_install", "-at_install")
class TestAccessEveryModel(HttpCommon):
    """A script with an API key tries every model of ours over JSON-2.

    The models are read from the registry: a new one is tried by itself. All other
    methods are called by test_access_every_call.py, without a connection each.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = {
            "salesperson": "sales_team.group_sale_salesman",
            "portal": "base.group_portal",
        }
        cls.keys = {
            name: cls.make_key(cls.make_user(f"every-{name}", group))
            for name, group in roles.items()
        }

    def calls(self, model):
        """(method, ids, arguments): reading, writing, and the web client's own."""
        found = self.env[model].sudo().search([], limit=1)
        ids = found.ids or [1]
        one = {"display_name": {}}
        return (
            ("search_read", (), {"domain": []}),
            ("formatted_read_group", (), {"domain": [], "aggregates": ["__count"]}),
            ("name_search", (), {"name": ""}),
            ("web_read", ids, {"specification": one}),
            ("create", (), {"vals_list": [{}]}),
            ("load", (), {"fields": ["id"], "data": [["x"]]}),
            ("web_save", ids, {"vals": {}, "specification": one}),
            ("unlink", ids, {}),
        )

    def test_every_model(self):
        for model in sorted(models_of_addon(self.env)):
            for method, ids, arguments in self.calls(model):
                for role, key in self.keys.items():
                    if role == "salesperson" and model in OPEN_TO_SELLERS:
                        continue
                    with self.subTest(model=model, method=method, role=role):
                        self.assertRefused(key, model, method, ids, arguments)

    def assertRefused(self, key, model, method, ids, arguments):
        # a context of one's own opens nothing
        context = {"su": True, "uid": 1, "active_test": False, "install_mode": True}
        with mute_logger(
            "odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_model"
        ):
            status, answer = self.json2(
                key, model, method, ids, context=context, **arguments
            )
        if method == "load" and status == 200:
            # an import answers with what is wrong
            self.assertFalse(answer["ids"], answer)
            return
        self.assertGreaterEqual(status, 400, answer)
        self.assertLess(status, 500, answer)
