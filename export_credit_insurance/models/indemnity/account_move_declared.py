from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def unlink(self):
        # EXTENDS 'account': a document that goes leaves drafts of declarations; what
        # was declared keeps its documents
        # sudo: whoever deletes the document
        lines = self.env["credit.insurance.declaration.line"].sudo()
        lines.search(
            [("move_id", "in", self.ids), ("declaration_id.state", "=", "draft")]
        ).unlink()
        return super().unlink()
