import math

from odoo import api, models

from .rating_table import Found

#: columns by which a file may name a buyer, the first that is filled in decides
BUYER_COLUMNS = ("vat", "company_registry", "ref")


class CreditInsuranceBuyerRating(models.Model):
    _inherit = "credit.insurance.buyer.rating"

    #: a company's own experience comes from no file
    _table_domain = (("company_id", "=", False),)

    @api.model
    def _check_columns(self, source, columns):
        """Tables of buyers name them, and have a score or a grade and a date."""
        value = "score" if source.scale == "number" else "code"
        missing = [name for name in (value, "date") if name not in columns]
        if not set(BUYER_COLUMNS) & set(columns):
            missing.insert(0, self.env._("one of vat, company_registry, ref"))
        if missing:
            raise self._missing_columns_error(
                missing,
                self.env._(
                    "vat, company_registry or ref, then %(value)s and date", value=value
                ),
            )

    @api.model
    def _rated_finder(self, columns):
        """Return how to find the buyer of a row, see :meth:`_check_table`.

        A number that nobody has is no fault: agencies' files also name companies that
        are no buyers of ours.
        """
        names = [name for name in BUYER_COLUMNS if name in columns]
        buyers = {name: self._buyers_by(name) for name in names}

        def find(row):
            name = next((name for name in names if self._plain(row[name])), None)
            if not name:
                return Found(error=self.env._("No buyer is named."))
            found = buyers[name].get(self._plain(row[name]))
            if not found:
                return Found(unknown=row[name])
            if len(found) > 1:
                return Found(error=self._several_text(row[name], found))
            return Found(found)

        return find

    @api.model
    def _several_text(self, number, buyers):
        return self.env._(
            "%(number)s belongs to several buyers: %(buyers)s.",
            number=number,
            buyers=", ".join(buyers.mapped("display_name")),
        )

    @api.model
    def _buyers_by(self, name):
        """Return ``{number without blanks and points: buyers}``."""
        buyers = self.env["res.partner"].search_fetch(
            [
                (name, "!=", False),
                "|",
                ("parent_id", "=", False),
                ("is_company", "=", True),
            ],
            [name, "name", "commercial_partner_id"],
        )
        buyers = buyers.filtered(lambda buyer: buyer == buyer.commercial_partner_id)
        return buyers.grouped(lambda buyer: self._plain(buyer[name]))

    @api.model
    def _plain(self, number):
        return "".join(sign for sign in number.upper() if sign.isalnum())

    @api.model
    def _table_value(self, source, row):
        """Return what a row says, its score, and what is wrong with it."""
        if source.scale == "grade":
            grade, errors = self._table_grade(source, row["code"])
            scored = grade and grade.scoring == "score"
            score = grade.score if scored else None
            return {"grade_id": grade and grade.id}, score, errors
        value = self._parse_number(row["score"])
        if value is None:
            error = self.env._(
                "%(text)s is no number.", text=row["score"] or self._empty_text()
            )
            return {"value": 0.0}, None, [error]
        if not source.value_min <= value <= source.value_max:
            return {"value": value}, None, [source._outside_text(value)]
        score = source._place(value, source.value_min, source.value_max)
        return {"value": value}, score, []

    @api.model
    def _parse_number(self, text):
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def _table_opinion(self):
        if self.scale == "grade":
            return {"grade_id": self.grade_id.id}
        return {"value": self.value}

    def _table_score(self):
        return self._score()

    @api.model
    def _table_value_text(self, value):
        if "grade_id" in value:
            return (
                self.env["credit.insurance.rating.grade"].browse(value["grade_id"]).code
            )
        return self.env["credit.insurance.rating.source"]._value_text(value["value"])
