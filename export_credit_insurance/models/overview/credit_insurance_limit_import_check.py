import base64
import binascii
import json

import psycopg2

from odoo import Command, api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, split_every

from ..collection.bulk_insert import insert_rows
from ..reference.table_file import MAX_BYTES, read_table
from .credit_insurance_limit_import import IMPORT_CRON
from .limit_entry import Entry
from .limit_row import RowError, RowReader, fold
from .limit_words import BLOCKING

#: rows read in one go by the job, which shows its progress
BATCH = 2000
#: a file of so many bytes is checked while the user waits
INLINE_BYTES = 100_000
#: so many changes are applied while the user waits
INLINE_CHANGES = 1000
#: columns of a row that are kept as the file has them
TEXT_COLUMNS = (
    "name",
    "policy_number",
    "insurer_code",
    "insurer_buyer_ref",
    "own_ref",
    "country",
    "id_value",
)
#: what a row keeps of the file under another name
RENAMED = {"product": "kind"}
KEPT = (
    *TEXT_COLUMNS,
    "kind",
    "decision",
    "request",
    "currency_id",
    "requested_amount",
    "amount",
    "reason_code",
    "reason",
    "conditions",
    "reference",
    "request_date",
    "decision_date",
    "effect_date",
    "end_date",
    "insured_pct",
    "max_payment_days",
)


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
        run.env.ref(IMPORT_CRON)._trigger()

    def _check_applicable(self):
        if self.state != "checked":
            raise UserError(
                self.env._("Check %s before you apply it.", self.display_name)
            )
        if self.blocking_count:
            raise UserError(
                self.env._(
                    "%(errors)s rows have errors and %(unknown)s name unknown buyers:"
                    " settle them, check again, and nothing is lost.",
                    errors=self.error_count,
                    unknown=self.unknown_count,
                )
            )

    # === READING === #

    def _read_file(self):
        """Read the rows; what is wrong with the file stands in ``error_text``."""
        rows = self._read_rows()
        if rows is not None:
            self._store_rows(rows)

    def _read_rows(self):
        """Return the values of the rows, or None where the file cannot be read."""
        run = self.sudo()  # sudo: the server's own fields
        run.error_text = False
        try:
            if self.file_date > self.company_id._credit_today():
                raise UserError(self.env._("The day of the file is yet to come."))
            columns, rows = read_table(
                self.env, self._content(), self.profile_id._layout()
            )
            missing = self.profile_id._missing_columns(columns)
            if missing:
                raise UserError(
                    self.env._(
                        "The file lacks these columns of the format %(format)s:"
                        " %(columns)s. It has: %(found)s.",
                        format=self.profile_id.name,
                        columns=", ".join(missing),
                        found=", ".join(filter(None, columns))[:500],
                    )
                )
            if not rows:
                raise UserError(self.env._("The file has no rows."))
        except UserError as error:
            run.error_text = str(error).replace("\x00", " ")
            return None
        known = {line.name.strip().lower() for line in self.profile_id.column_ids}
        ignored = ", ".join(name for name in columns if name and name not in known)
        run.ignored_columns = ignored.replace("\x00", " ")[:500]
        run.line_total = len(rows)
        return self._prepare_rows(rows)

    def _content(self):
        content = self.with_context(bin_size=False).file or b""
        if len(content) > MAX_BYTES * 4 // 3 + 4:
            raise UserError(
                self.env._("The file is too large: %s MB are read.", MAX_BYTES >> 20)
            )
        try:
            return base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise UserError(
                self.env._("The file cannot be read: choose a CSV or XLSX file.")
            ) from None

    def _prepare_rows(self, rows):
        """Return the values of the lines, one per row, faults said of each."""
        currencies = {
            currency.name: currency.id
            for currency in self.env["res.currency"].search([])
        }
        reader = RowReader(self.env, self.profile_id, currencies)
        of_policies = {
            fold(policy.number or ""): policy.currency_id.id
            for policy in self._policies()
        }
        own = self.policy_id.currency_id.id or self.company_currency_id.id
        empty = dict.fromkeys((*KEPT, "outcome", "message"))
        prepared, file_dates = [], set()
        for number, cells in rows:
            vals = {
                **empty,
                "import_id": self.id,
                "row_number": number,
                **{name: reader.text(cells, name) for name in TEXT_COLUMNS},
            }
            policy_number = fold(vals["policy_number"])
            vals["currency_id"] = of_policies.get(policy_number) or own
            try:
                read = reader.read(cells)
            except RowError as error:
                vals |= {"outcome": "error", "message": str(error)}
            else:
                file_dates.add(read.pop("file_date", None))
                currency = read.pop("currency", None)
                vals |= {
                    RENAMED.get(name, name): value
                    for name, value in read.items()
                    if RENAMED.get(name, name) in KEPT
                }
                vals["kind"] = vals["kind"] or "named"
                vals["currency_id"] = currency or vals["currency_id"]
            prepared.append(vals)
        if file_dates := file_dates - {None}:
            # sudo: the file knows its day better than who uploads it
            last = min(max(file_dates), self.company_id._credit_today())
            self.sudo().file_date = last
        return prepared

    def _store_rows(self, vals_list):
        # sudo: rows are the server's to write
        lines = self.env["credit.insurance.limit.import.line"].sudo()
        for batch in split_every(BATCH, vals_list):
            insert_rows(lines, list(batch))
            self.sudo().line_done += len(batch)  # sudo: as above
        self._restore_choices()

    def _forget_check(self, keep_choices=False):
        """Drop what a check found; what people said of rows is kept for the next."""
        for run in self:
            chosen = run.line_ids.filtered(
                lambda line: line.chosen_partner_id or line.is_set_aside
            )
            kept = [
                (
                    line.row_number,
                    line._who(),
                    line.chosen_partner_id.id,
                    line.is_set_aside,
                )
                for line in chosen
            ]
            if not keep_choices or kept:
                run.choices = json.dumps(kept) if keep_choices else False
        self.line_ids.unlink()
        self.effect_ids.unlink()
        self.write(
            {
                "state": "draft",
                "is_checking": False,
                "error_text": False,
                "line_total": 0,
                "line_done": 0,
                "absent_count": 0,
                "checked_on": False,
                "effect_day": False,
            }
        )

    def _restore_choices(self):
        """Say again of the rows what was said of them before they were read anew."""
        run = self.sudo()  # sudo: rows are the server's to write
        if not run.choices:
            return
        kept = {
            (number, who): (partner_id, aside)
            for number, who, partner_id, aside in json.loads(run.choices)
        }
        lines = run.line_ids.filtered_domain(
            [("row_number", "in", [number for number, _who in kept])]
        )
        for line in lines:
            partner_id, aside = kept.get((line.row_number, line._who()), (False, False))
            line.write({"chosen_partner_id": partner_id, "is_set_aside": aside})

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
            entry.decision_date = (
                row["decision_date"] or row["effect_date"] or self.file_date
            )
            entries.append(entry)
        return entries

    def _compare(self):
        """Find out what applying does, by doing and undoing it; keep what it tells."""
        entries = self._entries()
        self._match(entries)
        day = self._effect_day(entries)
        concerned = [entry for entry in entries if not entry.outcome]
        before = self._measure(concerned, day)
        savepoint = self.env.cr.savepoint()
        try:
            self._decide(entries)
            self.env.flush_all()
            self.env.invalidate_all()
            after = self._measure(concerned, day)
            effects = self._compare_effects(before, after)
            # a line made within is gone afterwards
            for entry in entries:
                if entry.limit and entry.outcome != "unchanged":
                    entry.limit = None
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
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
        for batch in split_every(BATCH, entries):
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

    # === JOB === #

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
