from odoo import fields, models
from odoo.tools import SQL

from ...contract.credit_insurance_buyer_group_member import with_group_members
from ...contract.shared_numbers import sharing_buyers


class CreditInsuranceAnchor(models.Model):
    """Serialise the checks of one buyer: a row that every check writes.

    Two people who confirm at the same moment must not both pass. Odoo runs in
    REPEATABLE READ, so a lock alone is not enough (the one who waited keeps his old
    snapshot); a real write makes the second transaction fail and be replayed, and the
    replay sees what the first one took (ODOO19 1.3). One row per commercial partner
    for all companies, because a limit can be shared by several; and one insurer's
    number can stand for several partners, so theirs are written too, as are those of
    the other members of the buyer's group. Who signs a release has one as well: what
    one person signs in a month is bounded.
    """

    _name = "credit.insurance.anchor"
    _description = "Credit Check Anchor"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    revision = fields.Integer(required=True, default=0)

    _partner_unique = models.Constraint(
        "UNIQUE (partner_id)", "A buyer has one anchor only."
    )

    def _bump(self, partners, may_share=True):
        """Write the anchors of these buyers, in one order so that none deadlocks.

        To be called before anything is read that the check depends on.

        :param partners: commercial partners, or those of users
        :param may_share: False where no insurer takes them for other partners too
        """
        if not partners:
            return
        ids = sorted(partners.ids)
        rows = SQL("VALUES %s", SQL(", ").join((id_, 0) for id_ in ids))
        if self._may_share(may_share):
            buyers = self._sharing(SQL("SELECT unnest(%s::int[]) AS id", ids))
            rows = SQL("SELECT id, 0 FROM (%s) buyer ORDER BY id", buyers)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO credit_insurance_anchor (partner_id, revision) %s
                ON CONFLICT (partner_id) DO UPDATE
                SET revision = credit_insurance_anchor.revision + 1
                """,
                rows,
            ),
            log_exceptions=False,  # losing the race is no error: it is replayed
        )

    def _may_share(self, may_share):
        """Whether others than these buyers can be concerned at all."""
        groups = self.env["credit.insurance.buyer.group"]
        return may_share or groups._group_table().members

    def _sharing(self, buyers):
        """Return the query of all whose room these buyers take.

        Those of one insurer's number, and where there are groups of buyers, the
        members of theirs: they share a ceiling.
        """
        groups = self.env["credit.insurance.buyer.group"]
        if groups._group_table().members:
            return with_group_members(sharing_buyers(buyers))
        return sharing_buyers(buyers)
