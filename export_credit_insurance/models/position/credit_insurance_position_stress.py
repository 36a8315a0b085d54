from odoo import api, models


class CreditInsurancePosition(models.AbstractModel):
    """What would be covered if something happened, of all buyers at once."""

    _inherit = "credit.insurance.position"

    @api.model
    def _get_cover_under(self, scenario, company, day=None, partners=None):
        """Return what is covered under a scenario.

        What is ordered within the company's horizon and not delivered counts as
        shipped on the scenario's day, after all that was shipped before. In the
        company's currency, for the company alone; nothing is written.

        :param scenario: :class:`~.position_scenario.Scenario`; one that changes
            nothing gives today's cover
        :param partners: the buyers asked about, None for all; who shares a limit with
            one of them is told of besides
        :return: {(partner id, open order id or None): (amount owed, covered)}, None
            for what was shipped
        """
        rows = self._execute(
            self._query(company, day, partners, scenario=scenario).stress()
        )
        return {
            (row["partner_id"], row["open_order_id"]): (
                float(row["amount"]),
                float(row["covered"]),
            )
            for row in rows
        }
