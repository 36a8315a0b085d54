from odoo import http
from odoo.http import content_disposition, request


class EvidencePack(http.Controller):
    """The evidence pack of invoices, streamed from the disk."""

    @http.route("/credit/evidence_pack/<string:ids>", auth="user", type="http")
    def evidence_pack(self, ids):
        """Return the ZIP of the invoices ``1,2,3``; the pack checks who asks.

        :raise AccessError: for any employee but credit controllers of their company
        """
        if not request.env.user._is_internal():
            raise request.not_found()
        numbers = [int(part) for part in ids.split(",") if part.isdecimal()]
        moves = request.env["account.move"].browse(numbers)
        companies = moves.sudo().exists().company_id  # sudo: checked by the pack
        allowed = companies & request.env.user.company_ids
        pack = request.env["credit.insurance.evidence.pack"].with_context(
            allowed_company_ids=(allowed or request.env.user.company_id).ids
        )
        stream = pack._make(moves)
        response = request.make_response(
            None,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition(pack._file_name(moves))),
                ("Cache-Control", "no-store"),
            ],
        )
        response.response = iter(lambda: stream.read(64 * 1024), b"")
        response.call_on_close(stream.close)
        response.direct_passthrough = True
        return response
