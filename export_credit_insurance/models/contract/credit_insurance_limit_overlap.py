from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .credit_insurance_limit import GRANTED_STATES
from .limit_in_force import is_effective

# Only one line of these kinds may be in force per policy and buyer.
SINGLE_KINDS = ("named", "express", "discretionary")


class CreditInsuranceLimit(models.Model):
    """What two lines of one buyer may not be on a same day."""

    _inherit = "credit.insurance.limit"

    @api.constrains(
        "policy_id",
        "partner_id",
        "kind",
        "state",
        "date_from",
        "date_to",
        "conditions_met",
        "currency_id",
        "insurer_buyer_ref",
    )
    def _check_overlap(self):
        """One named line at a time, and lines that add up share one currency."""
        granted = self.filtered(lambda limit: limit.state in GRANTED_STATES)
        if not granted:
            return
        refs = [ref for ref in granted.mapped("insurer_buyer_ref") if ref]
        peers = self.search(
            Domain("policy_id", "in", granted.policy_id.ids)
            & Domain("state", "in", GRANTED_STATES)
            & (
                Domain("partner_id", "in", granted.partner_id.ids)
                | Domain("insurer_buyer_ref", "in", refs)
            )
        )
        # only those of one buyer or one number can meet
        near = defaultdict(set)
        for peer in peers:
            near[peer.policy_id, peer.partner_id].add(peer.id)
            if peer.insurer_buyer_ref:
                near[peer.policy_id, peer.insurer_buyer_ref].add(peer.id)
        for limit in granted:
            ids = near[limit.policy_id, limit.partner_id] - {limit.id}
            if limit.insurer_buyer_ref:
                ids |= near[limit.policy_id, limit.insurer_buyer_ref] - {limit.id}
            for other in self.browse(sorted(ids)):
                if limit._meets(other):
                    limit._check_pair(other)

    def _meets(self, other):
        """Tell whether two granted lines serve one buyer on a same day."""
        self.ensure_one()
        same_buyer = self.partner_id == other.partner_id or (
            self.insurer_buyer_ref and self.insurer_buyer_ref == other.insurer_buyer_ref
        )
        return (
            same_buyer
            and self._is_effective()
            and other._is_effective()
            and (not other.date_to or self.date_from <= other.date_to)
            and (not self.date_to or other.date_from <= self.date_to)
        )

    def _check_pair(self, other):
        """Refuse what two lines in force together may not be."""
        self.ensure_one()
        kinds = {self.kind, other.kind}
        if (
            self.kind == other.kind
            and self.kind in SINGLE_KINDS
            and self.partner_id == other.partner_id
        ):
            raise ValidationError(
                self.env._(
                    "%(buyer)s already has the limit %(amount)s in force from "
                    "%(start)s under policy %(policy)s. Record the new decision on "
                    "that line: it will be closed on the day before.",
                    buyer=self.partner_id.display_name,
                    amount=other.currency_id.format(other.amount),
                    start=format_date(self.env, other.date_from),
                    policy=self.policy_id.display_name,
                )
            )
        adds_up = "discretionary" not in kinds and kinds != {"named", "express"}
        if adds_up and self.currency_id != other.currency_id:
            raise ValidationError(
                self.env._(
                    "%(buyer)s has a limit in %(other)s in force under policy "
                    "%(policy)s: one in %(currency)s cannot be added to it. Cancel "
                    "the former first.",
                    buyer=self.partner_id.display_name,
                    other=other.currency_id.name,
                    currency=self.currency_id.name,
                    policy=self.policy_id.display_name,
                )
            )

    def _is_effective(self):
        """Tell whether a granted line is in force on at least one day."""
        self.ensure_one()
        return is_effective(self)
