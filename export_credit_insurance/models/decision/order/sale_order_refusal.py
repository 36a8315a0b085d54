from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from ...groups import CREDIT_GROUP
from ...titled import titled
from ..check.credit_finding import SANCTION_CODE, UNFILLED_CODES


class SaleOrder(models.Model):
    """What is said to whom the gate refuses, and the way on from there.

    Employees read what lacks and how to ask for a release; limits and reasons are for
    those who may know them, and customers read not a word about credit (DESIGN 7).
    """

    _inherit = "sale.order"

    def _refuse_credit(self, assessments, cleared):
        """Refuse what does not pass; the button asks for release in a new request.

        :raise RedirectWarning: for employees, with the way to ask for release
        :raise UserError: for everybody else, without a word about credit
        """
        refused = self.browse(
            [order.id for order, found in assessments.items() if not found.passes]
        )
        if not refused:
            return
        user = self.env.user
        if not user._is_internal():
            raise UserError(
                self.env._(
                    "This order cannot be confirmed yet. We will contact you shortly."
                )
            )
        message = self._credit_refusal_message(assessments)
        if self.env.context.get("import_file"):
            raise UserError(message)  # an import lists errors, it has no buttons
        if moved := refused.filtered(lambda order: order._credit_moved(cleared)):
            moved._refuse_moved_credit(message)
        refused._offer_credit_request(message, cleared)

    def _refuse_moved_credit(self, message):
        """Refuse what makes other orders of these: no release lets them go.

        :raise UserError: with what can be done
        """
        cure = self.env._(
            "%(orders)s: a confirmed order that changes its buyer, company or"
            " currency cannot be released. Cancel it, make a new quotation and"
            " ask for its release.",
            orders=", ".join(self.mapped("name")),
        )
        raise titled(UserError(f"{message}\n\n{cure}"), self._credit_refusal_title())

    def _offer_credit_request(self, message, cleared):
        """Refuse these orders; offer to ask for their release, or what was asked.

        :raise RedirectWarning: with the way there
        """
        unasked = self.filtered(
            lambda order: not order._credit_is_asked(cleared[order.id])
        )
        if not unasked:
            action, button = (
                "action_credit_request_open",
                self.env._("Open the Request"),
            )
            context = {"active_model": "sale.order", "active_ids": self.ids}
        else:
            action = "action_credit_release_request"
            button = self.env._("Ask for Credit Release")
            context = unasked._prepare_credit_request(cleared)
        action_id = self.env.ref(f"export_credit_insurance.{action}").id
        raise titled(
            RedirectWarning(message, action_id, button, context),
            self._credit_refusal_title(),
        )

    @api.model
    def _credit_refusal_title(self):
        return self.env._("Stopped by the Credit Check")

    def _prepare_credit_request(self, cleared):
        """Return the context of the dialogue that asks for these orders' release."""
        return {
            "active_model": "sale.order",
            "active_id": self[:1].id,
            "active_ids": self.ids,
            "credit_requested_amounts": {
                str(order.id): order._credit_to_release() for order in self
            },
            "credit_requested_changes": {
                str(order.id): change
                for order in self
                if (change := order._credit_refused_change(cleared[order.id]))
            },
        }

    def _credit_moved(self, cleared):
        """Whether the order was cleared for another buyer, company or currency."""
        row = cleared[self.id]
        return bool(row.debtor_id) and row.parties != self._credit_parties()

    def _credit_refused_change(self, row):
        """Return what would have changed in a confirmed order besides its total.

        The refusal undoes it; the request for release takes it along.
        """
        change = {}
        if row.replaced_amount or self._credit_outgrows_total(row):
            change["growth"] = self._credit_growth(row)
        delivery_country_id, invoice_country_id = self._credit_country_ids()
        if delivery_country_id != row.delivery_country_id:
            change["partner_shipping_id"] = self.partner_shipping_id.id
        if invoice_country_id != row.invoice_country_id:
            change["partner_invoice_id"] = self.partner_invoice_id.id
        if (self.payment_term_id.id or None) != row.payment_term_id:
            change["payment_term_id"] = self.payment_term_id.id
        return change

    def _credit_refusal_message(self, assessments):
        """Name every order refused, with figures and cure, and those that pass."""
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        refused = {o: found for o, found in assessments.items() if not found.passes}
        passing = [order for order, found in assessments.items() if found.passes]
        parts = [
            order._credit_order_refusal(found, is_insider)
            for order, found in refused.items()
        ]
        if passing:
            parts.append(
                self.env._(
                    "Would pass without them: %(orders)s. Nothing was confirmed.",
                    orders=", ".join(order.name for order in passing),
                )
            )
        return "\n\n".join(parts)

    def _credit_order_refusal(self, found, is_insider):
        self.ensure_one()
        case = found.case
        lines = [
            self.env._(
                "%(order)s, %(buyer)s, %(total)s:",
                order=self.name,
                buyer=case.debtor.display_name,
                total=self.currency_id.format(self.amount_total),
            )
        ]
        if is_insider:
            for finding in found.blocking:
                lines.append(f"- {finding.message} {finding.cure}")
        else:
            lines.append(f"- {self._credit_public_message(found)}")
        if hold := self._credit_hold_message(is_insider):
            lines.append(hold)
        return "\n".join(lines)

    def _credit_public_message(self, found, request=None):
        """Say what any employee may know: the amount, never insurer, grade or reason.

        Limits and their conditions are confidential to the insured (DESIGN 7); that a
        country or a rate is not filled in is no secret.

        :param request: where a request for release stands, else that of the order
        """
        if request is None:
            request = self._credit_request_message()
        unknown = [each.cure for each in found.blocking if each.code in UNFILLED_CODES]
        if unknown and len(unknown) == len(found.blocking):
            return " ".join(filter(None, [*unknown, request]))
        exceeded = self.env._(
            "Authorised credit exceeded by %(amount)s. %(cure)s",
            amount=found.case.currency.format(found.exceeding),
            cure=request or self._credit_public_cure(found),
        )
        return " ".join([exceeded, *unknown])

    def _credit_public_cure(self, found):
        """Say what helps; the longest payment terms are no secret, their reason is."""
        codes = {finding.code for finding in found.blocking} - {*UNFILLED_CODES}
        days = found.case.position.max_payment_days
        if SANCTION_CODE in codes:
            return self.env._("Ask for a release.")
        if codes == {"terms_too_long"}:
            return self.env._(
                "Agree on payment within %(days)s days, ask for a release, or agree on "
                "prepayment.",
                days=days,
            )
        if "terms_too_long" in codes:
            return self.env._(
                "Ask for a release, or agree on prepayment. Besides, payment terms may "
                "be %(days)s days at most.",
                days=days,
            )
        return self.env._("Ask for a release, or agree on prepayment.")

    def _credit_request_message(self):
        """Say who asked for a release, when, and who is to decide on it."""
        return self.sudo().credit_hold_id._waiting_text()  # shows its state only

    def _credit_is_asked(self, row):
        """Whether somebody has asked for all that is refused already."""
        if row.debtor_id and self._credit_refused_change(row):
            return False
        hold = self.sudo().credit_hold_id  # shows its state only
        return hold._reaches_order(self, self._credit_to_release())

    def _credit_hold_message(self, is_insider):
        """Say where the request for release stands, unless the cure says it already."""
        hold = self.sudo().credit_hold_id  # shows its state only
        if hold.state == "open":
            return self._credit_request_message() if is_insider else ""
        if hold.state == "refused":
            return self.env._("A release was refused: %(reason)s", reason=hold.reason)
        return ""
