import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..collection.bulk_insert import insert_rows
from .credit_insurance_limit_import import IMPORT_CRON
from .credit_insurance_limit_import_read import BATCH


class CreditInsuranceLimitImport(models.Model):
    """Large files: read batch by batch, compared and applied in one transaction."""

    _inherit = "credit.insurance.limit.import"

    @api.model
    def _cron_import(self):
        """Check and apply the files that wait, each as who asked for it."""
        runs = self.search(
            ["|", ("is_checking", "=", True), ("is_applying", "=", True)], order="id"
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(runs))
        for run in runs:
            locked = run.try_lock_for_update()
            if locked.is_applying:
                locked._as_asked()._apply_in_job()
            elif locked.is_checking:
                locked._as_asked()._check_in_job(commit)
            if not commit(1):
                break

    def _as_asked(self):
        """Work with the rights, language and companies of who asked for it."""
        user = self.asked_by_id
        if not user or user == self.env.user:
            return self.with_company(self.company_id)
        return (
            self.with_user(user)
            .with_context(lang=user.lang, allowed_company_ids=user.company_ids.ids)
            .with_company(self.company_id)
        )

    def _check_in_job(self, commit):
        """Read in batches, each committed; compare in one transaction."""
        self.sudo()._forget_check(keep_choices=True)  # sudo: the server's own rows
        rows = self._read_rows()
        if rows is None:
            return
        # sudo: rows and figures are the server's
        run = self.sudo()
        run.is_checking = True
        for batch in split_every(BATCH, rows):
            insert_rows(run.line_ids.browse(), list(batch))
            run.line_done += len(batch)
            commit()
        self.env.invalidate_all()
        self._restore_choices()
        try:
            self._compare()
        except UserError as error:
            self._note_failure(str(error))

    def _apply_in_job(self):
        try:
            with self.env.cr.savepoint():
                self._check_applicable()
                self._apply()
        except UserError as error:
            self._note_failure(str(error))
        except psycopg2.OperationalError:
            # somebody records something on the same limits: at the next turn
            self.env.cr.rollback()
            self.sudo().env.ref(IMPORT_CRON)._trigger()  # sudo: crons are the system's

    def _note_failure(self, text):
        """Nothing was written: say why, and wait for a person."""
        self.env.invalidate_all()
        # sudo: the server's own fields
        self.sudo().write(
            {"is_checking": False, "is_applying": False, "error_text": text}
        )
