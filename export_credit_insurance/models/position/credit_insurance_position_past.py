from odoo import api, models
from odoo.tools import SQL

from .position_past import READ_FIELDS_OF_PAST, PastPositionQuery
from .position_presence import Presence

# What cannot be known without looking, of a past day; the rest is looked for.
ASSUMED = {"credits": True, "credit_notes": True, "disputes": True}
# Not part of a past day, see PastPositionQuery.
LEFT_OUT = ("adjusted_orders", "till_sales")


class CreditInsurancePosition(models.AbstractModel):
    """What was owed and covered on a past day, recomputed from the ledger."""

    _inherit = "credit.insurance.position"

    @api.model
    def _query_as_of(self, company, day, partners=None):
        """Return the query of a day: of today or later the usual one.

        :param company: the company that asks
        :param day: the day to look back to
        :param partners: as in :meth:`_query`
        """
        if day >= self._today(company):
            return self._query(company, partners=partners)
        for model, names in READ_FIELDS_OF_PAST.items():
            self.env[model].flush_model(names)
        query = PastPositionQuery(
            self._facts(company.id, day),
            company.sudo(),  # whoever asks: settings of the credit department
            day,
            partners=partners,
            disputes=self._disputes_of(day),
        )
        names = [
            name
            for name in Presence._fields
            if name not in ASSUMED and name not in LEFT_OUT
        ]
        self.env.cr.execute(query.presence(names))
        found = dict(zip(names, self.env.cr.fetchone(), strict=True))
        query.present = Presence(**found, **ASSUMED)
        return query

    @api.model
    def _disputes_of(self, day):
        """Return the SQL of what of each invoice was contested on a day.

        The ledger knows today's amount alone; whoever keeps the history says more.
        """
        self.env["account.move"].flush_model(["credit_dispute_amount"])
        return SQL(
            "SELECT id AS move_id, credit_dispute_amount AS amount"
            " FROM account_move WHERE credit_dispute_amount > 0"
        )
