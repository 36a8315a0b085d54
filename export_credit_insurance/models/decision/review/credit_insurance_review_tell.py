from markupsafe import Markup

from odoo import SUPERUSER_ID, fields, models

from ...groups import CREDIT_GROUP
from ...reader_language import env_for
from ..hold.hold_kinds import ACTIVITY_TOLD
from .credit_insurance_review import CHANGE_CAUSES

ACTIVITY_REVIEW = "export_credit_insurance.mail_activity_type_credit_review"
REVIEW_KINDS = ("buyer", "review")
NOTE_LINES = 30


class CreditInsuranceReview(models.Model):
    """Who reads of what an event means: each person once, whatever the orders.

    Internal activities in their reader's language; nothing is sent to followers, who
    may be customers (DESIGN 7).
    """

    _inherit = "credit.insurance.review"

    def _by_the_team(self):
        """Return self as the system where a customer acts: the team tells each other.

        Of what a customer wrote, an answer would go to the customer.
        """
        return self if self.env.user._is_internal() else self.with_user(SUPERUSER_ID)

    def _in_readers_language(self):
        """Return self in the language of who decides: holds keep what is said."""
        self.ensure_one()
        deciders = self.company_id._credit_controllers()
        return self.with_env(env_for(self, deciders))

    def _tell(self):
        self.ensure_one()
        # salespeople hear nothing of a policy that is only being observed
        concerned = self.line_ids.filtered(lambda line: not line.is_observed)
        for user, lines in concerned.grouped(lambda line: line._seller()).items():
            if user.active and not user.share:
                self._tell_salesperson(user, lines)
        held = self.line_ids.filtered(lambda line: line.hold_state == "open")
        if held:
            self._tell_controllers(held)

    def _tell_salesperson(self, user, lines):
        """Leave one activity, on the first of this salesperson's orders."""
        env = env_for(self, user)
        lines[0].order_id.activity_schedule(
            ACTIVITY_TOLD,
            user_id=user.id,
            summary=env._("Orders with credit to review: %(count)s", count=len(lines))
            if len(lines) > 1
            else env._("Credit to review: %(order)s", order=lines.order_id.name),
            note=lines.with_env(env)._note(self.with_env(env)._salesperson_text(user)),
        )

    def _salesperson_text(self, user):
        """Say what happened, to those who may know; limits are confidential."""
        if user.has_group(CREDIT_GROUP):
            return self.display_name
        if self.cause in CHANGE_CAUSES:
            return self.env._(
                "Buyer or country have changed: these orders exceed the authorised "
                "credit."
            )
        return self.env._("These orders exceed the authorised credit as it is now.")

    def _tell_controllers(self, lines):
        """Leave one activity on the event for each who decides on one of its holds."""
        holds = lines.hold_id
        found = holds._deciders()
        if undecided := holds.filtered(lambda hold: not found[hold].able):
            undecided._tell_administrators()
        told = [who.first | who.further for who in found.values()]
        for user in self.env["res.users"].union(*told):
            env = env_for(self, user)
            self.activity_schedule(
                ACTIVITY_REVIEW,
                user_id=user.id,
                summary=env._("Holds to decide: %(count)s", count=len(lines)),
                note=lines.with_env(env)._note(self.with_env(env).display_name),
            )


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    def _seller(self):
        """Return who sells, or leads the team that does."""
        self.ensure_one()
        return self.order_id.user_id or self.order_id.team_id.user_id

    def _note(self, text):
        """Return the text, with a line for each order as far as anybody reads."""
        items = [line._text() for line in self[:NOTE_LINES]]
        if more := len(self) - len(items):
            items.append(self.env._("… and %(count)s more", count=more))
        return Markup("<p>%s</p><ul>%s</ul>") % (
            text,
            Markup("").join(Markup("<li>%s</li>") % item for item in items),
        )

    def _text(self):
        """Say in one line what is to be done with the order."""
        self.ensure_one()
        figures = {
            "order": self.order_id.name,
            "buyer": self.partner_id.display_name,
            "amount": self.currency_id.format(self.undelivered_amount),
        }
        if self.stage == "till":
            return self.env._(
                "%(receipt)s, %(buyer)s: %(amount)s sold on account, %(missing)s more "
                "than the authorised credit. The goods are gone: collect it, have it "
                "insured or accept it.",
                **figures,
                receipt=self.receipt_ref,
                missing=self.limit_currency_id.format(self.missing_amount),
            )
        if self.hold_state == "open":
            return self.env._(
                "%(order)s, %(buyer)s: %(amount)s not delivered, on hold. Deliver "
                "nothing more until credit control has decided.",
                **figures,
            )
        if self.stage == "confirmed":
            return self.env._(
                "%(order)s, %(buyer)s: %(amount)s not delivered. Ask credit control "
                "before you deliver.",
                **figures,
            )
        return self.env._(
            "%(order)s, %(buyer)s: quotation of %(amount)s. Agree on prepayment, or "
            "ask for a release before it is confirmed.",
            **figures,
        )


class CreditInsuranceHold(models.Model):
    _inherit = "credit.insurance.hold"

    review_id = fields.Many2one(
        "credit.insurance.review",
        string="Event",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="What the buyer changed by, or what cover was lost to.",
    )

    def _tell_controllers(self):
        # an event tells once of all its holds, see credit.insurance.review; who is to
        # sign second is asked for each of them
        told_once = self.filtered(
            lambda hold: hold.kind in REVIEW_KINDS
            and hold.review_id
            and not hold.first_signed_by
        )
        return super(CreditInsuranceHold, self - told_once)._tell_controllers()
