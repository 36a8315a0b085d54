from odoo import fields, models


class CreditInsuranceReviewSourceMixin(models.AbstractModel):
    """What has orders reviewed, and shows how many still are to be."""

    _name = "credit.insurance.review.source.mixin"
    _description = "Cause of a Review of Orders"
    # the field of credit.insurance.review that names these records
    _review_field = ""

    credit_review_count = fields.Integer(
        "Orders to Review", compute="_compute_credit_review_count"
    )

    def _compute_credit_review_count(self):
        lines = self.env["credit.insurance.review.line"].search_fetch(
            [
                (f"review_id.{self._review_field}", "in", self.ids),
                ("is_open", "=", True),
            ],
            ["review_id"],
        )
        for record in self:
            record.credit_review_count = len(
                lines.filtered(
                    lambda line, record=record: record
                    in line.review_id[self._review_field]
                )
            )

    def action_open_credit_review(self):
        """Open the orders that do not pass any more because of this."""
        return self.env["credit.insurance.review"]._action_lines(
            [(f"review_id.{self._review_field}", "in", self.ids)]
        )
