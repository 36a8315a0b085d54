import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError


class CreditInsuranceRatingImport(models.TransientModel):
    """Add an edition of country ratings from a CSV file."""

    _name = "credit.insurance.rating.import"
    _description = "Import of Country Ratings"

    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        domain=[("criterion", "=", "country")],
    )
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    name = fields.Char(
        string="Edition", help="Its title; the source and date if left empty."
    )
    citation = fields.Text(help="Where the table comes from, as its owner asks.")

    def action_import(self):
        """Import all of the file or nothing, then open the new edition."""
        self.ensure_one()
        Edition = self.env["credit.insurance.rating.edition"]
        Edition.check_access("create")
        try:
            content = base64.b64decode(self.file or b"", validate=True)
        except binascii.Error:
            raise UserError(
                self.env._("The file cannot be read: choose a CSV file.")
            ) from None
        edition = Edition._import_csv(self.source_id, content, self.name, self.citation)
        if not edition:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "Nothing new: every rating of this file is recorded already."
                    ),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.rating.edition",
            "res_id": edition.id,
            "view_mode": "form",
        }
