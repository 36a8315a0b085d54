from odoo import api, models


class CreditInsuranceCheck(models.AbstractModel):
    """Which rules speak of a debtor."""

    _inherit = "credit.insurance.check"

    @api.model
    def _scope(self, order, debtor, position):
        """Say which rules speak of this debtor (see SCOPES).

        A buyer whom a policy leaves out for what it is (public, related) still stands
        inside that policy's scope; one in a country that a whole-turnover policy puts
        off cover too, unless it is a domestic one.
        """
        # sudo: the salesperson may not read every partner they sell to
        ordering = order.sudo().partner_id.commercial_partner_id
        if ordering != debtor and ordering._credit_kind() != "private":
            return "insured"  # another pays for a company: its rules still speak
        if self._goods_go_to_a_buyer(order, debtor):
            return "insured"
        if debtor._credit_kind() == "private" and (
            not position.policy or position.exclusion == "private"
        ):
            return "private"
        if position.policy or position.exclusion in ("public", "related"):
            return "insured"
        mode = self.env["res.company"]._credit_check_modes().get(order.company_id.id)
        if mode and self._was_insured(debtor, position, mode.insured_until):
            return "insured"
        country = debtor.country_id
        if not country or country == order.company_id.country_id:
            return "domestic"
        if position.exclusion == "country_off" and mode and mode.whole_turnover:
            return "insured"
        return "foreign"

    @api.model
    def _goods_go_to_a_buyer(self, order, debtor):
        """Whether goods billed to a private person go to a company with credit.

        One that has it, asked for it or was refused it would order in the name of
        whoever works there. Other companies are where people have parcels sent to.

        :param order: an order, or another document with a buyer
        """
        if debtor._credit_kind() != "private" or (
            "partner_shipping_id" not in order._fields
        ):
            return False
        # sudo: like who orders
        receiver = order.sudo().partner_shipping_id.commercial_partner_id
        return (
            receiver != debtor
            and receiver._credit_kind() != "private"
            and receiver._have_credit()
        )

    @api.model
    def _was_insured(self, debtor, position, until):
        """Whether a policy that is over, with none to follow, insured this debtor.

        Nobody has decided that its orders need no credit any more.

        :param until: the last day of the company's last policy, None if it goes on
        """
        if not until or position.day <= until:
            return False
        engine = self.env["credit.insurance.position"]
        facts = engine._facts(position.company.id, position.day)
        term = facts.find_term(debtor.country_id.id or 0, debtor._credit_kind(), until)
        return bool(term and term.policy_id)
