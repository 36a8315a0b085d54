import base64
import binascii

from odoo import Command, fields, models
from odoo.exceptions import UserError

SHOWN_LINES = 200
SHOWN_UNKNOWN = 30


class CreditInsuranceRatingImport(models.TransientModel):
    """Add an edition of ratings of countries or buyers from a file.

    First a preview: what falls, rises, is new, is unknown. Then all of the file or
    nothing; importing it again changes nothing.
    """

    _name = "credit.insurance.rating.import"
    _description = "Import of Ratings"

    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        domain=[("criterion", "!=", "sector"), ("is_measured", "=", False)],
    )
    criterion = fields.Selection(related="source_id.criterion")
    scale = fields.Selection(related="source_id.scale")
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    name = fields.Char(
        string="Edition", help="Its title; the source and date if left empty."
    )
    citation = fields.Text(help="Where the table comes from, as its owner asks.")
    skip_unknown = fields.Boolean(
        string="Leave Out Unknown Companies",
        help="Agencies' files also name companies that are no buyers of ours.",
    )
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview")], default="file", readonly=True
    )
    down_count = fields.Integer("Fall", readonly=True)
    up_count = fields.Integer("Rise", readonly=True)
    new_count = fields.Integer("New", readonly=True)
    same_count = fields.Integer("Confirmed", readonly=True)
    recorded_count = fields.Integer("Recorded Already", readonly=True)
    unknown_count = fields.Integer("Unknown", readonly=True)
    unknown_text = fields.Text(readonly=True)
    error_text = fields.Text(readonly=True)
    hidden_count = fields.Integer("Not Shown", readonly=True)
    line_ids = fields.One2many(
        "credit.insurance.rating.import.line", "import_id", readonly=True
    )

    def action_preview(self):
        """Show what the file would change, the greatest falls first."""
        self.ensure_one()
        Edition = self.env["credit.insurance.rating.edition"]
        Edition.check_access("create")
        table = Edition._check_table(self.source_id, self._content())
        moves = sorted(table.moves, key=lambda move: (move.is_first, move.change))
        self.write(
            {
                "state": "preview",
                **{
                    f"{kind}_count": table.count(kind)
                    for kind in ("down", "up", "new", "same")
                },
                "recorded_count": table.recorded,
                "hidden_count": max(len(moves) - SHOWN_LINES, 0),
                "unknown_count": len(table.unknown),
                "unknown_text": self._unknown_text(table.unknown),
                "error_text": Edition._error_text(table.errors)
                if table.errors
                else False,
                "line_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": move.rated.display_name,
                            "kind": move.kind,
                            "date": move.day,
                            "before": move.before or 0.0,
                            "after": move.after or 0.0,
                            "had_score": move.before is not None,
                            "has_score": move.after is not None,
                        }
                    )
                    for move in moves[:SHOWN_LINES]
                ],
            }
        )
        return self._reopen()

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self.state = "file"
        return self._reopen()

    def action_import(self):
        """Import all of the file or nothing, then open the new edition."""
        self.ensure_one()
        Edition = self.env["credit.insurance.rating.edition"]
        Edition.check_access("create")
        edition = Edition._import_table(
            self.source_id,
            self._content(),
            self.name,
            self.citation,
            self.skip_unknown,
        )
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

    def _content(self):
        try:
            return base64.b64decode(self.file or b"", validate=True)
        except binascii.Error:
            raise UserError(
                self.env._("The file cannot be read: choose a CSV or XLSX file.")
            ) from None

    def _unknown_text(self, unknown):
        lines = [
            self.env._("Line %(number)s: %(error)s", number=number, error=text)
            for number, text in unknown[:SHOWN_UNKNOWN]
        ]
        if len(unknown) > SHOWN_UNKNOWN:
            left = len(unknown) - SHOWN_UNKNOWN
            lines.append(self.env._("and %(count)s more.", count=left))
        return "\n".join(lines)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Ratings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CreditInsuranceRatingImportLine(models.TransientModel):
    """One rating that a file would add."""

    _name = "credit.insurance.rating.import.line"
    _description = "Rating to Import"
    _order = "id"

    import_id = fields.Many2one(
        "credit.insurance.rating.import", required=True, ondelete="cascade"
    )
    name = fields.Char("Country or Buyer")
    kind = fields.Selection(
        [("down", "Falls"), ("up", "Rises"), ("new", "New"), ("same", "Confirmed")],
        string="Change",
    )
    date = fields.Date()
    before = fields.Float("Score Before")
    after = fields.Float("Score Now")
    had_score = fields.Boolean()
    has_score = fields.Boolean()
