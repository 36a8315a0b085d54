import json

from odoo import api, fields, models
from odoo.tools import SQL

from .declaration_query import SIGN, DeclarationQuery


class CreditInsuranceDeclaration(models.Model):
    """The documents of a draft: at what amount, in which group, or why left out."""

    _inherit = "credit.insurance.declaration"

    def _bring_up_to_date(self):
        """Write lines, groups and premium of drafts anew, from the books of today."""
        # sudo: the books as a whole, whoever may declare
        for declaration in self.sudo():
            declaration.line_ids.unlink()
            declaration.group_ids.unlink()
            lines = declaration._document_values()
            if declaration.basis == "turnover":
                lines += declaration._change_values()
            declaration._write_lines(lines)
            declaration._write_premium()
            declaration.brought_up_on = fields.Datetime.now()

    @api.model
    def _documents(self, declaration):
        """Return the rows of :class:`~.declaration_query.DeclarationQuery`.

        Four queries, whatever the number of documents.

        :param declaration: a record, also one that is not saved
        """
        position = self.env["credit.insurance.position"]
        company = declaration.company_id
        self.env.flush_all()
        query = position._query(company)
        stops = [
            {**row, "stop_from": str(row["stop_from"])}
            for row in position._execute(query.overdue_stops())
        ]
        query = DeclarationQuery.of(query, declaration, json.dumps(stops))
        return position._execute(query.rows())

    def _document_values(self):
        """Return the values of the lines of the period's documents."""
        self.ensure_one()
        currency = self.currency_id
        values = []
        rows = self._documents(self)
        overrides = self.env["credit.insurance.declaration.override"]._latest(
            self.policy_id,
            self.env["account.move"].browse(
                {row[name] for row in rows for name in ("id", "origin_id")}
            ),
        )
        for row in rows:
            # a credit note follows its invoice, unless somebody decided otherwise
            word = overrides.get(row["id"]) or overrides.get(row["origin_id"])
            override = word if word and word.is_declared else None
            share, reason = (0, False) if override else self._share_left_out(row)
            amount = float(row["amount"])
            excluded = currency.round(amount * float(share))
            is_late = bool(self.corrects_id) or row["document_date"] < self.date_from
            values.append(
                {
                    "move_id": row["id"],
                    "kind": "late"
                    if is_late and self.basis == "turnover"
                    else "document",
                    "document_name": row["name"],
                    "document_date": row["document_date"],
                    "partner_id": row["partner_id"],
                    "country_id": row["country_id"],
                    "is_named": row["limit_kind"] not in (None, "discretionary"),
                    "document_currency_id": row["currency_id"],
                    "amount_currency": float(row["untaxed"]),
                    "amount": amount,
                    "excluded_amount": excluded,
                    "base_amount": currency.round(amount - excluded),
                    "exclusion_reason": reason if excluded else False,
                    "override_id": override.id if override else False,
                }
            )
        return values

    @api.model
    def _share_left_out(self, row):
        """Return which share of a document is left out, and the first reason.

        A credit note follows the invoice it reverses, as that was declared.
        """
        if row["declared_share"] is not None:
            return row["declared_share"], row["declared_reason"]
        reason = row["reason"]
        if not reason and row["excluded_share"]:
            reason = "lc" if row["lc_share"] else "prepaid"
        return row["excluded_share"], reason

    def _change_values(self):
        """Return lines of documents that differ from what was declared of them.

        One that was taken back or cancelled is declared with the opposite sign, one
        that was drawn up anew with the difference, at the rate it was declared at.
        """
        self.ensure_one()
        rows = self.env.execute_query_dict(self._change_query())
        currency = self.currency_id
        values = []
        for row in rows:
            told, told_amount = row["told_currency"], row["told"]
            difference = row["current"] - told
            factor = difference / told if told else None
            amount = (
                currency.round(float(told_amount * factor))
                if factor is not None
                else self._converted(row, difference)
            )
            share = row["told_excluded"] / told_amount if told_amount else 0
            excluded = currency.round(float(share) * amount)
            values.append(
                {
                    "move_id": row["move_id"],
                    "kind": "change",
                    "document_name": row["document_name"],
                    "document_date": row["document_date"],
                    "partner_id": row["partner_id"],
                    "country_id": row["country_id"],
                    "is_named": row["is_named"],
                    "document_currency_id": row["document_currency_id"],
                    "amount_currency": float(difference),
                    "amount": amount,
                    "excluded_amount": excluded,
                    "base_amount": currency.round(amount - excluded),
                    "exclusion_reason": row["exclusion_reason"] if excluded else False,
                }
            )
        return values

    def _converted(self, row, difference):
        """Convert what was declared with nothing left, at the policy's rate."""
        day = self.date_to
        if self.policy_id.rate_rule == "invoice_date":
            day = row["document_date"]
        source = self.env["res.currency"].browse(row["document_currency_id"])
        return source._convert(
            float(difference), self.currency_id, self.company_id, day
        )

    def _change_query(self):
        """SQL of declared documents whose amount before tax is another one now."""
        period = SQL("TRUE")
        if self.corrects_id:
            period = SQL(
                "first.document_date BETWEEN %s AND %s", self.date_from, self.date_to
            )
        return SQL(
            """
            SELECT first.*, told.told, told.told_currency, told.told_excluded,
                   now.current
              FROM (
                SELECT line.move_id, sum(line.amount) AS told,
                       sum(line.amount_currency) AS told_currency,
                       sum(line.excluded_amount) AS told_excluded
                  FROM credit_insurance_declaration_line line
                  JOIN credit_insurance_declaration own
                    ON own.id = line.declaration_id
                 WHERE line.policy_id = %(policy)s AND line.company_id = %(company)s
                   AND line.basis = 'turnover' AND own.state <> 'draft'
                 GROUP BY line.move_id
              ) told
              JOIN account_move move ON move.id = told.move_id
              CROSS JOIN LATERAL (SELECT CASE WHEN move.state = 'posted'
                  THEN %(sign)s * move.amount_untaxed ELSE 0 END) now(current)
              JOIN credit_insurance_declaration_line first
                ON first.move_id = told.move_id AND first.policy_id = %(policy)s
               AND first.basis = 'turnover' AND first.kind <> 'change'
             WHERE now.current <> told.told_currency AND %(period)s
               AND NOT EXISTS (
                   SELECT FROM credit_insurance_declaration_line pending
                     JOIN credit_insurance_declaration draft
                       ON draft.id = pending.declaration_id
                    WHERE pending.move_id = told.move_id
                      AND pending.policy_id = %(policy)s
                      AND pending.kind = 'change' AND draft.state = 'draft'
                      AND draft.id <> %(own)s)
             ORDER BY first.document_date, first.move_id
            """,
            policy=self.policy_id.id,
            company=self.company_id.id,
            sign=SIGN,
            period=period,
            own=self.id,
        )

    @api.model
    def _undeclared_premium(self, year, company, last):
        """Estimate the premium of what was invoiced and is in no declaration yet.

        What a draft lists is not declared, but is counted with its draft, whichever
        days that is of.

        :param year: the policy year whose premium it makes
        :param last: the last day to look at
        """
        drafts = self.env["credit.insurance.declaration.group"].search(
            [
                ("year_id", "=", year.id),
                ("company_id", "=", company.id),
                ("declaration_id.state", "=", "draft"),
            ]
        )
        supposed = self.new(
            {
                "policy_id": year.policy_id.id,
                "company_id": company.id,
                "basis": "turnover",
                "date_from": year.date_from,
                "date_to": last,
            }
        )
        values = supposed._document_values()
        keys = map(dict, supposed._group_keys(values))
        return sum(drafts.mapped("premium_amount")) + sum(
            vals["base_amount"] * key["rate"] / 100
            for vals, key in zip(values, keys, strict=True)
            if key["year_id"] == year.id
        )

    # === GROUPS === #

    def _write_lines(self, values):
        """Create groups and lines; a document is at the rate of its own policy year."""
        groups = {}
        keys = self._group_keys(values)
        for vals, key in zip(values, keys, strict=True):
            group = groups.setdefault(
                key, {"amount": 0.0, "excluded_amount": 0.0, "base_amount": 0.0}
            )
            for name in group:
                group[name] += vals[name]
        made = self.env["credit.insurance.declaration.group"].create(
            [self._group_values(dict(key), sums) for key, sums in groups.items()]
        )
        ids = dict(zip(groups, made.ids, strict=True))
        self.env["credit.insurance.declaration.line"].create(
            [
                {
                    **vals,
                    "declaration_id": self.id,
                    "group_id": ids[key],
                    "rate": dict(key)["rate"],
                }
                for vals, key in zip(values, keys, strict=True)
            ]
        )
        for name in ("amount", "excluded_amount", "base_amount"):
            self[name] = self.currency_id.round(sum(made.mapped(name)))

    def _group_values(self, key, sums):
        currency = self.currency_id
        rounded = {name: currency.round(amount) for name, amount in sums.items()}
        return {
            **key,
            **rounded,
            "declaration_id": self.id,
            "premium_amount": currency.round(
                rounded["base_amount"] * key["rate"] / 100
            ),
        }

    def _group_keys(self, values):
        """Return the group of each line, as a tuple of the group's values.

        Turnover makes the premium of the policy year of its day, at that one's rates;
        a balance that of the year at whose end, or in which, it is owed.
        """
        countries = self.env["res.country"].browse(
            {vals["country_id"] for vals in values if vals["country_id"]}
        )
        zones = self.env["credit.insurance.zone"]
        zone_of = zones._zone_by_country(self.company_id)
        known = {}
        keys = []
        for vals in values:
            country = countries.browse(vals["country_id"] or ())
            day = vals["document_date"]
            if (country, day) not in known:
                year = self.policy_id._premium_year_of(day) or self.year_id
                zone = zones.browse(zone_of.get(country.id) or ())
                found = self.policy_id._premium_group_of(
                    country, zone, self.company_id, year, day
                )
                owner = year if self.basis == "turnover" else self.year_id
                known[country, day] = (*found.items(), ("year_id", owner.id))
            keys.append(known[country, day])
        return keys
