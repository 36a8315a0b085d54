from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.export_credit_insurance.models.decision.check.credit_finding import (
    SANCTION_CODES,
)
from odoo.addons.export_credit_insurance.models.groups import CONTROLLER_GROUP

CAUSES = [
    ("lowered", "Delivery Lowered Afterwards"),
    ("transfer", "Goods Left Without an Order"),
]
STAGES = [
    ("lowered", "Delivery Lowered"),
    ("transfer", "Left Without an Order"),
]
FORGET = {"lowered": "cascade", "transfer": "cascade"}


class CreditInsuranceReview(models.Model):
    """What the warehouse did that credit control has to see.

    A delivery that is lowered after it has left makes room for the next one, although
    the goods may be with the buyer. What leaves without an order is owed by nobody on
    paper. Neither is refused: there are miscounts, samples and guarantees.
    """

    _inherit = "credit.insurance.review"

    cause = fields.Selection(selection_add=CAUSES, ondelete=FORGET)

    @api.model
    def _fact_stages(self):
        # EXTENDS 'export_credit_insurance'
        return [*super()._fact_stages(), *dict(STAGES)]

    def _facts_summary(self, count):
        # EXTENDS 'export_credit_insurance'
        if self.cause == "lowered":
            return self.env._("Lowered after it had left: %(count)s", count=count)
        if self.cause == "transfer":
            return self.env._("Left without an order: %(count)s", count=count)
        return super()._facts_summary(count)

    # === DELIVERIES THAT ARE LOWERED === #

    @api.model
    def _notice_lowered(self, goods):
        """List orders of which less is delivered on paper than has left.

        Unless a credit controller lowers it: they correct what is recorded.

        :param goods: list of :class:`~.delivery.Goods`, what was taken off done moves
        """
        orders = self.env["sale.order"]
        if orders._is_employee_at_work() and self.env.user.has_group(CONTROLLER_GROUP):
            return
        deliveries = self.env["stock.move"]._credit_deliveries(goods, done=True)
        kept = orders.sudo().union(*(each.order for each in deliveries))._credit_kept()
        by_company = defaultdict(dict)
        for each in deliveries:
            if each.order in kept:
                lines = by_company[each.order.company_id]
                line = lines.setdefault(each.order, self._prepare_lowered(each))
                line["undelivered_amount"] += each.value
        for company, lines in by_company.items():
            # sudo: whoever ships knows nothing of credit; without the context of
            # their request, which could say how what is created here was decided
            review = self.with_env(self.env(su=True, context={}))
            review._record_facts("lowered", company, list(lines.values()))

    @api.model
    def _prepare_lowered(self, delivery):
        """Return the line of an order, without what was taken off it."""
        order = delivery.order
        return {
            "order_id": order.id,
            "picking_id": delivery.picking.id,
            "sold_by": order._acting_employee().id,
            "stage": "lowered",
            "partner_id": order._credit_debtor().id,
            "currency_id": order.currency_id.id,
            "limit_currency_id": order.currency_id.id,
            "undelivered_amount": 0.0,
        }

    # === GOODS WITHOUT AN ORDER === #

    @api.model
    def _notice_unordered(self, moves):
        """List transfers that left for a buyer whose credit is checked, unordered.

        They are valued at sales prices, or at cost. What is below the smallest amount
        checked is left alone, unless sanctions may forbid it: nobody reviews samples.
        Nor what is listed with as much already.

        :param moves: done moves that deliver no order, leaving for customers
        """
        # sudo, context: see _notice_lowered
        env = self.env(su=True, context={})
        documents = moves.with_env(env).grouped(lambda move: move._credit_document())
        by_company = defaultdict(dict)
        for document, left in documents.items():
            if document.partner_id:
                by_company[document.company_id][document] = left
        for company, found in by_company.items():
            reviews = self.with_env(env)
            grave = reviews._assess_unordered(company, found)
            if lines := reviews._transfers_not_listed(grave):
                reviews._record_facts("transfer", company, lines)

    @api.model
    def _transfers_not_listed(self, lines):
        """Return those of these lines of transfers that say more than is listed."""
        picking_ids = {line["picking_id"] for line in lines} - {False}
        if not picking_ids:
            return lines
        groups = self.env["credit.insurance.review.line"]._read_group(
            [("stage", "=", "transfer"), ("picking_id", "in", list(picking_ids))],
            ["picking_id", "partner_id"],
            ["undelivered_amount:max"],
        )
        listed = {(picking.id, buyer.id): most for picking, buyer, most in groups}
        return [
            line
            for line in lines
            if line["undelivered_amount"]
            > listed.get((line["picking_id"], line["partner_id"]), -1.0)
        ]

    @api.model
    def _assess_unordered(self, company, documents):
        """Return the lines of the transfers that somebody has to look at.

        :param documents: {transfer, or move without one: its moves}
        """
        debtors = self.env["res.partner"].union(
            *(document.partner_id.commercial_partner_id for document in documents)
        )
        positions = self.env["credit.insurance.position"]._get_credit_position(
            debtors, company, orders=self.env["sale.order"]
        )
        lines = []
        for document, moves in documents.items():
            debtor = document.partner_id.commercial_partner_id
            position = positions[debtor]
            value = moves._credit_sales_value(company)
            case = self._prepare_fact_case(
                document, position, position.to_limit_currency(value), value
            )
            findings = self.env["credit.insurance.check"]._find(case)
            if self._is_unordered_grave(case, findings):
                missing = (each.amount for each in findings if each.blocks)
                lines.append(
                    {
                        **document._prepare_credit_fact(),
                        "stage": "transfer",
                        "partner_id": debtor.id,
                        "currency_id": company.currency_id.id,
                        "limit_currency_id": case.currency.id,
                        "undelivered_amount": value,
                        "missing_amount": case.round(max(missing, default=0.0)),
                        "main_code": findings[0].code if findings else False,
                    }
                )
        return lines

    @api.model
    def _is_unordered_grave(self, case, findings):
        """Whether somebody has to look at it, whether it fits the credit or not."""
        if any(each.code in SANCTION_CODES and each.blocks for each in findings):
            return True
        rule = self.env["credit.insurance.check"]._rule(case, "over_limit")
        return rule.severity == "block" and (
            case.total_company_currency >= max(rule.min_amount, 0.01)
        )


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="What was lowered after it had left, or left without an order.",
    )
    stage = fields.Selection(selection_add=STAGES, ondelete=FORGET)

    def action_open_picking(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    def _text(self):
        # EXTENDS 'export_credit_insurance'
        figures = {
            "order": self.order_id.name,
            "transfer": self.picking_id.name or self.receipt_ref,
            "buyer": self.partner_id.display_name,
            "amount": self.currency_id.format(self.undelivered_amount),
            "user": self.sold_by.name or self.env._("a job"),
        }
        if self.stage == "lowered":
            return self.env._(
                "%(transfer)s of %(order)s, %(buyer)s: %(user)s has taken %(amount)s "
                "off what was delivered, which may leave once more. Have it confirmed, "
                "or corrected, if the goods are with the buyer.",
                **figures,
            )
        if self.stage == "transfer":
            return self.env._(
                "%(transfer)s, %(buyer)s: goods worth %(amount)s at sales prices, or "
                "at cost, have left without an order (%(user)s). Have them ordered and "
                "invoiced, or taken back.",
                **figures,
            )
        return super()._text()
