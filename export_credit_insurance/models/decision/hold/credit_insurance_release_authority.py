from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ...groups import ADMIN_GROUP, MANAGER_GROUP


class Authority(NamedTuple):
    """What somebody may sign, in the company's currency; None: no bound of that kind.

    ``is_ceiling`` says that no row speaks of them: the bound is the company's ceiling.
    """

    is_barred: bool = False
    amount: float | None = None
    own_risk_buyer: float | None = None
    own_risk_month: float | None = None
    second_from: float | None = None
    is_ceiling: bool = False

    @property
    def is_bound(self):
        """Whether any amount binds whoever decides."""
        bounds = (self.amount, self.own_risk_buyer, self.own_risk_month)
        return any(bound is not None for bound in bounds)

    @property
    def generosity(self):
        """What ranks rows that fit equally well, as those of two groups of a user."""
        if self.is_barred:
            return -1.0
        return float("inf") if self.amount is None else self.amount


class CreditInsuranceReleaseAuthority(models.Model):
    """Who may release orders up to how much.

    A row speaks of one user or of the members of a group, everywhere or for buyers of
    one zone or band, in one company or in all. The most specific row decides alone: one
    that names the user before one that names a group, then zone and band, zone, band,
    company; among equals the most generous. Where no row speaks of a controller, the
    company's ceiling holds; a manager, who is in every group below his own, is bound
    only by rows that name him or the managers. Rows give nobody the right to decide who
    is no credit controller, and sanctions stay with managers.
    """

    _name = "credit.insurance.release.authority"
    _description = "Release Authority"
    _inherit = ["credit.insurance.thread.mixin"]
    _order = "company_id, user_id, group_id, zone_id, band_id, id"

    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        tracking=True,
        help="Empty: in every company, amounts in the currency of each.",
    )
    user_id = fields.Many2one(
        "res.users",
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Who may release up to the amounts of this row.",
    )
    group_id = fields.Many2one(
        "res.groups",
        index=True,
        ondelete="cascade",
        tracking=True,
        help="The row speaks of its members who are credit controllers. Managers are "
        "bound only by rows that name them or their own group.",
    )
    zone_id = fields.Many2one(
        "credit.insurance.zone",
        index=True,
        ondelete="cascade",
        tracking=True,
        help="Only for buyers of this zone; empty: all.",
    )
    band_id = fields.Many2one(
        "credit.insurance.band",
        index=True,
        ondelete="cascade",
        tracking=True,
        help="Only for buyers of this risk band; empty: all.",
    )
    is_barred = fields.Boolean(
        string="Releases Nothing",
        tracking=True,
        help="They release no order of these buyers; they may still refuse.",
    )
    amount_max = fields.Float(
        string="Order Up To",
        tracking=True,
        help="The largest order total, tax included, that they may release, in the "
        "company's currency. 0: any.",
    )
    own_risk_buyer = fields.Float(
        string="Own Risk per Buyer",
        tracking=True,
        help="How much may be at our own risk on one buyer: by all releases that can "
        "still be used or whose order is not yet paid, and by what is accepted on the "
        "buyer, whoever signed it. In the company's currency. 0: any.",
    )
    own_risk_month = fields.Float(
        string="Own Risk per Month",
        tracking=True,
        help="How much one person may put at our own risk in one calendar month, with "
        "the releases that they sign and what they accept on buyers. In the company's "
        "currency. 0: any.",
    )
    second_from = fields.Float(
        string="Second Signature From",
        tracking=True,
        help="From this order total on, another person with the authority for it has "
        "to sign too. In the company's currency. 0: never.",
    )
    active = fields.Boolean(default=True, tracking=True)

    _amounts_positive = models.Constraint(
        "CHECK (amount_max >= 0 AND own_risk_buyer >= 0 AND own_risk_month >= 0"
        " AND second_from >= 0)",
        "The amounts of a release authority cannot be negative: 0 sets no bound.",
    )
    _user_or_group = models.Constraint(
        "CHECK ((user_id IS NULL) <> (group_id IS NULL))",
        "A release authority is either a user's or a group's: choose one of them.",
    )
    _authority_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(user_id, 0), COALESCE(group_id, 0), "
        "COALESCE(zone_id, 0), COALESCE(band_id, 0)) WHERE active",
        "There is already an authority for this user or group, company, zone and band: "
        "change it.",
    )

    @api.depends("user_id", "group_id", "zone_id", "band_id")
    def _compute_display_name(self):
        for row in self:
            names = (row.user_id or row.group_id, row.zone_id, row.band_id)
            row.display_name = ", ".join(
                record.display_name for record in names if record
            )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        rows = super().create(vals_list)
        rows._check_not_own()
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        # EXTENDS 'mail'
        self._check_not_own()
        result = super().write(vals)
        self._check_not_own()
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        # EXTENDS 'mail'
        self._check_not_own()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _check_not_own(self):
        """Check that nobody sets his own bounds, be it to narrow them.

        A row speaks of whom it names, or of a group that binds them: a narrow one can
        stand in for a row that would bind more. Administrators may, who give rights to
        themselves anyway.

        :raise AccessError: for who is bound by one of these rows
        """
        user = self.env.user
        if self.env.su or user.has_group(ADMIN_GROUP):
            return
        group_ids = self._binding_group_ids(user)
        own = self.filtered(
            lambda row: row.user_id == user or row.group_id.id in group_ids
        )
        if own:
            raise AccessError(
                self.env._(
                    "%(rows)s: this release authority is your own, by name or by a "
                    "group that you are in. Ask an administrator to set it.",
                    rows=" / ".join(own.mapped("display_name")),
                )
            )

    # === BUSINESS === #

    @api.model
    def _binding_group_ids(self, user):
        """Return the ids of the groups whose rows speak of this user."""
        group_ids = set(user._get_group_ids())
        if user.has_group(MANAGER_GROUP):
            group_ids -= self._groups_below_managers()
        return group_ids

    @api.model
    def _get_authority(self, user, company, zone_id=None, band_id=None):
        """Return the :class:`Authority` of a credit controller for one buyer.

        :param zone_id, band_id: of the buyer in this company
        """
        group_ids = self._binding_group_ids(user)
        best, best_rank = None, None
        for key, authority in self._authority_table():
            rank = self._rank(key, user.id, group_ids, company.id, zone_id, band_id)
            if rank and (
                best is None
                or (rank, authority.generosity) > (best_rank, best.generosity)
            ):
                best, best_rank = authority, rank
        if best:
            return best
        if user.has_group(MANAGER_GROUP):
            return Authority()
        # sudo: whoever reads holds need not read the company's settings
        ceiling = company.sudo().credit_controller_ceiling
        return Authority(amount=ceiling, is_ceiling=True)

    @api.model
    def _rank(self, key, user_id, group_ids, company_id, zone_id, band_id):
        """Return how precisely a row's key fits, None if it does not."""
        own_user, own_group, own_company, own_zone, own_band = key
        fits = (
            (own_user == user_id if own_user else own_group in group_ids)
            and own_company in (None, company_id)
            and own_zone in (None, zone_id)
            and own_band in (None, band_id)
        )
        if not fits:
            return None
        return (
            own_user is not None,
            own_zone is not None,
            own_band is not None,
            own_company is not None,
        )

    @api.model
    def _groups_below_managers(self):
        """Return the ids of the groups that managers are in for being managers."""
        # not env.ref, which asks for each hold whether the group exists
        group_id = self.env["ir.model.data"]._xmlid_to_res_id(MANAGER_GROUP)
        group = self.env["res.groups"].sudo().browse(group_id)  # sudo: configuration
        return set((group.all_implied_ids - group).ids)

    @api.model
    def _zones_matter(self):
        return any(key[3] for key, _authority in self._authority_table())

    @api.model
    def _bands_matter(self):
        return any(key[4] for key, _authority in self._authority_table())

    @api.model
    @ormcache()
    def _authority_table(self):
        # sudo: the rows bind every controller, whichever companies are chosen; those in
        # the archive nobody, whatever the context of the request that asks first
        return [
            (
                (
                    row.user_id.id or None,
                    row.group_id.id or None,
                    row.company_id.id or None,
                    row.zone_id.id or None,
                    row.band_id.id or None,
                ),
                Authority(
                    row.is_barred,
                    row.amount_max or None,
                    row.own_risk_buyer or None,
                    row.own_risk_month or None,
                    row.second_from or None,
                ),
            )
            for row in self.sudo().search([("active", "=", True)])
        ]
