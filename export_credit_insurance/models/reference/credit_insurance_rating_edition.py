from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open, split_every

from .table_file import read_table

SHOWN_ERRORS = 30
#: ratings written at once
BATCH = 5000
#: what an edition of a source holds, by the criterion that the source judges
RATING_MODELS = {
    "country": "credit.insurance.country.rating",
    "agency": "credit.insurance.buyer.rating",
    "payment": "credit.insurance.buyer.rating",
}


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
    date = fields.Date(string="Valid As Of", required=True)
    citation = fields.Text(help="Where the table comes from, as its owner asks.")
    rating_ids = fields.One2many(
        "credit.insurance.country.rating", "edition_id", string="Countries"
    )
    buyer_rating_ids = fields.One2many(
        "credit.insurance.buyer.rating", "edition_id", string="Buyers"
    )
    rating_count = fields.Integer(compute="_compute_rating_count")

    @api.depends("rating_ids", "buyer_rating_ids")
    def _compute_rating_count(self):
        counts = {}
        for model in set(RATING_MODELS.values()):
            rows = self.env[model]._read_group(
                [("edition_id", "in", self.ids)], ["edition_id"], ["__count"]
            )
            for edition, count in rows:
                counts[edition] = counts.get(edition, 0) + count
        for edition in self:
            edition.rating_count = counts.get(edition._origin, 0)

    @api.model
    def _load_shipped(self, source_code, path, name, citation):
        """Load a table shipped with the add-on, at installation only."""
        source = self.env["credit.insurance.rating.source"].search(
            [("code", "=", source_code)]
        )
        with file_open(path, "rb") as table:
            return self._import_table(source, table.read(), name, citation)

    @api.model
    def _import_table(
        self, source, content, name=None, citation=None, skip_unknown=False
    ):
        """Add an edition from a file of ratings, all or nothing.

        Columns of countries: ``iso2``, ``code`` (the grade's), ``date``; ``outlook``
        if known. Of buyers: ``vat``, ``company_registry`` or ``ref``, then ``score``
        or ``code``, and ``date``.

        :param bytes content: CSV in UTF-8 or XLSX, see :func:`read_table`
        :param skip_unknown: leave out rows about companies that are no buyers
        :return: the edition, empty when every row was recorded already
        :raise UserError: naming each faulty line; nothing is recorded then
        """
        table = self._check_table(source, content)
        errors = table.errors + ([] if skip_unknown else self._unknown_errors(table))
        if errors:
            raise UserError(self._error_text(sorted(errors)))
        if not table.vals_list:
            return self.browse()
        valid_as_of = max(vals["date"] for vals in table.vals_list)
        edition = self.create(
            {
                "name": name or f"{source.name} {valid_as_of}",
                "source_id": source.id,
                "date": valid_as_of,
                "citation": citation,
            }
        )
        Rating = self._rating_model(source)
        for batch in split_every(BATCH, table.vals_list):
            # written and forgotten, so that long files need no more memory
            Rating.create([{**vals, "edition_id": edition.id} for vals in batch])
            self.env.flush_all()
            Rating.invalidate_model(flush=False)
        return edition

    @api.model
    def _check_table(self, source, content):
        """Return what a file would add, as a :class:`RatingTable`."""
        columns, rows = read_table(self.env, content)
        return self._rating_model(source)._check_table(source, columns, rows)

    @api.model
    def _rating_model(self, source):
        return self.env[RATING_MODELS[source.criterion]]

    @api.model
    def _unknown_errors(self, table):
        return [
            (number, self.env._("%(number)s is no buyer of ours.", number=text))
            for number, text in table.unknown
        ]

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
