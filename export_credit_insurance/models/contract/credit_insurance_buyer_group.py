from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import ormcache


class JointCeiling(NamedTuple):
    """What a company lets the members of one group owe together."""

    group_id: int
    partner_ids: frozenset
    amount: float
    currency_id: int


class GroupTable(NamedTuple):
    """All groups as plain values, for checks that must not query."""

    members: dict  # {partner id: [(group id, first day, last day)]}
    partners: dict  # {group id: [(partner id, first day, last day)]}
    ceilings: dict  # {(group id, company id): [(first day, amount, currency id)]}


class CreditInsuranceBuyerGroup(models.Model):
    """Buyers under one roof: what one of them cannot pay, the others may not either.

    Each company sets its own ceiling for what they owe it together, beside the limit
    of each (DESIGN 1, *Grid*).
    """

    _name = "credit.insurance.buyer.group"
    _description = "Group of Buyers"
    _inherit = ["credit.insurance.thread.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    note = fields.Text(help="Who holds whom, and where that is known from.")
    member_ids = fields.One2many(
        "credit.insurance.buyer.group.member", "group_id", string="Members"
    )
    ceiling_ids = fields.One2many(
        "credit.insurance.buyer.group.ceiling", "group_id", string="Ceilings"
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _group_table(self):
        """Return the :class:`GroupTable` of the groups in use."""
        # sudo: a ceiling holds for all who sell, who need not read it
        groups = self.sudo().search([("active", "=", True)])
        table = GroupTable({}, {}, {})
        for member in groups.member_ids:
            group_id, partner_id = member.group_id.id, member.partner_id.id
            days = (member.date_from, member.date_to)
            table.members.setdefault(partner_id, []).append((group_id, *days))
            table.partners.setdefault(group_id, []).append((partner_id, *days))
        # searched, the latest first: in memory the one added last comes last
        ceilings = self.env["credit.insurance.buyer.group.ceiling"].sudo()
        for ceiling in ceilings.search([("group_id", "in", groups.ids)]):
            table.ceilings.setdefault(
                (ceiling.group_id.id, ceiling.company_id.id), []
            ).append((ceiling.date_from, ceiling.amount, ceiling.currency_id.id))
        return table

    @api.model
    def _groups_of(self, partners, day):
        """Return {buyer id: id of the group it belongs to on a day}; no query."""
        members = self._group_table().members
        return {
            partner_id: group_id
            for partner_id in partners.ids
            for group_id, first, last in members.get(partner_id, ())
            if _holds(day, first, last)
        }

    @api.model
    def _joint_ceilings(self, partners, company, day):
        """Return {buyer id: :class:`JointCeiling`} of those whom a ceiling concerns.

        Costs no query.

        :param partners: commercial partners
        """
        table = self._group_table()
        if not table.ceilings:
            return {}
        found = {}
        for partner_id, group_id in self._groups_of(partners, day).items():
            ceilings = table.ceilings.get((group_id, company.id), ())
            in_force = [ceiling for ceiling in ceilings if ceiling[0] <= day][:1]
            for _start, amount, currency_id in in_force:
                found[partner_id] = JointCeiling(
                    group_id,
                    frozenset(
                        mate_id
                        for mate_id, *days in table.partners[group_id]
                        if _holds(day, *days)
                    ),
                    amount,
                    currency_id,
                )
        return found


def _holds(day, first, last):
    return first <= day and (not last or day <= last)
