from odoo import fields, models


class CreditInsuranceStopMargin(models.Model):
    """What is missing until the overdues of a buyer stop its cover.

    One row per buyer that owes under a policy that stops cover above an amount and a
    share (DOMAIN 1.8). In the currency of the buyer's limit; ``id`` is the partner's.
    """

    _name = "credit.insurance.stop.margin"
    _description = "Margin Until Cover Stops"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _order = "missing_amount, id"
    _rec_name = "partner_id"

    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    late_amount = fields.Monetary(
        string="Unpaid Beyond the Period",
        readonly=True,
        help="Open beyond the extension period.",
    )
    total_amount = fields.Monetary(string="Total Due", readonly=True)
    share = fields.Float(
        string="Share (%)", digits=(16, 1), readonly=True, aggregator=None
    )
    threshold_amount = fields.Monetary(
        string="Cover Stops Above",
        readonly=True,
        help="The larger of the policy's amount and of its share of the total due: "
        "cover stops only above both.",
    )
    missing_amount = fields.Monetary(
        string="Missing Until the Stop",
        readonly=True,
        help="What may still become unpaid beyond the extension period before the "
        "cover of new shipments stops.",
    )
    is_stopped = fields.Boolean(string="Stopped", readonly=True)

    def _position_query(self, query):
        return query.stop_margins()
