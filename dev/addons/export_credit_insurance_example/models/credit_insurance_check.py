from odoo import api, fields, models

CODE = "no_order_reference"
NEW = [(CODE, "No Order Reference of the Buyer")]


class CreditInsuranceCheck(models.AbstractModel):
    _inherit = "credit.insurance.check"

    @api.model
    def _finding_methods(self):
        # EXTENDS 'export_credit_insurance': the list stands from grave to light
        return [*super()._finding_methods(), (CODE, "_find_no_order_reference")]

    def _find_no_order_reference(self, case, rule):
        """Find orders that a claim could not prove: the buyer's own order is missing.

        :return: None, or (amount in the limit's currency, what is wrong, what helps)
        """
        order = case.order  # or a delivery, an invoice, a sale at the till
        if order._name != "sale.order" or order.client_order_ref:
            return None
        return (
            case.added,
            self.env._("The buyer's own order number is missing."),
            self.env._("Ask the buyer for its order and fill in *Customer Reference*."),
        )


class CreditInsuranceCheckRule(models.Model):
    _inherit = "credit.insurance.check.rule"

    code = fields.Selection(selection_add=NEW, ondelete={CODE: "cascade"})


class CreditInsuranceHold(models.Model):
    _inherit = "credit.insurance.hold"

    main_code = fields.Selection(selection_add=NEW, ondelete={CODE: "set null"})


class CreditInsuranceHoldFinding(models.Model):
    _inherit = "credit.insurance.hold.finding"

    code = fields.Selection(selection_add=NEW, ondelete={CODE: "cascade"})


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    main_code = fields.Selection(selection_add=NEW, ondelete={CODE: "set null"})
