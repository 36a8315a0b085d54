import csv
import io
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open

REQUIRED_COLUMNS = ("iso2", "code", "date")
SHOWN_ERRORS = 30


class CreditInsuranceRatingEdition(models.Model):
    """One published table of a source: what was loaded, valid from when, from where.

    An import only ever adds an edition; rows that are recorded already are left out,
    so that importing a file twice changes nothing.
    """

    _name = "credit.insurance.rating.edition"
    _description = "Rating Edition"
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(string="Valid as of", required=True)
    citation = fields.Text(help="Where the table comes from, as its owner asks.")
    rating_ids = fields.One2many(
        "credit.insurance.country.rating", "edition_id", string="Ratings"
    )
    rating_count = fields.Integer(compute="_compute_rating_count")

    @api.depends("rating_ids")
    def _compute_rating_count(self):
        for edition in self:
            edition.rating_count = len(edition.rating_ids)

    @api.model
    def _load_shipped(self, source_code, path, name, citation):
        """Load a table shipped with the add-on, at installation only."""
        source = self.env["credit.insurance.rating.source"].search(
            [("code", "=", source_code)]
        )
        with file_open(path, "rb") as table:
            return self._import_csv(source, table.read(), name, citation)

    @api.model
    def _import_csv(self, source, content, name=None, citation=None):
        """Add an edition from a CSV of ratings, all or nothing.

        Columns: ``iso2``, ``code`` (the grade's), ``date``; ``outlook`` if known.

        :param bytes content: UTF-8, separated by commas or semicolons; lines that
            begin with # are comments
        :return: the edition, empty when every row was recorded already
        :raise UserError: naming each faulty line; nothing is recorded then
        """
        source.ensure_one()
        rows = self._read_rows(content)
        vals_list, errors = self._prepare_ratings(source, rows)
        if errors:
            raise UserError(self._error_text(errors))
        if not vals_list:
            return self.browse()
        valid_as_of = max(vals["date"] for vals in vals_list)
        edition = self.create(
            {
                "name": name or f"{source.name} {valid_as_of}",
                "source_id": source.id,
                "date": valid_as_of,
                "citation": citation,
            }
        )
        self.env["credit.insurance.country.rating"].create(
            [{**vals, "edition_id": edition.id} for vals in vals_list]
        )
        return edition

    @api.model
    def _read_rows(self, content):
        """Return ``[(line number, {column: text})]``, comments and blanks left out."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError(
                self.env._("The file is not UTF-8: save it as CSV UTF-8 and try again.")
            ) from None
        lines = [
            (number, line)
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip(' ,;"\t') and not line.lstrip(' "').startswith("#")
        ]
        header = lines[0][1] if lines else ""
        delimiter = ";" if header.count(";") > header.count(",") else ","
        columns = [
            column.strip().lower()
            for column in next(csv.reader(io.StringIO(header), delimiter=delimiter), [])
        ]
        missing = [column for column in REQUIRED_COLUMNS if column not in columns]
        if missing:
            raise UserError(
                self.env._(
                    "The first line must name the columns iso2, code and date;"
                    " missing: %(columns)s.",
                    columns=", ".join(missing),
                )
            )
        if len(lines) == 1:
            raise UserError(self.env._("The file has no rating: add at least a line."))
        rows = []
        for number, line in lines[1:]:
            cells = next(csv.reader(io.StringIO(line), delimiter=delimiter))
            cells = [cell.strip() for cell in cells]
            cells += [""] * (len(columns) - len(cells))
            rows.append((number, dict(zip(columns, cells, strict=False))))
        return rows

    @api.model
    def _prepare_ratings(self, source, rows):
        """Check the rows of a file against what is recorded.

        :return: the values of the ratings to add, and ``[(line, error)]``
        """
        Rating = self.env["credit.insurance.country.rating"]
        country_by_code = {c.code: c for c in self.env["res.country"].search([])}
        grade_by_code = {grade.code.upper(): grade for grade in source.grade_ids}
        recorded = {
            (rating.country_id, rating.date): rating.grade_id
            for rating in Rating.search([("source_id", "=", source.id)])
        }
        line_by_key = {}
        vals_list, errors = [], []
        for number, row in rows:
            vals = {
                "country": country_by_code.get(row["iso2"].upper()),
                "grade": grade_by_code.get(row["code"].upper()),
                "date": self._parse_date(row["date"]),
                "outlook": row.get("outlook", "").lower() or False,
            }
            key = (vals["country"], vals["date"])
            row_errors = self._row_errors(source, row, vals) or self._history_errors(
                vals, line_by_key.get(key), recorded.get(key)
            )
            errors += [(number, error) for error in row_errors]
            line_by_key.setdefault(key, number)
            if not row_errors and key not in recorded:
                vals_list.append(
                    {
                        "country_id": vals["country"].id,
                        "source_id": source.id,
                        "grade_id": vals["grade"].id,
                        "date": vals["date"],
                        "outlook": vals["outlook"],
                    }
                )
        return vals_list, errors

    @api.model
    def _row_errors(self, source, row, vals):
        """Return what is wrong with a row taken alone."""
        errors = []
        if not vals["country"]:
            errors.append(
                self.env._(
                    "%(iso2)s is no country: give its two-letter code.",
                    iso2=row["iso2"] or self.env._("(empty)"),
                )
            )
        if not vals["grade"]:
            errors.append(
                self.env._(
                    "%(code)s is no grade of %(rater)s: %(grades)s.",
                    code=row["code"] or self.env._("(empty)"),
                    rater=source.name,
                    grades=", ".join(source.grade_ids.mapped("code")),
                )
            )
        if not vals["date"]:
            errors.append(
                self.env._(
                    "%(date)s is no date: write it as YYYY-MM-DD.",
                    date=row["date"] or self.env._("(empty)"),
                )
            )
        if vals["outlook"] not in (False, "negative", "stable", "positive"):
            errors.append(
                self.env._(
                    "%(outlook)s is no outlook: negative, stable or positive.",
                    outlook=row["outlook"],
                )
            )
        return errors

    @api.model
    def _history_errors(self, vals, previous_line, known_grade):
        """Return what is wrong with a row beside the file's others and the history."""
        if previous_line:
            error = self.env._(
                "%(country)s was rated on this date in line %(line)s already.",
                country=vals["country"].name,
                line=previous_line,
            )
            return [error]
        if known_grade and known_grade != vals["grade"]:
            error = self.env._(
                "%(country)s is recorded with %(known)s from this date on:"
                " a new opinion, %(new)s, needs a later date.",
                country=vals["country"].name,
                known=known_grade.code,
                new=vals["grade"].code,
            )
            return [error]
        return []

    @api.model
    def _parse_date(self, text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    @api.model
    def _error_text(self, errors):
        lines = [
            self.env._("Line %(number)s: %(error)s", number=number, error=error)
            for number, error in errors[:SHOWN_ERRORS]
        ]
        if len(errors) > SHOWN_ERRORS:
            lines.append(
                self.env._("and %(count)s more.", count=len(errors) - SHOWN_ERRORS)
            )
        head = self.env._(
            "Nothing was imported. Errors in the file: %(count)s. Correct them and"
            " import it again:",
            count=len(errors),
        )
        return "\n".join([head, *lines])
