from odoo.tools import SQL


class DeclarationRates:
    """The amounts of a declaration's documents in the policy's currency."""

    def _in_policy_currency(self):
        """At the rate of the invoice's day, or of the period's last day."""
        own = self.declaration
        currency = own.policy_id.currency_id
        day = SQL("%s::date", own.date_to)
        if own.policy_id.rate_rule == "invoice_date":
            day = SQL("document.document_date")
        return SQL(
            "CASE WHEN document.currency_id = %(own)s THEN document.untaxed"
            " ELSE round((document.untaxed * %(own_rate)s / %(rate)s)::numeric,"
            " %(digits)s) END",
            own=currency.id,
            own_rate=self._rate_on(SQL("%s", currency.id), day),
            rate=self._rate_on(SQL("document.currency_id"), day),
            digits=currency.decimal_places,
        )

    def _rate_on(self, currency, day):
        """The rate as Odoo finds it: the last one until the day, else the first."""
        found = SQL(
            """SELECT known.rate FROM res_currency_rate known
                WHERE known.currency_id = %s
                  AND (known.company_id IS NULL OR known.company_id = %s)""",
            currency,
            self.company.root_id.id,
        )
        return SQL(
            """COALESCE(
                (%(found)s AND known.name <= %(day)s
                 ORDER BY known.company_id, known.name DESC LIMIT 1),
                (%(found)s ORDER BY known.company_id, known.name LIMIT 1), 1)""",
            found=found,
            day=day,
        )
