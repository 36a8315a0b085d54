from collections import defaultdict

from odoo import SUPERUSER_ID, api, models


class CreditInsuranceCheck(models.AbstractModel):
    """Own risk lets no order go that is sold by who accepted it.

    Who asks cannot grant, nor who sells (DESIGN 4), and own risk lets orders go as a
    release does. Whenever it was accepted: before the order was made nobody knew for
    which one. For such an order the credit is what it is without that own risk, until
    somebody else releases the order or accepts the own risk in their own name.
    """

    _inherit = "credit.insurance.check"

    @api.model
    def _without_own_acceptance(self, orders, positions, actor=None):
        """Return {order: position}, without what who sells the order accepted.

        Nothing is looked up where nothing is accepted.

        :param positions: {order: position of its debtor}
        :param actor: who confirms, enlarges or asks, besides who sells and made them
        """
        carried = [order for order in orders if positions[order].own_risk_limit]
        if not carried:
            return positions
        signers = self._own_risk_signers([positions[order] for order in carried])
        found = dict(positions)
        for order in carried:
            sellers = order._credit_sellers() | (actor or self.env["res.users"])
            if signers[positions[order].partner, positions[order].company] & sellers:
                found[order] = positions[order].without_own_risk()
        return found

    @api.model
    def _own_risk_signers(self, positions):
        """Return {(buyer, company): who accepted the own risk that is in force}."""
        # sudo: own risk counts whether who sells may read it or not
        rows = self.env["credit.insurance.own.risk"].sudo()
        signers = defaultdict(self.env["res.users"].browse)
        buyers = defaultdict(self.env["res.partner"].browse)
        for position in positions:
            buyers[position.company, position.day] |= position.partner
        for (company, day), partners in buyers.items():
            for row in rows._in_force(partners, company, day):
                signers[row.partner_id, company] |= row._signers()
        return signers

    @api.model
    def _cure_of_own_acceptance(self, case, cure):
        """Say besides what helps that own risk was accepted, but does not count."""
        amount = case.position.own_risk_set_aside
        if not amount:
            return cure
        text = self.env._(
            "Own risk of %(amount)s does not count here: it was accepted by who sells. "
            "Somebody else has to decide.",
            amount=case.currency.format(amount),
        )
        return f"{cure} {text}"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _credit_sellers(self):
        """Return who wants the order: its salesperson, who made it, and who asked.

        Whoever asked in vain does not grant it either. No job, import or customer: they
        accept no own risk.
        """
        order = self.sudo()._origin  # sudo: whoever reads it need not read its holds
        asked = order.credit_hold_ids.filtered(
            lambda hold: hold.state in ("open", "refused")
        )
        sellers = self.sudo().user_id | order.create_uid | asked._askers()
        return sellers.filtered(lambda user: user.id != SUPERUSER_ID).sudo(False)
