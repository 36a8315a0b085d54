from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .res_partner_agreements import Agreement

# Of these a buyer has one from each policy or company: two cannot become one. What
# indemnity and exchange add to the agreements is called by its names there.
EXCLUSIVE_KINDS = ("limit", "own_risk", "hold", "notice_draft", "request_draft")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts moves all rows in SQL, past every rule of the models.

    So the rules are looked at before: two buyers on whom one policy has decided stay
    two, until one of the decisions is ended. Afterwards one buyer owes what two owed.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base'
        known = self._credit_classified(partner_ids)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        if self.env["res.company"]._credit_check_modes():
            # sudo: what it means for credit does not depend on who merges
            merged = self.env["res.partner"].sudo().browse(partner_ids).exists()
            self._refuse_to_reclassify(merged, known)
            merged.filtered(
                lambda partner: partner.commercial_partner_id != partner
            )._check_no_agreements()
            # sudo: as above
            self.env["credit.insurance.review"].sudo()._review_merged(merged)
        return result

    @api.model
    def _credit_classified(self, partner_ids):
        """Return {(country, kind)} of those who have credit, or were refused it.

        Nothing where who merges may change it: as where a partner is edited.
        """
        # sudo: who merges may not read credit data
        buyers = self.env["res.partner"].sudo().browse(partner_ids).exists()
        if buyers.with_env(self.env)._may_classify_buyers():
            return set()
        return {
            (buyer.country_id, buyer._credit_kind())
            for buyer in buyers
            if buyer._have_credit()
        }

    @api.model
    def _refuse_to_reclassify(self, merged, known):
        """Keep buyers who have credit in their country, and what they are.

        Merged into a twin at home, or into a private person, nobody would ask for
        their credit any more.

        :param known: see :meth:`_credit_classified`
        :raise AccessError: for all but credit control
        """
        now = {(buyer.country_id, buyer._credit_kind()) for buyer in merged}
        no_country = self.env["res.country"]
        if any(
            kind not in ("private", now_kind)
            or country not in (no_country, now_country)
            for country, kind in known
            for now_country, now_kind in now
        ):
            raise AccessError(
                self.env._(
                    "Only a credit controller merges a buyer whose credit was asked "
                    "for or decided on into one of another country or kind: cover, "
                    "zone and sanctions depend on them. Merge into the buyer that has "
                    "the credit."
                )
            )

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base'
        # sudo: like the review that follows
        buyers = (src_partners | dst_partner).sudo()
        if self.env["res.company"]._credit_check_modes():
            self.env["credit.insurance.anchor"]._bump(buyers.commercial_partner_id)
        self._check_credit_merge(buyers)
        self._drop_double_ratings(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.registry.clear_cache()  # who belongs to which group
        return result

    @api.model
    def _check_credit_merge(self, buyers):
        """Check that no two of them have something that one buyer has only once.

        :raise UserError: naming both, and what to do
        """
        agreements = buyers._credit_agreements()
        for buyer, holds in buyers._credit_open_holds().items():
            agreements[buyer] = agreements.get(buyer, []) + holds
        first = {}
        for buyer, own in agreements.items():
            for agreement in own:
                if agreement.kind not in EXCLUSIVE_KINDS:
                    continue
                key = (agreement.kind, agreement.holder)
                other, text = first.setdefault(key, (buyer, agreement.text))
                if other != buyer:
                    raise UserError(
                        self.env._(
                            "%(one)s (%(agreed)s) and %(other)s (%(other_agreed)s) "
                            "cannot be merged: both would hold for one buyer. End or "
                            "decide one of them first, and tell the insurer which "
                            "number remains.",
                            one=other.display_name,
                            agreed=text,
                            other=buyer.display_name,
                            other_agreed=agreement.text,
                        )
                    )

    @api.model
    def _drop_double_ratings(self, src_partners, dst_partner):
        """Drop a source's opinion that the merged buyer has already for that day.

        Otherwise the merge would drop all of the contact's ratings for the sake of one.
        """
        self.env["credit.insurance.buyer.rating"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM credit_insurance_buyer_rating double
                 USING credit_insurance_buyer_rating kept
                 WHERE double.partner_id = ANY(%(sources)s)
                   AND kept.source_id = double.source_id AND kept.date = double.date
                   AND kept.company_id IS NOT DISTINCT FROM double.company_id
                   AND (kept.partner_id = %(target)s
                        OR kept.partner_id = ANY(%(sources)s)
                       AND kept.id < double.id)
                """,
                sources=src_partners.ids,
                target=dst_partner.id,
            )
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_open_holds(self):
        """Return {buyer: [:class:`Agreement`]} for requests that wait."""
        rows = self.env["credit.insurance.hold"].search(
            [("partner_id", "in", self.ids), ("state", "=", "open")], order="id"
        )
        return {
            buyer: [
                Agreement(
                    "hold",
                    policy,
                    self.env._(
                        "on hold: %(orders)s",
                        orders=", ".join(group.mapped("name")),
                    ),
                )
                for policy, group in holds.grouped("policy_id").items()
            ]
            for buyer, holds in rows.grouped("partner_id").items()
        }
