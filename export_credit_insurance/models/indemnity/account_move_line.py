from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def unlink(self):
        # EXTENDS 'account': an invoice that is drawn up anew leaves drafts of notices
        # and claims; what the insurer was told keeps its instalments
        # sudo: whoever edits the invoice
        drafts = self.env["credit.insurance.overdue.notice.line"].sudo()
        drafts.search(
            [("move_line_id", "in", self.ids), ("notice_id.state", "=", "draft")]
        ).unlink()
        claimed = self.env["credit.insurance.claim.line"].sudo()
        claimed.search(
            [("move_line_id", "in", self.ids), ("state", "=", "draft")]
        ).unlink()
        return super().unlink()
