from odoo import fields, models
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition
from odoo.tools import SQL

from .position_fields import READ_FIELDS


class CreditInsurancePositionTable(models.AbstractModel):
    """Models over the engine: rows of a position query, for the active company.

    The buyers that records or a search name enter the query as an array, so that a
    page of eighty buyers costs eighty buyers and not fifty thousand.
    """

    _name = "credit.insurance.position.table"
    _description = "Rows of the Credit Position"
    _auto = False
    _log_access = False
    _depends = READ_FIELDS

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Buyer", readonly=True)

    @property
    def _table_query(self):
        company = self.env.company
        position = self.env["credit.insurance.position"]
        query = position._query(company, partners=self._wanted_partners())
        return self._position_query(query)

    def _position_query(self, query):
        """Return the SQL of the rows.

        :param query: the :class:`~.position_query.PositionQuery` to ask
        """
        raise NotImplementedError

    def _wanted_partners(self):
        """Return the SQL array of buyers that can be concerned, None for all."""
        if self._ids:
            return self._partners_of(list(self._ids))
        partner_ids = self.env.context.get("credit_position_partner_ids")
        if partner_ids is not None:
            return SQL("%s::int[]", [int(partner_id) for partner_id in partner_ids])
        return None

    def _partners_of(self, ids):
        """Return the SQL array of the buyers behind the rows."""
        return SQL("%s::int[]", ids)

    def _search(self, domain, *args, **kwargs):
        # EXTENDS 'base': a hint for speed, the domain itself still filters
        partner_ids = self._domain_partners(Domain(domain))
        if partner_ids is None or "credit_position_partner_ids" in self.env.context:
            return super()._search(domain, *args, **kwargs)
        some = self.with_context(credit_position_partner_ids=tuple(partner_ids))
        return some._search(domain, *args, **kwargs)

    def _domain_partners(self, domain):
        """Return the ids of the buyers that a conjunction names, if it names any."""
        domain = domain.optimize(self)
        parts = domain.children if isinstance(domain, DomainAnd) else [domain]
        for part in parts:
            if (
                isinstance(part, DomainCondition)
                and part.field_expr == "partner_id"
                and part.operator == "in"
                and all(isinstance(value, int) for value in part.value)
            ):
                return list(part.value)
        return None

    def action_open_document(self):
        """Open the invoice, order or buyer that the row is about."""
        self.ensure_one()
        document = self[self._rec_name]
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
