from odoo import models


class CreditInsuranceCheck(models.AbstractModel):
    """Whether the order's amount can be compared with the limit at all."""

    _inherit = "credit.insurance.check"

    def _find_rate_unknown(self, case, rule):
        """Find currencies that Odoo converts one to one, as nobody entered a rate.

        An order of 10 000 dinars would count as one of 10 000 euros: what it adds to
        the exposure is not known, so no limit can be said to carry it.
        """
        unknown = self._currencies_without_rate(case)
        if not unknown:
            return None
        names = ", ".join(unknown.mapped("name"))
        own = case.order.company_id.currency_id.name
        return (
            case.added,
            self.env._(
                "No exchange rate is known between %(currencies)s and %(own)s: the "
                "order counts one to one, whatever it is worth.",
                currencies=names,
                own=own,
            ),
            self.env._(
                "Have an exchange rate entered for %(currencies)s.", currencies=names
            ),
        )

    def _currencies_without_rate(self, case):
        """Return the currencies of order and limit for which nobody entered a rate.

        One to one by decision, such as two pegged currencies, they have one.
        """
        company, position = case.order.company_id, case.position
        suspects = self.env["res.currency"]
        # an invoice that nobody ordered so is looked at like an order
        is_invoice = case.order._name == "account.move"
        rate = "invoice_currency_rate" if is_invoice else "currency_rate"
        if case.order[rate] == 1.0:
            suspects |= case.order.currency_id
        if position.limit_rate == position.company_rate:
            suspects |= position.limit_currency
        suspects -= company.currency_id
        if not suspects:
            return suspects
        # sudo: the rates of a portal user's order
        rated = (
            self.env["res.currency.rate"]
            .sudo()
            ._read_group(
                [
                    ("currency_id", "in", suspects.ids),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                ["currency_id"],
            )
        )
        return suspects.filtered(
            lambda currency: (
                currency.id not in {known.id for [known] in rated}
                and currency._get_conversion_rate(
                    company.currency_id, currency, company, position.day
                )
                == 1.0
            )
        )
