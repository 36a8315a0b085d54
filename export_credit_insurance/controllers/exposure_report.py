from odoo import http
from odoo.http import content_disposition, request


class ExposureReport(http.Controller):
    """The exposure as of a date and its ageing, as a workbook."""

    @http.route("/credit/exposure_report/<int:report_id>", auth="user", type="http")
    def exposure_report(self, report_id):
        """Return the workbook of a report that the user has set up.

        :raise AccessError: for anyone but who set it up, in a company of theirs
        """
        Report = request.env["credit.insurance.exposure.report"]
        report = Report.browse(report_id).exists()
        if not report:
            raise request.not_found()
        # sudo: which company it is of, to be allowed or not by the rules below
        allowed = report.sudo().company_id & request.env.user.company_ids
        report = report.with_context(
            allowed_company_ids=(allowed or request.env.user.company_id).ids
        )
        report.check_access("read")
        return request.make_response(
            report._make_book(),
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(report._book_name())),
                ("Cache-Control", "no-store"),
            ],
        )
