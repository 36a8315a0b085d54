from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.export_credit_insurance.models.reader_language import env_for

ACTIVITY_TOLD = "export_credit_insurance_stock.mail_activity_type_delivery_decision"


class CreditInsuranceHold(models.Model):
    """Holds of deliveries: asked for by whoever ships, released up to their value.

    A release of a transfer holds for it and its backorders, up to the released amount
    and until its day, whatever of the order is delivered otherwise.
    """

    _inherit = "credit.insurance.hold"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The delivery that waits; empty where the whole order does.",
    )

    shipped_move_ids = fields.Many2many(
        "stock.move",
        "credit_insurance_hold_shipped_rel",
        "hold_id",
        "move_id",
        string="Left by This Release",
        readonly=True,
        help="What they are worth is used up of the released amount, whatever becomes "
        "of their transfers and dates.",
    )

    _one_open_per_delivery = models.UniqueIndex(
        "(order_id, picking_id) WHERE state = 'open' AND kind = 'delivery'",
        "A release has been asked for already: wait for the decision.",
    )

    @api.depends("picking_id.name")
    def _compute_name(self):
        # EXTENDS 'export_credit_insurance'
        result = super()._compute_name()
        for hold in self:
            if hold.picking_id:
                hold.name = f"{hold.picking_id.name} ({hold.order_id.name})"
        return result

    def action_open_picking(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    def _document(self):
        # EXTENDS 'export_credit_insurance': who asked may not read the order
        return self.picking_id or super()._document()

    def _told_activity(self):
        # EXTENDS 'export_credit_insurance'
        return ACTIVITY_TOLD if self.picking_id else super()._told_activity()

    # === REQUEST === #

    @api.model
    def _request_deliveries(self, deliveries, assessments, reason, **values):
        """Make a hold of each delivery, or renew the one that waits.

        :param assessments: {key of the delivery: its assessment}
        :param values: what else the holds say
        """
        holds = self.browse()
        # of one order there is a request for each of its transfers
        for round_ in self.env["credit.insurance.check"]._rounds(deliveries):
            # as superuser, lest whoever ships have to read the order
            holds += self._request(
                {each.order: assessments[each.key] for each in round_},
                reason,
                kind="delivery",
                **values,
            )
        pickings = self.env["stock.picking"].union(
            *(each.picking for each in deliveries)
        )
        pickings._note_credit_request(reason)
        return holds

    @api.model
    def _prepare_hold(self, order, found, reason, amount=None):
        # EXTENDS 'export_credit_insurance': of the transfer, and its value
        values = super()._prepare_hold(order, found, reason, amount)
        if delivery := getattr(found.case, "delivery", None):
            values |= {"picking_id": delivery.picking.id, "amount": delivery.value}
        return values

    @api.model
    def _same_request_domain(self, assessments):
        # EXTENDS 'export_credit_insurance': each transfer waits for its own decision
        domain = super()._same_request_domain(assessments)
        pickings = [
            found.case.delivery.picking.id
            for found in assessments.values()
            if getattr(found.case, "delivery", None)
        ]
        return [*domain, ("picking_id", "in", pickings)] if pickings else domain

    @api.model
    def _hold_deliveries(self, deliveries, assessments):
        """Put deliveries on hold that were to leave without anybody to refuse it to.

        What waits already, or was refused, for at least as much is left as it is: a
        job that tries again and again tells nobody twice. So is what only waits for
        the decision on its whole order.
        """
        blocked = [each for each in deliveries if assessments[each.key].blocking]
        # sudo: see _request
        standing = {
            (hold.order_id.id, hold.picking_id.id): hold.amount
            for hold in self.sudo().search(
                [
                    ("picking_id", "in", [each.picking.id for each in blocked]),
                    ("kind", "=", "delivery"),
                    ("state", "in", ("open", "refused")),
                ],
                order="id",
            )
        }
        new = [
            each
            for each in blocked
            if not assessments[each.key].released
            and standing.get(each.key, -1.0) < each.value
        ]
        if new:
            self._request_deliveries(
                new,
                assessments,
                self.env._("It was to be validated in the background."),
                requested_by=False,
            )

    # === RELEASE === #

    @api.model
    def _get_delivery_releases(self, deliveries, cases, assessments):
        """Return {key of the delivery: the release that lets it go, or the latest}.

        :param cases: {key of the delivery: its case}
        :param assessments: {key of the delivery: its assessment without a release}
        """
        orders = self.env["sale.order"].sudo()
        orders = orders.union(*(each.order for each in deliveries))
        of_orders = self._get_releases(orders)
        # sudo: whoever ships may not read holds
        of_pickings = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("kind", "=", "delivery"),
                ("state", "=", "released"),
            ],
            order="id desc",
        )
        releases = {}
        for each in deliveries:
            chain = each.picking._credit_backordered()
            found = of_pickings.filtered(
                lambda hold, order=each.order, chain=chain: hold.order_id == order
                and hold.picking_id in chain
            )
            candidates = found | of_orders.get(each.order, self.browse())
            covering = [
                hold
                for hold in candidates
                if hold._covers(cases[each.key], assessments[each.key].blocking)
            ]
            if candidates:
                releases[each.key] = (covering or candidates)[0]
        return releases

    def _amount_to_release(self, case):
        """Return what the release has to reach, in the order's currency.

        The release of an order reaches as far as its total, what leaves beyond it
        included; that of a transfer as far as what left and leaves with it.
        """
        # EXTENDS 'export_credit_insurance'
        delivery = getattr(case, "delivery", None)
        if not delivery:
            return super()._amount_to_release(case)
        if self.kind != "delivery":
            more = delivery.unlisted if delivery.is_counted else delivery.excess
            return super()._amount_to_release(case) + more
        before = self._shipped_since(delivery) + dict(case.spent).get(self.id, 0.0)
        return delivery.value + before

    def _shipped_since(self, delivery):
        """Return what left by this release already, the delivery at hand apart."""
        # sudo: see _get_delivery_releases
        moves = self.sudo().shipped_move_ids.filtered(
            lambda move: move.state == "done" and move._leaves_for_customer()
        )
        value = moves._credit_value()
        if delivery.is_counted and any(item.move in moves for item in delivery.goods):
            value -= delivery.value
        return max(value, 0.0)

    @api.model
    def _use_releases(self, deliveries, assessments):
        """Note what leaves by the release of a delivery: it is used up by that much.

        Dates of moves and links of transfers can be changed; nobody writes this.
        """
        moves = defaultdict(self.env["stock.move"].browse)
        for each in deliveries:
            found = assessments[each.key]
            if found.released and found.release.kind == "delivery":
                for item in each.goods:
                    moves[found.release] |= item.move
        for release, left in moves.items():
            # sudo: see _request
            release.sudo().shipped_move_ids += left.sudo() - release.shipped_move_ids

    def _check_release_amount(self, amount):
        # EXTENDS 'export_credit_insurance'
        if self.kind != "delivery":
            return super()._check_release_amount(amount)
        # sudo: a controller need not read orders
        if message := super()._check_release_amount(self.order_id.sudo().amount_total):
            return message  # another buyer, company or currency
        if self.currency_id.compare_amounts(amount, self.amount) < 0:
            return self.env._(
                "A release of %(amount)s does not let %(delivery)s leave, which is "
                "worth %(value)s, tax included. Release all of it, or refuse and say "
                "how much may leave.",
                amount=self.currency_id.format(amount),
                delivery=self.name,
                value=self.currency_id.format(self.amount),
            )
        return None

    def _released_message(self, env):
        # EXTENDS 'export_credit_insurance'
        if self.kind != "delivery":
            return super()._released_message(env)
        return env._(
            "Delivery released up to %(amount)s until %(day)s: it can be validated.",
            amount=self.with_env(env).currency_id.format(self.release_amount),
            day=format_date(env, self.release_until),
        )

    def _refused_message(self, env):
        # EXTENDS 'export_credit_insurance': the reason may name insurer or insolvency,
        # which is not for the warehouse
        if self.kind != "delivery":
            return super()._refused_message(env)
        return env._("The release of this delivery was refused.")

    def _refuse(self, reason):
        # EXTENDS 'export_credit_insurance': who sells reads the reason on the order
        result = super()._refuse(reason)
        if self.kind == "delivery":
            order = self.sudo().order_id  # sudo: a controller need not read orders
            order.message_post(
                body=env_for(self, order.user_id)._(
                    "The release of %(delivery)s was refused: %(reason)s",
                    delivery=self.name,
                    reason=self.reason,
                ),
                subtype_xmlid="mail.mt_note",
            )
        return result
