from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...groups import MANAGER_GROUP


class CreditInsuranceOwnRisk(models.Model):
    """Who may accept how much: own risk lets orders go as a release does."""

    _inherit = "credit.insurance.own.risk"

    is_above_band = fields.Boolean(
        string="Above the Band's Bound",
        compute="_compute_is_above_band",
        search="_search_is_above_band",
        help="More than the buyer's risk band allows today: a manager accepted it, or "
        "the band, its bound or the buyer's scores have changed since.",
    )

    @api.depends("amount", "partner_id", "company_id")
    def _compute_is_above_band(self):
        for row in self:
            row.is_above_band = row._exceeds_band(row._own_risk_band())

    def _search_is_above_band(self, operator, value):
        if operator != "in":
            return NotImplemented
        above = self.search([("amount", ">", 0)]).filtered("is_above_band")
        return [("id", "in" if True in value else "not in", above.ids)]

    def _own_risk_band(self):
        """Return the band whose bound holds for the row; none for natural persons."""
        self.ensure_one()
        # sudo: the band decides, whatever the user may see of the buyer
        buyer = self.sudo().partner_id.with_company(self.company_id)
        band = buyer._credit_checked_band() if buyer else None
        return band or self.env["credit.insurance.band"]

    def _exceeds_band(self, band):
        return bool(
            band.own_risk_max
            and self.currency_id.compare_amounts(self.amount, band.own_risk_max) > 0
        )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_ceiling()
        rows._check_not_own_sale()
        self.env["credit.insurance.hold"]._cover_may_be_back(rows.partner_id)
        return rows

    def write(self, vals):
        ends = {row: row.date_to for row in self if "date_to" in vals}
        result = super().write(vals)
        prolonged = [
            row.id
            for row, end in ends.items()
            if end and (not row.date_to or row.date_to > end)
        ]
        prolonged = self.browse(prolonged)
        prolonged._note_prolonged()
        prolonged._check_ceiling()
        prolonged._check_not_own_sale()
        self.env["credit.insurance.hold"]._cover_may_be_back(prolonged.partner_id)
        return result

    def _check_ceiling(self):
        """Check that nobody accepts more than they may release.

        Rows of one buyer and company never overlap, so each is all that is accepted
        on its days. Nobody signs a row as the second: what two would have to sign
        needs somebody who may alone. The bound of the buyer's band binds controllers;
        managers may go beyond it, and their reason is kept.

        :raise AccessError: where somebody with a higher authority has to sign
        """
        if self.env.su:
            return
        authorities = {row: row._release_authority() for row in self}
        self._take_turns(authorities)
        for row, authority in authorities.items():
            if authority.is_barred or not row._is_within(authority):
                raise AccessError(row._ceiling_message(authority))
            row._check_own_risk_bounds(authority)
            band = row._own_risk_band()
            if row._exceeds_band(band) and not self.env.user.has_group(MANAGER_GROUP):
                raise AccessError(row._band_message(band))

    def _check_not_own_sale(self):
        """Check that nobody accepts own risk to let an order of theirs go.

        Who asks cannot grant (DESIGN 4): own risk lets orders go as a release does.

        :raise AccessError: naming an order, where somebody else has to sign
        """
        if self.env.su:
            return
        own = self.partner_id._credit_own_sales(self.company_id)
        for row in self:
            if order := own.get((row.partner_id, row.company_id)):
                raise AccessError(row._own_sale_message(order))

    def _own_sale_message(self, order):
        return self.env._(
            "You sell %(order)s to %(buyer)s, or asked for its release: somebody else "
            "has to accept own risk on this buyer.",
            order=order.name,
            buyer=self.partner_id.display_name,
        )

    def _release_authority(self):
        """Return the acting user's :class:`Authority` over this buyer."""
        # sudo: zone and band decide, whatever the user may see of the buyer
        buyer = self.sudo().partner_id.with_company(self.company_id)
        return self.env["credit.insurance.release.authority"]._get_authority(
            self.env.user,
            self.company_id,
            buyer.credit_zone_id.id,
            buyer.credit_band_id.id,
        )

    def _take_turns(self, authorities):
        """Have who accepts at the same moment, on a buyer or in a month, do so in turn.

        All at once, in the order of the anchors: row by row two people could wait for
        each other.

        :param authorities: {row: :class:`Authority`}
        """
        anchored = self.env["res.partner"]
        for row, authority in authorities.items():
            if authority.own_risk_buyer is not None:
                anchored |= row.partner_id
            if authority.own_risk_month is not None:
                anchored |= self.env.user.partner_id
        if anchored:
            self.env["credit.insurance.anchor"]._bump(anchored)

    def _check_own_risk_bounds(self, authority):
        """Check the row with all that is at own risk already.

        On this buyer by releases, and by what this user has signed this month: rows
        that are each within a bound would exceed it together.

        :raise AccessError: saying which bound it exceeds, and whom to ask
        """
        user, company = self.env.user, self.company_id
        holds = self.env["credit.insurance.hold"]
        if authority.own_risk_buyer is not None:
            releases = holds._own_risk_on_buyers(company, self.partner_id)
            used = sum(releases.get((company, self.partner_id), {}).values())
            if self._exceeds(used + self.amount, authority.own_risk_buyer):
                raise AccessError(
                    self.env._(
                        "%(amount)s at our own risk on %(buyer)s, with %(used)s "
                        "released already, is above the %(bound)s per buyer up to "
                        "which you may go: ask somebody with a higher authority.",
                        **self._bound_figures(used, authority.own_risk_buyer),
                    )
                )
        if authority.own_risk_month is not None:
            # sudo: what they signed counts, whether they may still read it or not
            rows = self.sudo()
            accepted = rows._accepted_this_month(company, user)[company]
            before = rows._accepted_this_month(company, user, but=self)[company]
            releases = holds._own_risk_this_month(company, user)[company]
            released = sum(releases.values())
            used = released + before
            if self._exceeds(released + accepted, authority.own_risk_month):
                raise AccessError(
                    self.env._(
                        "%(amount)s at our own risk on %(buyer)s, with %(used)s that "
                        "you signed this month, is above your bound of %(bound)s per "
                        "month: ask somebody with a higher authority.",
                        **self._bound_figures(used, authority.own_risk_month),
                    )
                )

    def _exceeds(self, amount, bound):
        return self.currency_id.compare_amounts(amount, bound) > 0

    def _bound_figures(self, used, bound):
        money = self.currency_id.format
        return {
            "amount": money(self.amount),
            "buyer": self.partner_id.display_name,
            "used": money(used),
            "bound": money(bound),
        }

    @api.model
    def _accepted_on(self, companies, buyers):
        """Return {(company, buyer): what is accepted at own risk today}."""
        found = {}
        for company in companies:
            accepted = self._accepted(buyers, company, company._credit_today())
            found |= {(company, buyer): amount for buyer, amount in accepted.items()}
        return found

    @api.model
    def _accepted_this_month(self, companies, user, but=()):
        """Return {company: what this user accepted in the calendar month of today}.

        What they prolonged, too, whoever accepted it first. Of rows on one buyer, which
        never overlap, the largest counts.

        :param but: rows to leave out
        """
        found = {}
        for company in companies:
            first_day = company._credit_today().replace(day=1)
            largest = defaultdict(float)
            for row in self.search(
                [
                    ("company_id", "=", company.id),
                    ("id", "not in", [row.id for row in but]),
                    "|",
                    "&",
                    ("author_id", "=", user.id),
                    ("signed_on", ">=", first_day),
                    "&",
                    ("prolonged_by_id", "=", user.id),
                    ("prolonged_on", ">=", first_day),
                ]
            ):
                largest[row.partner_id] = max(largest[row.partner_id], row.amount)
            found[company] = sum(largest.values())
        return found

    def _is_within(self, authority):
        compare = self.currency_id.compare_amounts
        second_from = authority.second_from
        return all(
            bound is None or compare(self.amount, bound) <= 0
            for bound in (
                authority.amount,
                authority.own_risk_buyer,
                authority.own_risk_month,
            )
        ) and (second_from is None or compare(self.amount, second_from) < 0)

    def _band_message(self, band):
        return self.env._(
            "%(amount)s at our own risk on %(buyer)s is more than the %(bound)s that "
            "the risk band “%(band)s” allows: ask a credit manager to accept it with a "
            "reason, or lower the amount.",
            amount=self.currency_id.format(self.amount),
            buyer=self.partner_id.display_name,
            bound=self.currency_id.format(band.own_risk_max),
            band=band.name,
        )

    def _ceiling_message(self, authority):
        if authority.is_ceiling:
            return self.env._(
                "%(amount)s at our own risk on %(buyer)s is above the "
                "controllers' ceiling of %(ceiling)s: ask a credit manager to "
                "accept it, or lower the amount.",
                amount=self.currency_id.format(self.amount),
                buyer=self.partner_id.display_name,
                ceiling=self.currency_id.format(authority.amount),
            )
        return self.env._(
            "%(amount)s at our own risk on %(buyer)s is more than you may release "
            "alone: ask somebody with a higher authority to accept it.",
            amount=self.currency_id.format(self.amount),
            buyer=self.partner_id.display_name,
        )
