import re
from contextlib import contextmanager

from odoo import Command
from odoo.tests import TransactionCase

from odoo.addons.export_credit_insurance.tests.nightly_jobs import NightlyJobs

# A statement on a table of ours; columns of ours on Odoo's tables do not count.
OUR_TABLES = re.compile(
    r'\b(?:from|join|into|update)\s+"?credit_(?:insurance|followup)_', re.IGNORECASE
)


class DoorsCommon(NightlyJobs, TransactionCase):
    """What stands before each door: a shop, its visitor, a buyer and his goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.visitor = cls.env.ref("base.public_user")
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "ALFA",
                "is_company": True,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Valves",
                "type": "consu",
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def make_order(cls, quantity=1.0, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.buyer.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.product.id, "product_uom_qty": quantity}
                    )
                ],
                **values,
            }
        )

    @contextmanager
    def queries_of_ours(self):
        """Collect the queries that ask or change a table of the add-ons."""
        ours, all_queries = [], []
        with contextmanager(self._patchExecute)(all_queries):
            yield ours
        ours += filter(OUR_TABLES.search, all_queries)
