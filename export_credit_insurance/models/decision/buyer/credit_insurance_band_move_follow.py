from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from ...reader_language import env_for

ACTIVITY_BAND = "export_credit_insurance.mail_activity_type_band_move"
NOTE_LINES = 30
#: what ratings are found by, beside the buyer itself
GRADED_BY = ("country_id", "industry_id")


class CreditInsuranceBandMove(models.Model):
    """What follows when buyers stand in another band: orders, holds, who reads of it.

    Nothing is refused by it: orders that would not pass any more are held for a person
    to decide, as after any other event.
    """

    _inherit = "credit.insurance.band.move"

    def _have_followed(self, company, since):
        """Have orders of those who fell reviewed, and holds of those who rose.

        Holds of those in no band any more, too: what their band refused may go. So may
        what was held while they were in none, once they are in one; of those who come
        back from none the orders are reviewed, for the band may be a bad one.

        :param since: when the job ran last; buyers who had a review for a rating since
            then get no second one
        """
        risen = self.filtered(lambda move: move.direction != "down")
        self.env["credit.insurance.hold"]._cover_may_be_back(risen.partner_id)
        if not self.env["credit.insurance.check.rule"]._bands_matter():
            return
        domain = [("cause", "in", ("rating", "score")), ("company_id", "=", company.id)]
        if since:
            domain.append(("create_date", ">=", since))
        reviews = self.env["credit.insurance.review"].search(domain)
        fallen = self.filtered(lambda move: move.direction == "down").partner_id
        fallen |= self._graded_again(company)
        fallen -= reviews.partner_ids
        countries = reviews.country_ids
        self.env["credit.insurance.review"]._notice(
            "band",
            partners=fallen.filtered(lambda buyer: buyer.country_id not in countries),
            companies=company,
        )

    def _graded_again(self, company):
        """Return the buyers who stand in a band again after they were in none."""
        first = self.filtered(lambda move: move.direction == "first").partner_id
        lost = self.search(
            Domain("direction", "=", "lost")
            & Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", first.ids)
        )
        return lost.partner_id

    def _tell(self, company):
        """Tell the controllers, once for all, who fell and owes something or may.

        The activity stands on the move of who owes most; it names the others.
        """
        exposed = {}
        for move in self:
            buyer = move.partner_id.with_company(company)
            if buyer.credit_exposure > 0 or buyer.insured_limit > 0:
                exposed[move] = buyer.credit_exposure
        if not exposed:
            return
        largest_first = sorted(exposed, key=exposed.get, reverse=True)
        moves = self.browse().union(*largest_first)
        for user in company._credit_people():
            env = env_for(self, user)
            moves[0].activity_schedule(
                ACTIVITY_BAND,
                user_id=user.id,
                summary=env._(
                    "Buyers in a lower risk band: %(count)s", count=len(moves)
                ),
                note=moves.with_env(env)._note(),
            )

    def _note(self):
        """Return a line for each buyer, as far as anybody reads."""
        items = [move._text() for move in self[:NOTE_LINES]]
        if more := len(self) - len(items):
            items.append(self.env._("… and %(count)s more", count=more))
        return Markup("<ul>%s</ul>") % Markup("").join(
            Markup("<li>%s</li>") % item for item in items
        )

    def _text(self):
        """Return who moved from where to where.

        Without the scores that are the reason: those go with the move, a note stays.
        """
        self.ensure_one()
        buyer, before = self.partner_id.display_name, self.band_from_id.name
        return f"{buyer}: {before} → {self.band_id.name}"


class ResPartner(models.Model):
    """Buyers whose band may be another by now: the job that notices it is started."""

    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS 'base': another country or sector has other ratings
        names = [name for name in GRADED_BY if name in vals]
        if not names or not self.env["res.company"]._credit_check_modes():
            return super().write(vals)
        # sudo: what the change means for credit does not depend on who makes it
        before = {buyer: [buyer[name] for name in names] for buyer in self.sudo()}
        result = super().write(vals)
        changed = [
            buyer.id
            for buyer, values in before.items()
            if [buyer[name] for name in names] != values
        ]
        self.env["credit.insurance.band.move"]._regrade(changed)
        return result

    @api.model
    def _forget_credit_scores(self):
        # EXTENDS: ratings, bands or weights have changed, so may have bands of buyers
        result = super()._forget_credit_scores()
        self.env["credit.insurance.band.move"]._soon()
        return result

    def action_credit_band_moves(self):
        """Open how the buyer's band went."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_band_move_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }
