import base64
import binascii
import json

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..collection.bulk_insert import insert_rows
from ..reference.table_file import MAX_BYTES, read_table
from .limit_row import RowError, RowReader, fold

#: rows written in one go; the job shows its progress after each
BATCH = 2000
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
    """Reading a file: one line per row, faults said of the row or of the file."""

    _inherit = "credit.insurance.limit.import"

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
                read = reader.parse(cells)
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
