from odoo import fields, models

from ..position.position_past import READ_FIELDS_OF_PAST


class CreditInsuranceDatedTable(models.AbstractModel):
    """Rows of the engine as of the day that the context names; of today without one.

    A past day is recomputed from the ledger (see
    :class:`~..position.position_past.PastPositionQuery`). Records of two days have the
    same ids: who reads a second day in one transaction goes through :meth:`_rows_of`.
    """

    _name = "credit.insurance.dated.table"
    _description = "Rows of the Credit Position of a Day"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _log_access = False
    _depends = {
        **READ_FIELDS_OF_PAST,
        "credit.followup.dispute": ("move_id", "amount", "date", "state", "settled_on"),
    }

    day = fields.Date(string="As Of", readonly=True)

    @property
    def _table_query(self):
        position = self.env["credit.insurance.position"]
        query = position._query_as_of(
            self.env.company, self._report_day(), self._wanted_partners()
        )
        return self._position_query(query)

    def _report_day(self):
        """Return the day in the context, today for none or one that is to come."""
        today = self.env["credit.insurance.position"]._today(self.env.company)
        day = self.env.context.get("credit_report_day")
        return min(fields.Date.to_date(day), today) if day else today

    def _of_day(self, company, day):
        """Return the model as it reads a company's rows of a day."""
        self.env[self._name].invalidate_model(flush=False)
        return (
            self.env[self._name]
            .with_company(company)
            .with_context(credit_report_day=fields.Date.to_string(day))
        )

    def _rows_of(self, company, day, domain=()):
        """Return a company's rows of a day, in the model's order.

        All columns come with the search: read later, each thousand rows would run the
        engine again.
        """
        return self._of_day(company, day).search_fetch(list(domain))
