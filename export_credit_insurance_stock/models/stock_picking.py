from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.export_credit_insurance.models.groups import CREDIT_GROUP
from odoo.addons.export_credit_insurance.models.titled import titled


class StockPicking(models.Model):
    """The gate on deliveries: what is done in the background, and what is refused."""

    _inherit = "stock.picking"

    def _action_done(self):
        # EXTENDS 'stock': held transfers stay as they are, the others go
        if not self.env["res.company"]._credit_check_modes():
            return super()._action_done()
        held = self.move_ids._pass_credit_check().picking_id
        ready = self - held
        if held and not ready:
            return True
        with ready.move_ids._credit_passing():
            result = super(StockPicking, ready)._action_done()
        self.env["credit.insurance.hold"]._settle_delivered(ready)
        return result

    def action_cancel(self):
        # EXTENDS 'stock'
        result = super().action_cancel()
        if self.env["res.company"]._credit_check_modes():
            self.env["credit.insurance.hold"]._settle_undelivered(self)
        return result

    def write(self, vals):
        # EXTENDS 'stock': moves compute from their transfer where they come from and go
        if (
            not {"location_id", "location_dest_id"} & vals.keys()
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        before = self.move_ids._credit_records()
        result = super().write(vals)
        self.env["stock.move"].browse(before)._check_credit_kept(before)
        return result

    # === WHAT WOULD LEAVE === #

    def _credit_deliveries(self):
        """Return the :class:`Delivery` of what would leave with these transfers now."""
        moves = self.env["stock.move"]
        goods = []
        for picking in self:
            checked = picking.move_ids._credit_checked()
            is_picked = any(checked.mapped("picked"))
            goods += checked._credit_goods(planned=not is_picked)
        return moves._credit_deliveries(goods)

    # === REFUSAL === #

    @api.model
    def _refuse_credit_deliveries(self, deliveries, assessments):
        """Refuse deliveries; the button asks for release in a new request.

        :raise RedirectWarning: with the way to ask for release
        :raise UserError: where whole orders wait for a decision already
        """
        deliveries, assessments = self._credit_whole_call(deliveries, assessments)
        message = self._credit_refusal_message(deliveries, assessments)
        pickings = self.browse().union(
            *(
                each.picking
                for each in deliveries
                if assessments[each.key].blocking and not assessments[each.key].released
            )
        )
        title = self.env["sale.order"]._credit_refusal_title()
        if not pickings:
            raise titled(UserError(message), title)
        unasked = pickings.browse().union(
            *(
                each.picking
                for each in deliveries
                if each.picking in pickings
                and not each.picking._credit_latest_hold()._reaches_order(
                    each.order, each.value
                )
            )
        )
        action, button = "action_credit_request_open", self.env._("Open the Request")
        if unasked:
            action = "action_credit_delivery_request"
            button = self.env._("Ask for Credit Release")
        action_id = self.env.ref(f"export_credit_insurance_stock.{action}").id
        context = {
            "active_model": "stock.picking",
            "active_ids": (unasked or pickings).ids,
        }
        raise titled(RedirectWarning(message, action_id, button, context), title)

    @api.model
    def _credit_whole_call(self, deliveries, assessments):
        """Take in the other transfers that are being validated in the same call.

        Odoo takes those that leave no backorder first: of the rest it is only said
        whether it would go.
        """
        ids = self.env.context.get("button_validate_picking_ids") or []
        known = {each.picking.id for each in deliveries}
        others = self.browse([id_ for id_ in ids if id_ not in known]).exists()
        # whoever validates names them: nothing is said of those they may not read
        others = others._filtered_access("read")._credit_deliveries()
        if not others:
            return deliveries, assessments
        checks = self.env["credit.insurance.check"]
        deliveries = [*deliveries, *others]
        return deliveries, checks._assess_deliveries(deliveries)

    @api.model
    def _credit_refusal_message(self, deliveries, assessments):
        """Name every delivery refused, with figures and cure, and those that pass."""
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        parts, passing = [], []
        for delivery in deliveries:
            found = assessments[delivery.key]
            if found.passes:
                passing.append(delivery.name)
            else:
                parts.append(self._credit_delivery_refusal(delivery, found, is_insider))
        if passing:
            parts.append(
                self.env._(
                    "Would pass without them: %(deliveries)s. Nothing was validated.",
                    deliveries=", ".join(passing),
                )
            )
        return "\n\n".join(parts)

    @api.model
    def _credit_delivery_refusal(self, delivery, found, is_insider):
        title = self.env._(
            "%(delivery)s, %(buyer)s, %(value)s:",
            delivery=delivery.name,
            buyer=found.case.debtor.display_name,
            value=delivery.order.currency_id.format(delivery.value),
        )
        lines = delivery.picking._credit_reasons(delivery, found, is_insider)
        return "\n".join([title, *(f"- {line}" for line in lines)])

    def _credit_reasons(self, delivery, found, is_insider):
        """Say why a delivery does not leave, and what helps, a line each.

        Without a credit group nothing is said but by how much the authorised credit is
        exceeded: never insurer, grade, limit or reason (DESIGN 7).
        """
        lines = self._credit_stop_reasons(found, is_insider)
        if found.released or not found.blocking:
            return lines
        if is_insider:
            lines += [f"{each.message} {each.cure}" for each in found.blocking]
        else:
            order = delivery.order
            lines.append(
                order._credit_public_message(found, self._credit_request_text())
            )
        text = self._credit_decision_text(is_insider)
        if is_insider:
            text = text or self._credit_request_text()
        return [*lines, text] if text else lines

    def _credit_stop_reasons(self, found, is_insider):
        """Say which holds keep all of the order."""
        if not found.stops:
            return []
        if not is_insider:
            return [
                self.env._("The order is on hold: credit control has to release it.")
            ]
        kinds = dict(
            found.stops._fields["kind"]._description_selection(found.stops.env)
        )
        return [
            self.env._(
                "The order is on hold (%(kind)s): nothing more of it leaves until "
                "credit control releases it.",
                kind=kinds[hold.kind],
            )
            for hold in found.stops
        ]

    @api.model
    def _raise_credit_hold(self):
        raise UserError(self.env._("The delivery is on credit hold: it cannot leave."))
