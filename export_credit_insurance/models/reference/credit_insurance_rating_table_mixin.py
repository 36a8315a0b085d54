from datetime import date, timedelta

from odoo import api, models
from odoo.exceptions import UserError

from .rating_table import RatingMove, RatingTable
from .table_file import BEYOND

#: sheets count days from here on; those of our times have five digits
SHEET_EPOCH = date(1899, 12, 30)
SERIAL_DIGITS = 5


class CreditInsuranceRatingMixin(models.AbstractModel):
    """Ratings that come as a table: each row is checked, nothing is recorded here."""

    _inherit = "credit.insurance.rating.mixin"

    #: the recorded ratings that a file continues
    _table_domain = ()

    @api.model
    def _check_table(self, source, columns, rows):
        """Check the rows of a file against its source and against what is recorded.

        :param columns: names of the file's columns
        :param rows: ``[(line number, {column: text})]``
        :return: a :class:`RatingTable`
        :raise UserError: when a column is missing or there is no row
        """
        source.ensure_one()
        self._check_columns(source, columns)
        if not rows:
            raise UserError(self.env._("The file has no rating: add at least a line."))
        table = RatingTable()
        find = self._rated_finder(columns)
        history = self._table_history(source)
        line_by_key = {}
        for number, row in rows:
            rated, unknown, fault = find(row)
            day = self._parse_day(row["date"])
            value, score, errors = self._table_value(source, row)
            if unknown:
                table.unknown.append((number, unknown))
            if fault:
                errors.insert(0, fault)
            if not day:
                errors.append(self._no_date_text(row["date"]))
            if row[BEYOND]:
                errors.append(self._beyond_text(row[BEYOND]))
            if rated and day and not errors:
                errors = self._key_errors(
                    rated, day, value, line_by_key, history.get(rated, {})
                )
                line_by_key.setdefault((rated, day), number)
            table.errors += [(number, error) for error in errors]
            if errors or not rated:
                continue
            known = history.get(rated, {})
            if day in known:
                table.recorded += 1
                continue
            table.vals_list.append(
                {
                    self._rated_field: rated.id,
                    "source_id": source.id,
                    "date": day,
                    **value,
                }
            )
            table.moves.append(self._table_move(rated, day, score, known))
        return table

    @api.model
    def _table_history(self, source):
        """Return what the source said: ``{who: {day: (opinion, score)}}``.

        The opinion is a dict of those fields that may not differ for the same day.
        """
        history = {}
        domain = [("source_id", "=", source.id), *self._table_domain]
        for rating in self.search(domain):
            days = history.setdefault(rating[self._rated_field], {})
            days[rating.date] = (rating._table_opinion(), rating._table_score())
        return history

    @api.model
    def _table_move(self, rated, day, score, known):
        earlier = [recorded for recorded in known if recorded < day]
        before = known[max(earlier)][1] if earlier else None
        return RatingMove(rated, day, before, score, not earlier)

    @api.model
    def _key_errors(self, rated, day, value, line_by_key, known):
        """Return what is wrong with a row beside the file's others and the history."""
        line = line_by_key.get((rated, day))
        if line:
            error = self.env._(
                "%(rated)s was rated on this date in line %(line)s already.",
                rated=rated.display_name,
                line=line,
            )
            return [error]
        recorded = known[day][0] if day in known else {}
        if any(value[name] != recorded[name] for name in recorded):
            error = self.env._(
                "%(rated)s is recorded with %(known)s from this date on: a new"
                " opinion, %(new)s, needs a later date.",
                rated=rated.display_name,
                known=self._table_value_text(recorded),
                new=self._table_value_text(value),
            )
            return [error]
        return []

    @api.model
    def _missing_columns_error(self, missing, needed):
        return UserError(
            self.env._(
                "The first line must name the columns %(needed)s; missing:"
                " %(columns)s.",
                needed=needed,
                columns=", ".join(missing),
            )
        )

    @api.model
    def _table_grade(self, source, text):
        """Return the grade with a code, or what is wrong."""
        grades = {grade.code.upper(): grade for grade in source.grade_ids}
        grade = grades.get(text.upper())
        if grade:
            return grade, []
        error = self.env._(
            "%(code)s is no grade of %(rater)s: %(grades)s.",
            code=text or self._empty_text(),
            rater=source.name,
            grades=", ".join(source.grade_ids.mapped("code")),
        )
        return grade, [error]

    @api.model
    def _beyond_text(self, text):
        return self.env._(
            "%(cells)s stands beyond the last column: a decimal comma needs quotes, or"
            " semicolons between the columns.",
            cells=text,
        )

    @api.model
    def _no_date_text(self, text):
        if text.isdigit() and len(text) == SERIAL_DIGITS:
            day = SHEET_EPOCH + timedelta(days=int(text))
            return self.env._(
                "%(date)s is no date but the number of one in a sheet, %(day)s: format"
                " the column as dates, or write YYYY-MM-DD.",
                date=text,
                day=day.isoformat(),
            )
        return self.env._(
            "%(date)s is no date: write it as YYYY-MM-DD.",
            date=text or self._empty_text(),
        )

    @api.model
    def _empty_text(self):
        return self.env._("(empty)")

    @api.model
    def _parse_day(self, text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
