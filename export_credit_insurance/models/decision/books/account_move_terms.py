from odoo import api, fields, models


class AccountMove(models.Model):
    """The due dates of an invoice, held against the law of its contract."""

    _inherit = "account.move"

    credit_terms_warning = fields.Char(
        compute="_compute_credit_terms_warning",
        groups="export_credit_insurance.group_credit_user",
    )

    @api.depends(
        "invoice_date",
        "invoice_date_due",
        "invoice_payment_term_id",
        "commercial_partner_id",
        "company_id",
        "move_type",
    )
    @api.depends_context("lang")
    def _compute_credit_terms_warning(self):
        for move in self:
            move.credit_terms_warning = move._get_terms_warning()

    def _get_terms_warning(self):
        """Say that the invoice falls due later than the law allows, else False."""
        company, buyer = self.company_id, self.commercial_partner_id._origin
        if self.move_type != "out_invoice" or not buyer:
            return False
        if company.id not in company._credit_check_modes():
            return False  # installing changes nothing
        day = self.invoice_date or company._credit_today()
        if self.invoice_payment_term_id:
            term = self.invoice_payment_term_id.sudo()  # sudo: its days alone
            return term._credit_law_warning(company, buyer, day, self)
        return self._get_due_date_warning(company, buyer, day)

    def _get_due_date_warning(self, company, buyer, day):
        """The same for a due date entered by hand."""
        rules = self.env["credit.followup.late.payment.rule"]
        due, lowest = self.invoice_date_due, rules._lowest_ceiling(day)
        if not due or lowest is None or (due - day).days <= lowest:
            return False
        chosen = self._credit_chosen_law()
        ceiling = rules._terms_ceiling(company, buyer, day, chosen)
        if buyer._credit_kind() == "private" or ceiling.allows(day, due, False):
            return False
        return rules._explain_terms(ceiling, (due - day).days)
