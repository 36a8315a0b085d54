from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.collection.res_partner_statement import STATEMENT_REPORT


class CreditPortal(CustomerPortal):
    """The customer's statement of account: what is open, and nothing of credit."""

    def _prepare_home_portal_values(self, counters):
        # EXTENDS 'portal'
        values = super()._prepare_home_portal_values(counters)
        if "account_statement_count" in counters:
            buyer = request.env.user.partner_id.commercial_partner_id
            companies = buyer._get_statement_companies() if _is_customer() else ()
            values["account_statement_count"] = len(companies)
        return values

    @http.route("/my/statement", type="http", auth="user", website=True, readonly=True)
    def portal_my_statement(self, **_kwargs):
        """Show what is open with each company that sells to this customer."""
        if not _is_customer():
            return request.redirect("/my")
        buyer = request.env.user.partner_id.commercial_partner_id
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "credit_statement",
            "accounts": [
                (company, buyer._get_statements(company)[buyer], self._paper(company))
                for company in buyer._get_statement_companies()
            ],
        }
        return request.render("export_credit_insurance.portal_my_statement", values)

    @http.route("/my/statement/<int:company_id>", type="http", auth="user")
    def portal_my_statement_pdf(self, company_id, **_kwargs):
        """Download the statement of one company, in the customer's language."""
        if not _is_customer():
            return request.redirect("/my")
        # the customer's own entity, whatever the address says
        buyer = request.env.user.partner_id.commercial_partner_id
        company = buyer._get_statement_companies().filtered(
            lambda company: company.id == company_id
        )
        if not company:
            return request.redirect("/my/statement")
        # sudo: the seller's paper, about this customer alone
        report = request.env["ir.actions.report"].sudo().with_company(company)
        content, _kind = report._render_qweb_pdf(STATEMENT_REPORT, buyer.ids)
        name = request.env._("Statement of account")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{name}.pdf")),
            ],
        )

    def _paper(self, company):
        buyer = request.env.user.partner_id.commercial_partner_id
        return buyer.with_context(lang=request.env.lang)._statement_paper(company)


def _is_customer():
    """Whether the visitor is a customer: employees have the button on the buyer."""
    return request.env.user._is_portal()
