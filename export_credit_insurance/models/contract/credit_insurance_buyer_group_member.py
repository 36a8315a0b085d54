from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

FIXED_FIELDS = {"group_id", "partner_id", "date_from"}


class CreditInsuranceBuyerGroupMember(models.Model):
    """A buyer that belongs to a group, from a day on: to one at a time."""

    _name = "credit.insurance.buyer.group.member"
    _description = "Member of a Group of Buyers"
    _inherit = ["credit.insurance.buyer.mixin"]
    _order = "group_id, date_from, id"
    _rec_name = "partner_id"

    group_id = fields.Many2one(
        "credit.insurance.buyer.group", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    date_to = fields.Date(string="Until")

    def _contact_refusal(self, **names):
        return self.env._(
            "%(contact)s is a contact of %(company)s. Groups are made of legal "
            "persons: choose %(company)s.",
            **names,
        )

    @api.constrains("partner_id", "date_from", "date_to")
    def _check_dates(self):
        # sudo: whoever enters a member, those of all groups count
        peers = self.sudo().search([("partner_id", "in", self.partner_id.ids)])
        by_buyer = peers.grouped("partner_id")
        for member in self:
            if member.date_to and member.date_to < member.date_from:
                raise ValidationError(
                    self.env._(
                        "%(buyer)s leaves the group on %(end)s, before it enters on "
                        "%(start)s. Correct the dates.",
                        buyer=member.partner_id.display_name,
                        end=format_date(self.env, member.date_to),
                        start=format_date(self.env, member.date_from),
                    )
                )
            for other in by_buyer.get(member.partner_id, peers.browse()) - member:
                if (not other.date_to or member.date_from <= other.date_to) and (
                    not member.date_to or other.date_from <= member.date_to
                ):
                    raise ValidationError(
                        self.env._(
                            "%(buyer)s belongs to %(group)s from %(start)s already: "
                            "end that first.",
                            buyer=member.partner_id.display_name,
                            group=other.group_id.name,
                            start=format_date(self.env, other.date_from),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Let a member leave; who belonged where stays."""
        self.check_access("write")
        if FIXED_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Who belonged to a group is history: enter the day on which the "
                    "buyer left it, and add another row."
                )
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


def with_group_members(buyers):
    """Return the query of these buyers and of all who belong to a group with them.

    :param buyers: query of the ids of commercial partners, one column ``id``
    """
    return SQL(
        """
        WITH own AS (%s)
        SELECT id FROM own
         UNION
        SELECT mate.partner_id
          FROM own
          JOIN credit_insurance_buyer_group_member member ON member.partner_id = own.id
          JOIN credit_insurance_buyer_group_member mate
            ON mate.group_id = member.group_id
        """,
        buyers,
    )
