import json

from odoo import Command, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, split_every

from .credit_insurance_limit_import import IMPORT_CRON
from .credit_insurance_limit_import_read import BATCH, KEPT
from .limit_entry import Entry
from .limit_words import BLOCKING

#: a file of so many bytes is checked while the user waits
INLINE_BYTES = 100_000
#: so many changes are applied while the user waits
INLINE_CHANGES = 1000


class CreditInsuranceLimitImport(models.Model):
    """Checking a file and applying it, at once or, for large ones, by a job."""

    _inherit = "credit.insurance.limit.import"

    # === ACTIONS === #

    def action_check(self):
        """Read the file and compare it with what is recorded; write no limit.

        A large file is left to the job, which shows its progress.
        """
        self._check_controller()
        for run in self:
            run._check_open()
            if run.is_checking:
                run._queue("is_checking")  # it goes on where it was left
                continue
            # sudo: what a check finds is written by the server
            run.sudo()._forget_check(keep_choices=True)
            if len(run.with_context(bin_size=False).file or b"") <= INLINE_BYTES:
                run._read_file()
                if not run.error_text:
                    run._compare()
            else:
                run._queue("is_checking")
        return True

    def action_apply(self):
        """Record all decisions of the file, in one transaction, or none.

        :raise UserError: where rows are to be settled, or something changed since the
            check
        """
        self._check_controller()
        for run in self:
            run._lock()
            run._check_open()
            run._check_applicable()
            if run.change_count > INLINE_CHANGES:
                run._queue("is_applying")
            else:
                run._apply()
        return True

    def _lock(self):
        """Whoever comes second hears so, instead of applying it all over again."""
        try:
            self.sudo().lock_for_update()  # sudo: the import's own row
        except LockError:
            raise UserError(
                self.env._("%s is being worked on: wait a moment.", self.display_name)
            ) from None

    def _queue(self, flag):
        # sudo: the server's own fields and crons
        run = self.sudo()
        run.write({flag: True, "asked_by_id": self.env.uid, "error_text": False})
        run._start_progress()
        run.env.ref(IMPORT_CRON)._trigger()

    def _check_applicable(self):
        if self.error_text:
            raise UserError(self.error_text)
        if self.state != "checked":
            raise UserError(
                self.env._("Check %s before you apply it.", self.display_name)
            )
        if self.blocking_count:
            raise UserError(
                self.env._(
                    "Rows with errors: %(errors)s. Rows that name unknown buyers:"
                    " %(unknown)s. Settle them or set them aside, then check again.",
                    errors=self.error_count,
                    unknown=self.unknown_count,
                )
            )

    # === COMPARING === #

    def _entries(self):
        """Return the rows as entries, those with faults settled already."""
        Line = self.env["credit.insurance.limit.import.line"]
        names = [*KEPT, "row_number", "chosen_partner_id", "is_set_aside"]
        names += ["outcome", "message"]
        Line.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM credit_insurance_limit_import_line"
                " WHERE import_id = %s ORDER BY row_number, id",
                SQL(", ").join(map(SQL.identifier, names)),
                self.id,
            )
        )
        entries = []
        for row in rows:
            entry = Entry(row["id"], row["row_number"], row)
            if row["is_set_aside"]:
                entry.settle("set_aside")
            elif row["outcome"] == "error" and not row["decision"]:
                entry.settle("error", row["message"])
            for name in ("amount", "requested_amount", "insured_pct"):
                row[name] = None if row[name] is None else float(row[name])
            # without a day of its own, a decision is known from the file's day at last
            entry.decision_date = row["decision_date"] or min(
                row["effect_date"] or self.file_date, self.file_date
            )
            entries.append(entry)
        return entries

    def _compare(self):
        """Find out what applying does, by doing and undoing it; keep what it tells."""
        entries = self._entries()
        self._tell("matching", 0, len(entries))
        self._match(entries)
        concerned = [entry for entry in entries if not entry.outcome]
        day = self._effect_day(concerned)
        self._tell("measuring")
        before = self._measure(concerned, day)
        savepoint = self.env.cr.savepoint()
        try:
            self._decide(entries)
            self.env.flush_all()
            self.env.invalidate_all()
            self._tell("comparing")
            after = self._measure(concerned, day)
            effects = self._compare_effects(before, after)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        # lines made within are gone
        ids = {entry.limit.id for entry in entries if entry.limit}
        found = set(self.env["credit.insurance.limit"].browse(ids).exists().ids)
        for entry in entries:
            if entry.limit and entry.limit.id not in found:
                entry.limit = None
        self._store_outcomes(entries)
        run = self.sudo()  # sudo: the server's own fields
        run.write(
            {
                "state": "checked",
                "is_checking": False,
                "checked_on": fields.Datetime.now(),
                "effect_day": day,
                "effect_ids": [Command.create(effect) for effect in effects],
            }
        )
        run.absent_count = self.env["credit.insurance.limit"].search_count(
            self._absent_domain()
        )

    def _store_outcomes(self, entries):
        """Write what is known of the rows with one statement per batch."""
        for number, batch in enumerate(split_every(BATCH, entries)):
            self._tell("storing", number * BATCH, len(entries))
            rows = [
                {
                    "id": entry.line_id,
                    "outcome": entry.outcome,
                    "message": entry.message,
                    "policy_id": entry.policy.id if entry.policy else None,
                    "partner_id": entry.partner.id if entry.partner else None,
                    "matched_by": entry.matched_by,
                    "suggested_partner_id": entry.suggested.id
                    if entry.suggested
                    else None,
                    "current_amount": entry.current_amount,
                    "limit_id": entry.limit.id if entry.limit else None,
                }
                for entry in batch
            ]
            names = [name for name in rows[0] if name != "id"]
            self.env.execute_query(
                SQL(
                    """
                    UPDATE credit_insurance_limit_import_line line SET %(sets)s
                      FROM json_populate_recordset(
                           NULL::credit_insurance_limit_import_line, %(rows)s) AS given
                     WHERE line.id = given.id
                 RETURNING line.id
                    """,
                    sets=SQL(", ").join(
                        SQL("%s = given.%s", SQL.identifier(n), SQL.identifier(n))
                        for n in names
                    ),
                    rows=json.dumps(rows),
                )
            )
        lines = self.env["credit.insurance.limit.import.line"]
        lines.invalidate_model()
        lines.browse(entry.line_id for entry in entries).modified(["outcome"])

    # === APPLYING === #

    def _apply(self):
        """Record the decisions: one transaction, all or nothing.

        The rows are compared anew: what was recorded meanwhile is not overwritten.
        """
        expected = self._expected()
        entries = self._entries()
        for entry in entries:
            if entry.outcome != "set_aside":
                entry.settle(None)
        self._tell("matching", 0, len(entries))
        self._match(entries)
        self._claim_policies(entries)
        self._decide(entries)
        self.env.flush_all()
        changed = [
            entry
            for entry in entries
            if entry.outcome in BLOCKING or entry.outcome != expected[entry.line_id]
        ]
        if changed:
            raise UserError(
                self.env._(
                    "Something was recorded since this file was checked: line %(line)s,"
                    " %(buyer)s, is different now. Check the file again.",
                    line=changed[0].row_number,
                    buyer=changed[0].values["name"] or changed[0].partner.display_name,
                )
            )
        self._list_cut_orders(entries)
        self._store_outcomes(entries)
        self.sudo().write(  # sudo: the server's own fields
            {
                "state": "applied",
                "is_applying": False,
                "applied_on": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
            }
        )

    def _expected(self):
        """Return the outcomes that were shown, ``{line id: outcome}``."""
        lines = self.env["credit.insurance.limit.import.line"].search_fetch(
            [("import_id", "=", self.id)], ["outcome"]
        )
        return {line.id: line.outcome for line in lines}

    def _claim_policies(self, entries):
        """Have files on one policy applied one after the other.

        The second to write the policy's row is told so by the database and starts
        again, with what the first recorded before it.
        """
        ids = sorted({entry.policy.id for entry in entries if entry.policy})
        self.env.execute_query(
            SQL(
                "UPDATE credit_insurance_policy SET write_date = write_date"
                " WHERE id = ANY(%s) RETURNING id",
                ids,
            )
        )
