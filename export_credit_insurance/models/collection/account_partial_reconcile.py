from odoo import api, models
from odoo.tools import SQL


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        partials = super().create(vals_list)
        used = self.env["res.company"]._followup_companies()
        mine = partials.filtered(lambda partial: partial.company_id.id in used)
        if mine:
            # sudo: whoever matches receipts need not run follow-up
            mine.sudo()._settle_followup()
        return partials

    def _settle_followup(self):
        """Let follow-up know what was settled: paid instalments are left alone."""
        # on both sides: the exchange difference of an invoice may be its debit
        lines = (self.debit_move_id | self.credit_move_id).filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        if not lines:
            return
        pending = self.env["credit.followup.reminder.line"].search(
            [("move_line_id", "in", lines.ids), ("state", "=", "pending")]
        )
        pending.filtered(lambda line: line.move_line_id.reconciled)._withdraw("paid")
        paid = lines.filtered("reconciled")
        self.env["credit.followup.reminder"]._recall_paid(paid)
        promises = self.env["credit.followup.promise"].search(
            [("move_line_ids", "in", lines.ids), ("state", "=", "running")]
        )
        for promise in promises:
            promise._judge(promise.company_id._credit_today())
        self._end_next_steps(lines)
        if self.env["credit.followup.receipt"]._record(self):
            cron = self.env.ref("export_credit_insurance.ir_cron_send_followup")
            cron._trigger()

    def _end_next_steps(self, lines):
        """An invoice that is paid has no next step."""
        moves = lines.filtered("reconciled").move_id
        self.env["account.move"].flush_model(["credit_followup_next_date"])
        self.env.execute_query(
            SQL(
                """
                UPDATE account_move move SET credit_followup_next_date = NULL
                 WHERE id = ANY(%s) AND credit_followup_next_date IS NOT NULL
                   AND NOT EXISTS (
                       SELECT 1 FROM account_move_line line
                        WHERE line.move_id = move.id AND line.id <> ALL(%s)
                          AND line.amount_residual_currency > 0)
             RETURNING id
                """,
                moves.ids,
                lines.ids,
            )
        )
        moves.invalidate_recordset(["credit_followup_next_date"], flush=False)
