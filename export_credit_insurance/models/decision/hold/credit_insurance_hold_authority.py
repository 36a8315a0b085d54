from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...groups import CONTROLLER_GROUP, MANAGER_GROUP
from ..check.credit_finding import RATE_CODE

SIGNATURE_STATES = [
    ("needs_two", "Two Signatures"),
    ("second", "Second Signature"),
]


class Stake(NamedTuple):
    """What a release lets go, in the company's currency on the day it is signed."""

    amount: float
    own_risk: float


class CreditInsuranceHold(models.Model):
    """Who may release which hold: the bounds of authority, and what is used of them."""

    _inherit = "credit.insurance.hold"

    sold_by = fields.Many2one(
        "res.users",
        readonly=True,
        help="Who sold it when the release was asked for: as who asks cannot grant, "
        "neither can they.",
    )
    involved_ids = fields.Many2many(
        "res.users",
        string="Involved Users",
        readonly=True,
        help="Who asked, enlarged the order or accepted it for the customer, now or in "
        "the requests that this one renews: neither can they grant.",
    )
    can_decide = fields.Boolean(
        compute="_compute_can_decide",
        search="_search_can_decide",
        help="Whether you may release it as it was asked for, alone or with a second "
        "signature. Who asked cannot.",
    )
    signature_state = fields.Selection(
        SIGNATURE_STATES,
        string="Signatures",
        compute="_compute_can_decide",
        help="Whether two people have to sign, if you are one of them.",
    )

    # === COMPUTE === #

    @api.depends("state", "requested_by", "sold_by", "involved_ids", "first_signed_by")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        self.can_decide = self.signature_state = False
        holds = self.filtered(lambda hold: hold.state == "open")
        holds.filtered("first_signed_by").signature_state = "second"
        user = self.env.user
        if not user.has_group(CONTROLLER_GROUP):
            return
        able = holds._which_may_release(user)
        able.can_decide = True
        for hold in able.filtered(lambda hold: not hold.first_signed_by):
            if hold._needs_second_signature(user, hold._stake_asked()):
                hold.signature_state = "needs_two"

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        able = self.search([("state", "=", "open")]).filtered("can_decide")
        return [("id", "in" if True in value else "not in", able.ids)]

    # === AUTHORITY === #

    def _which_may_release(self, user):
        """Return the holds that this user may release as they were asked for."""
        mine = self.filtered(lambda hold: user not in hold._signed_out())
        obstacles = mine._release_obstacles(
            user, {hold: hold._stake_asked() for hold in mine}
        )
        return mine.filtered(lambda hold: not obstacles[hold])

    def _signed_out(self):
        """Return who may not sign any more: who asked, and who has signed."""
        return self._askers() | self.first_signed_by

    def _askers(self):
        """Return who wants it: who asked, who sells, now or then, and who made it.

        Whoever writes a quotation may name somebody else as its salesperson.
        """
        orders = self.sudo().order_id  # sudo: a controller need not read orders
        sellers = (orders.user_id | orders.create_uid).sudo(False)
        return self.requested_by | self.sold_by | self.involved_ids | sellers

    def _authorities(self, user):
        """Return {hold: :class:`Authority` of this user over it}."""
        rows = self.env["credit.insurance.release.authority"]
        zones_matter, bands_matter = rows._zones_matter(), rows._bands_matter()
        authorities = {}
        for hold in self:
            # sudo: zone and band decide, whatever the reader may see of the buyer
            buyer = hold.sudo().partner_id.with_company(hold.company_id)
            authorities[hold] = rows._get_authority(
                user,
                hold.company_id,
                buyer.credit_zone_id.id if zones_matter else None,
                buyer.credit_band_id.id if bands_matter else None,
            )
        return authorities

    def _release_obstacles(self, user, stakes):
        """Return {hold: why this user may not release it, or None}.

        :param stakes: {hold: :class:`Stake` of the release}
        """
        is_manager = user.has_group(MANAGER_GROUP)
        authorities = self._authorities(user)
        used = self._own_risk_used(user, authorities)
        obstacles = {}
        for hold in self:
            if hold.has_sanction and not is_manager:
                obstacles[hold] = self.env._(
                    "Only a credit manager releases a sanctioned country."
                )
            else:
                obstacles[hold] = hold._bound_exceeded(
                    authorities[hold], stakes[hold], used[hold]
                )
        return obstacles

    def _bound_exceeded(self, authority, stake, used):
        """Return which bound of the authority a release would exceed, or None."""
        money = self._authority_currency().format
        if authority.is_barred:
            return self.env._(
                "You are not authorised to release orders of %(buyer)s: ask a credit "
                "manager.",
                buyer=self.partner_id.display_name,
            )
        if authority.is_bound and RATE_CODE in self.finding_ids.mapped("code"):
            return self.env._(
                "No exchange rate is known for this order, so that nobody can say "
                "whether it is within your bounds: have one entered, or ask a credit "
                "manager."
            )
        if not self._exceeds(stake.amount, authority.amount):
            return self._own_risk_bound_exceeded(authority, stake, used)
        if authority.is_ceiling:
            return self.env._(
                "%(amount)s is above the controllers' ceiling of %(ceiling)s: ask "
                "a credit manager.",
                amount=money(stake.amount),
                ceiling=money(authority.amount),
            )
        return self.env._(
            "%(amount)s is above the %(bound)s up to which you may release: ask "
            "somebody with a higher authority.",
            amount=money(stake.amount),
            bound=money(authority.amount),
        )

    def _own_risk_bound_exceeded(self, authority, stake, used):
        """Likewise of the bounds of what is released at the company's own risk."""
        if not stake.own_risk:
            return None
        money = self._authority_currency().format
        if self._exceeds(used.on_buyer + stake.own_risk, authority.own_risk_buyer):
            return self.env._(
                "%(own_risk)s at our own risk on %(buyer)s, with %(used)s released "
                "before, is above your bound of %(bound)s per buyer: ask somebody with "
                "a higher authority, or have part of it secured or prepaid.",
                own_risk=money(stake.own_risk),
                buyer=self.partner_id.display_name,
                used=money(used.on_buyer),
                bound=money(authority.own_risk_buyer),
            )
        if self._exceeds(used.in_month + stake.own_risk, authority.own_risk_month):
            return self.env._(
                "%(own_risk)s at our own risk, with %(used)s that you signed this "
                "month, is above your bound of %(bound)s a month: ask somebody with a "
                "higher authority, or have part of it secured or prepaid.",
                own_risk=money(stake.own_risk),
                used=money(used.in_month),
                bound=money(authority.own_risk_month),
            )
        return None

    def _authority_currency(self):
        """Return the currency that authorities are stated in: the company's."""
        return self.company_id.sudo().currency_id  # sudo: of a company in view

    def _exceeds(self, amount, bound):
        """Whether an amount is above a bound, both in the company's currency."""
        if bound is None:
            return False
        return self._authority_currency().compare_amounts(amount, bound) > 0

    def _needs_second_signature(self, user, stake):
        """Whether this user's signature alone does not release so much."""
        self.ensure_one()
        second_from = self._authorities(user)[self].second_from
        currency = self.company_id.sudo().currency_id  # sudo: see _bound_exceeded
        return (
            second_from is not None
            and currency.compare_amounts(stake.amount, second_from) >= 0
        )

    def _check_may_release(self, vals):
        """Check the acting user's authority for this release.

        :raise AccessError: saying which bound it exceeds, and whom to ask
        """
        self.ensure_one()
        user = self.env.user
        self._check_not_signed()
        self._serialise_releases(user)
        stake = self._stake(vals["release_amount"], vals["release_kind"])
        if obstacle := self._release_obstacles(user, {self: stake})[self]:
            raise AccessError(obstacle)

    def _serialise_releases(self, user):
        """Let releases on one buyer, and those of one person, pass one by one.

        Two that are each within a bound of own risk could exceed it together. Whoever
        comes second fails here and is replayed, so that what the first one put at our
        own risk counts. The order comes first, as where it is confirmed or enlarged:
        a release may do both. Where there is no bound, nobody waits for anybody.
        """
        authority = self._authorities(user)[self]
        anchored = self.env["res.partner"]
        if authority.own_risk_buyer is not None:
            anchored |= self.partner_id
        if authority.own_risk_month is not None:
            anchored |= user.partner_id
        if not anchored:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM sale_order WHERE id = %s FOR NO KEY UPDATE",
                self.order_id.id,
            ),
            log_exceptions=False,  # losing the race is no error: it is replayed
        )
        self.env["credit.insurance.anchor"]._bump(anchored)

    def _authority_text(self, user):
        """Say up to what this user may release the hold, and what of it is used."""
        self.ensure_one()
        authorities = self._authorities(user)
        authority, used = (
            authorities[self],
            self._own_risk_used(user, authorities)[self],
        )
        money = self.company_id.sudo().currency_id.format  # sudo: see _bound_exceeded
        parts = []
        if authority.amount is not None:
            parts.append(
                self.env._(
                    "You may release orders up to %(amount)s.",
                    amount=money(authority.amount),
                )
            )
        if authority.own_risk_buyer is not None:
            parts.append(
                self.env._(
                    "Own risk on %(buyer)s: %(used)s of %(bound)s used.",
                    buyer=self.partner_id.display_name,
                    used=money(used.on_buyer),
                    bound=money(authority.own_risk_buyer),
                )
            )
        if authority.own_risk_month is not None:
            parts.append(
                self.env._(
                    "Own risk that you signed this month: %(used)s of %(bound)s.",
                    used=money(used.in_month),
                    bound=money(authority.own_risk_month),
                )
            )
        if authority.second_from is not None and not self.first_signed_by:
            parts.append(
                self.env._(
                    "From %(amount)s on a second signature is needed.",
                    amount=money(authority.second_from),
                )
            )
        return " ".join(parts)

    def _check_not_signed(self):
        """Check that nobody gives both signatures.

        :raise AccessError: for who has signed first
        """
        if self.env.user in self.first_signed_by:
            raise AccessError(
                self.env._(
                    "You have signed this release first: somebody else has to give "
                    "the second signature."
                )
            )

    # === WHAT A RELEASE LETS GO === #

    def _stake_asked(self):
        """Return the :class:`Stake` of a release as asked for, or as signed first."""
        if self.first_signed_by:
            return self._stake(self.release_amount, self.release_kind)
        return self._stake(self.amount, "own_risk")

    def _stake(self, amount, release_kind):
        """Return the :class:`Stake` of releasing so much, at today's rates.

        What is released beyond the total asked for is at own risk altogether, what is
        released less comes off it. A payment or a security that is only announced
        leaves it at our own risk: once recorded they are no part of it. The insurer's
        agreement, which needs a document, is none.
        """
        self.ensure_one()
        company = self.company_id.sudo()  # sudo: see _bound_exceeded
        day = self.env["credit.insurance.position"]._today(company)
        target = company.currency_id
        own_risk = 0.0
        if release_kind != "insurer_agreement":
            own_risk = self.limit_currency_id._convert(
                self.own_risk_amount, target, company, day
            ) + self.currency_id._convert(amount - self.amount, target, company, day)
        return Stake(
            amount=self.currency_id._convert(amount, target, company, day),
            own_risk=max(own_risk, 0.0),
        )
