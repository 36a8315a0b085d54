from odoo import api, models

from .address_country import countries_of


class CreditInsuranceCheck(models.AbstractModel):
    """Which rules speak of a debtor."""

    _inherit = "credit.insurance.check"

    @api.model
    def _scope(self, order, debtor, position, receivers=None):
        """Say which rules speak of this debtor (see SCOPES).

        A buyer whom a policy leaves out for what it is (public, related) still stands
        inside that policy's scope; one in a country that a whole-turnover policy puts
        off cover too, unless it is a domestic one.

        :param receivers: where the goods go; as the order says, if not given
        """
        # sudo: the salesperson may not read every partner they sell to
        ordering = order.sudo().partner_id.commercial_partner_id
        if ordering != debtor and ordering._credit_kind() != "private":
            return "insured"  # another pays for a company: its rules still speak
        scope = self._own_scope(order, debtor, position)
        if scope != "insured" and self._goods_go_to_a_buyer(
            debtor, self._receivers(order) if receivers is None else receivers
        ):
            return "insured"
        return scope

    @api.model
    def _own_scope(self, order, debtor, position):
        """Say which rules speak of who buys for itself."""
        if debtor._credit_kind() == "private" and not self._is_in_a_name(order, debtor):
            if not position.policy or position.exclusion == "private":
                return "private"
        if position.policy or position.exclusion in ("public", "related", "private"):
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
    def _is_in_a_name(self, document, debtor):
        """Whether a person buys in the name of a company, or as a business.

        A business is who is sold to without tax for its VAT number, abroad. Persons
        have such numbers, too, in many countries, and positions for sales at home ask
        for them: then credit control says what they are, as of all it has looked at.

        :param document: an order or another document
        """
        if debtor._orders_in_a_name():
            return True
        if debtor.credit_party_kind or "fiscal_position_id" not in document._fields:
            return False
        # sudo: whoever confirms need not read the rules on taxes
        position = document.sudo().fiscal_position_id
        home = document.company_id.account_fiscal_country_id
        return (
            position.vat_required
            and not position.is_domestic
            and position.country_id != home
        )

    @api.model
    def _receivers(self, order):
        """Return where the goods of an order, or of another document, go."""
        if "partner_shipping_id" not in order._fields:
            return order.partner_id.browse()
        return order.partner_shipping_id

    @api.model
    def _pickup_countries(self, order):
        """Return the country where the customer of a quotation will fetch the goods.

        Odoo makes that place the delivery address in the midst of the confirmation. The
        browser says where it is, whatever the shop has offered.
        """
        countries = self.env["res.country"]
        if "pickup_location_data" not in order._fields or order.state == "sale":
            return countries
        place = order.sudo().pickup_location_data or {}  # sudo: like the addresses
        if not place.get("country_code"):
            return countries
        return countries.search([("code", "=", place["country_code"])])

    @api.model
    def _goods_go_to_a_buyer(self, debtor, receivers):
        """Whether goods that nobody is asked credit for go to a company with credit.

        One that has it, asked for it or was refused it would order in the name of
        whoever works there, or of a company that no policy insures. Other companies
        are where people have parcels sent to.

        :param receivers: where the goods go
        """
        # sudo: like who orders
        others = receivers.sudo().commercial_partner_id - debtor
        return others.filtered(
            lambda receiver: receiver._credit_kind() != "private"
        )._have_credit()

    @api.model
    def _is_of_others(self, order, position):
        """Whether others than its debtor order it, or get it, so that it matters.

        Where the debtor is insured itself its credit counts, whoever orders; but no
        order comes from a country under sanctions.
        """
        is_insured = position.policy and not position.exclusion
        debtor = order._credit_debtor()
        if not is_insured and self._scope(order, debtor, position) == "insured":
            return True
        # sudo: the salesperson may not read every partner they sell to
        countries = countries_of(order.sudo().partner_id.commercial_partner_id)
        events = self.env["credit.insurance.country.event"]
        return "sanctioned" in events._status(countries, position.day).values()

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
