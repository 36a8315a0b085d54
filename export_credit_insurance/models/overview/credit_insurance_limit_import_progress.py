from odoo import api, fields, models
from odoo.tools import SQL

PHASES = [
    ("queued", "Waiting for Its Turn"),
    ("reading", "Reading the Rows"),
    ("matching", "Looking for the Buyers"),
    ("measuring", "Measuring Cover and Orders as They Are"),
    ("deciding", "Going Through the Decisions"),
    ("comparing", "Measuring Cover and Orders as They Would Be"),
    ("storing", "Writing What Became of Each Row"),
]


class CreditInsuranceLimitImportProgress(models.Model):
    """How far the job is with a large file, seen while its work is not committed yet.

    The work is one transaction, all or nothing; this row alone is written by another
    one. It is made before the job starts, so that writing it waits for nothing.
    """

    _name = "credit.insurance.limit.import.progress"
    _description = "Progress of a Limit Import"
    _rec_name = "import_id"

    import_id = fields.Many2one(
        "credit.insurance.limit.import", required=True, ondelete="cascade"
    )
    phase = fields.Selection(PHASES, required=True, default="queued")
    done = fields.Integer()
    total = fields.Integer()

    _one_each = models.UniqueIndex("(import_id)", "A file has one progress.")


class CreditInsuranceLimitImport(models.Model):
    _inherit = "credit.insurance.limit.import"

    progress_ids = fields.One2many(
        "credit.insurance.limit.import.progress", "import_id", readonly=True
    )
    phase = fields.Selection(PHASES, string="At Work On", compute="_compute_progress")

    @api.depends(
        "line_done",
        "line_total",
        "state",
        "is_checking",
        "is_applying",
        "progress_ids.phase",
        "progress_ids.done",
        "progress_ids.total",
    )
    def _compute_progress(self):
        """Each phase is the same part of the whole, and counts what it is done with.

        Reading commits as it goes; what comes afterwards is told by its progress.
        """
        order = [code for code, _label in PHASES[1:]]
        for run in self:
            running = run.is_checking or run.is_applying
            told = run.progress_ids[:1]
            run.phase = running and told.phase
            if not running or not told:
                run.progress = 0.0 if run.state == "draft" else 100.0
                continue
            done, total = told.done, told.total
            if run.is_checking and run.line_done < run.line_total:
                run.phase, done, total = "reading", run.line_done, run.line_total
            place = order.index(run.phase) if run.phase in order else 0
            share = done / total if total else 0.0
            run.progress = 100.0 * (place + share) / len(order)

    def _start_progress(self):
        """Make the rows that :meth:`_tell` writes; they must be committed first."""
        # sudo: the server's own rows, here and below
        progress = self.env["credit.insurance.limit.import.progress"].sudo()
        found = progress.search([("import_id", "in", self.ids)])
        found.write({"phase": "queued", "done": 0, "total": 0})
        progress.create(
            [{"import_id": run.id} for run in self - found.import_id.sudo(False)]
        )

    def _tell(self, phase, done=0, total=0):
        """Say how far the work is, to whoever looks meanwhile; nothing of it depends
        on this. A file that is done with while the user waits has no progress."""
        self.ensure_one()
        told = self.sudo().progress_ids
        if not told:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE credit_insurance_limit_import_progress"
                    " SET phase = %s, done = %s, total = %s WHERE id = ANY(%s)",
                    phase,
                    done,
                    total,
                    told.ids,
                )
            )
