from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...groups import CONTROLLER_GROUP
from .hold_kinds import RELEASE_KINDS


class CreditInsuranceHold(models.Model):
    """Who may decide on a hold, and what a decision has to say."""

    _inherit = "credit.insurance.hold"

    def _release(self, vals):
        """Release the order, if the acting user may; or sign for another to confirm.

        :param vals: release_kind, release_amount, release_until, reason,
            agreement_ref, legal_basis, attachment_ids (ids); second_to: id of who has
            signed first, where this is the second signature
        :raise AccessError: without the right
        :raise ValidationError: where something is missing
        """
        self.ensure_one()
        self._check_may_decide()
        vals = self._sign_second(vals)
        self._check_release(vals)
        self._check_may_release(vals)
        # sudo: decisions are written here and nowhere else, after these checks
        hold = self.sudo()
        if not hold.first_signed_by:
            hold.write(self._prepare_release(vals))
            # the dialogue's files move to the hold; those of other records stay there
            # sudo: who decides owns them, and may not write where they go
            self._own_files(hold.attachment_ids).sudo().write(
                {"res_model": self._name, "res_id": self.id}
            )
            stake = self._stake(vals["release_amount"], vals["release_kind"])
            if self._needs_second_signature(self.env.user, stake):
                self._sign_first()
                return
        hold.write(
            {
                "state": "released",
                "decided_by": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        hold._close_activities()
        hold._tell_salesperson(hold._released_message)

    def _released_message(self, env):
        """Say in the language of an environment what was released."""
        return env._(
            "Order released up to %(amount)s until %(day)s: it can be confirmed.",
            amount=self.with_env(env).currency_id.format(self.confirmable_amount),
            day=format_date(env, self.release_until),
        )

    def _refuse(self, reason):
        """Refuse the release, if the acting user may decide."""
        self.ensure_one()
        self._check_may_decide()
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why the release is refused."))
        hold = self.sudo()  # see _release
        hold.write(
            {
                "state": "refused",
                "reason": reason,
                "decided_by": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        hold._close_activities()
        hold._tell_salesperson(hold._refused_message)

    def _refused_message(self, env):
        """Say in the language of an environment that the release was refused."""
        return env._("The release of this order was refused: %s", self.reason)

    def _check_may_decide(self):
        """Check group, company and that who asked does not grant.

        :raise AccessError: where the acting user may not decide
        """
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller decides on a release.")
            )
        self.check_access("read")
        if closed := self.filtered(lambda hold: hold.state != "open"):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The request for %(order)s is decided already: %(state)s.",
                    order=closed[0].name,
                    state=states[closed[0].state],
                )
            )
        if self.env.user in self._askers():
            raise AccessError(
                self.env._(
                    "You asked for this release, sell what is held or had a part in "
                    "it: somebody else has to decide on it."
                )
            )

    def _check_release(self, vals):
        """Check that the release says all it has to.

        :raise ValidationError: naming what is missing
        """
        today = self.env["credit.insurance.position"]._today(self.company_id)
        has_file = self._has_file(vals.get("attachment_ids"))
        if vals.get("release_kind") not in dict(RELEASE_KINDS):
            message = self.env._("Say what kind of release this is.")
        elif self.currency_id.compare_amounts(vals.get("release_amount") or 0, 0) <= 0:
            message = self.env._(
                "The released amount must be positive: the largest total, tax "
                "included, that the order may reach."
            )
        elif not vals.get("release_until") or vals["release_until"] < today:
            message = self.env._("The release must be valid until today or later.")
        elif not (vals.get("reason") or "").strip():
            message = self.env._("Say why the order is released.")
        elif vals["release_kind"] == "insurer_agreement" and not (
            (vals.get("agreement_ref") or "").strip() and has_file
        ):
            message = self.env._(
                "The insurer's agreement needs its reference and the document."
            )
        elif self.has_sanction and not (
            (vals.get("legal_basis") or "").strip() and has_file
        ):
            message = self.env._(
                "A sanctioned country needs the legal basis of the release and a file."
            )
        else:
            message = self._check_release_until(
                vals["release_until"], today
            ) or self._check_release_amount(vals["release_amount"])
        if message:
            raise ValidationError(message)

    def _check_release_until(self, until, today):
        """Return why a release may not be valid until then, or None."""
        longest = self.company_id.credit_release_max_days
        if not longest or (until - today).days <= longest:
            return None
        return self.env._(
            "A release is valid for at most %(days)s days here, until %(day)s; ask for "
            "it again when that is over.",
            days=longest,
            day=format_date(self.env, today + timedelta(days=longest)),
        )

    def _has_file(self, attachment_ids):
        """Whether one of these files was brought for it, with something in it.

        :raise AccessError: for files that the user may not read
        """
        files = self.env["ir.attachment"].browse(attachment_ids or ()).exists()
        files.check_access("read")
        brought = self._own_files(files) | (files & self.attachment_ids)
        return any(brought.mapped("file_size"))

    def _own_files(self, files):
        """Return the files that the acting user brought: neither others' nor public.

        Whatever an employee may read, pictures of the website too, proves nothing.
        """
        return files.filtered(
            lambda file: file.create_uid == self.env.user
            and not file.res_id
            and not file.public
        )

    def _check_release_amount(self, amount):
        """Return why a release of this amount would not let the order go, or None."""
        order = self.order_id.sudo()  # a controller need not read orders
        parties = (order._credit_debtor(), order.company_id, order.currency_id)
        if parties != (self.partner_id, self.company_id, self.currency_id):
            return self.env._(
                "%(order)s has another buyer, company or currency than when the "
                "release was asked for: it has to be asked for again.",
                order=order.name,
            )
        total = order._credit_to_release()
        if self.currency_id.compare_amounts(amount, total) < 0:
            return self.env._(
                "A release of %(amount)s does not let %(order)s go: its total, tax "
                "included, is %(total)s. Release the whole total, or refuse and say up "
                "to which amount the order could go.",
                amount=self.currency_id.format(amount),
                order=order.name,
                total=self.currency_id.format(total),
            )
        return None
