"""The words of the coverage advisor."""

from odoo.tools import formatLang

from ..reference.number_text import number_text
from .whole_percents import whole_percents


class AdviceText:
    """Writes reasons in the reader's language, amounts in the company's currency."""

    def __init__(self, env, currency):
        self.env = env
        self.currency = currency

    def reasons(self, reasons):
        return "\n".join(self._reason(code, values) for code, values in reasons)

    def summary(self, profile, answers, recommended, zones):
        """Say what to ask for and what else the exporter should know.

        :param recommended: names of the kinds of contract that suit
        :param zones: ``{name: share of the turnover}``, the largest first
        """
        tips = [
            self.env._("To ask for: %(contracts)s.", contracts=", ".join(recommended))
        ]
        if not profile.sales:
            tips.append(
                self.env._(
                    "No sale abroad in the last twelve months: the advice rests on"
                    " what you expect."
                )
            )
        if zones:
            tips.append(
                self.env._(
                    "By zone: %(zones)s.",
                    zones=", ".join(
                        self.env._("%(zone)s %(share)s %%", zone=zone, share=share)
                        for zone, share in zip(
                            zones, whole_percents(zones.values()), strict=True
                        )
                    ),
                )
            )
        if answers.is_first_market:
            tips.append(
                self.env._(
                    "First sale on a market: ask for the buyer's limit before you"
                    " quote, and for a letter of credit or payment in advance until it"
                    " is granted."
                )
            )
        sector_share = profile.share_of(lambda sale: sale.is_sector_at_risk)
        if sector_share:
            tips.append(
                self.env._(
                    "%(share)s %% of the turnover is in sectors at risk: expect lower"
                    " limits there, and ask for them early.",
                    share=self._number(sector_share * 100),
                )
            )
        if profile.refused_turnover:
            tips.append(
                self.env._(
                    "%(amount)s go to destinations that private insurers refuse: see"
                    " the gaps.",
                    amount=self.currency.format(profile.refused_turnover),
                )
            )
        return "\n".join(tips)

    def figures(self, thresholds, values):
        """Return the thresholds that the rules went by, a line for each.

        :param thresholds: records of ``credit.insurance.advice.threshold``
        :param values: ``{code: value}``, amounts in the company's currency
        """
        return "\n".join(
            self.env._(
                "%(threshold)s: %(value)s",
                threshold=threshold.name,
                value=self._figure(threshold, values[threshold.code]),
            )
            for threshold in thresholds
        )

    def _figure(self, threshold, value):
        if threshold.unit == "amount":
            return self.currency.format(value)
        number = number_text(self.env, value)
        if threshold.unit == "percent":
            return self.env._("%(share)s %%", share=number)
        if threshold.unit == "days":
            return self.env._("%(count)s days", count=number)
        return number

    def remedy(self, is_marketable, has_public_buyers):
        if is_marketable:
            return self.env._(
                "A letter of credit confirmed outside the country, or payment in"
                " advance: public cover may not be given for marketable risks."
            )
        if has_public_buyers:
            return self.env._(
                "Ask the public insurer for cover of the contract; else a letter of"
                " credit confirmed outside the country, or payment in advance."
            )
        return self.env._(
            "A letter of credit confirmed outside the country, payment in advance, or"
            " public cover of the single contract."
        )

    def _number(self, value):
        return formatLang(self.env, value, digits=0)

    def _reason(self, code, values):
        return getattr(self, f"_{code}")(**values)

    # === REASONS === #

    def _one_off(self):
        return self.env._("The sale is a single one: a contract for it alone suffices.")

    def _small_turnover(self, limit):
        return self.env._(
            "Below %(limit)s of export turnover a whole-turnover contract costs more"
            " work than it saves.",
            limit=self.currency.format(limit),
        )

    def _few_sales(self, limit):
        return self.env._(
            "Below %(limit)s of export turnover, with a few buyers: sales are insured"
            " one by one.",
            limit=self.currency.format(limit),
        )

    def _simplified(self, limit):
        return self.env._(
            "Made for less than %(limit)s of export turnover: one declaration a year,"
            " cover without a request up to a small amount.",
            limit=self.currency.format(limit),
        )

    def _beyond_small(self, limit):
        return self.env._(
            "Made for less than %(limit)s of export turnover.",
            limit=self.currency.format(limit),
        )

    def _buyers_unknown(self):
        return self.env._(
            "Buyers and markets are not known yet: insuring all sales covers each as it"
            " comes."
        )

    def _single_ahead(self):
        return self.env._("Each sale is asked for by itself.")

    def _buyer_ahead(self):
        return self.env._("Buyers can be named once they are known.")

    def _country_ahead(self):
        return self.env._("Sales outside the countries named are uninsured.")

    def _concentration(self, share):
        return self.env._(
            "The five largest buyers make %(share)s %% of the turnover.",
            share=self._number(share),
        )

    def _few_markets(self, count):
        return self.env._("Sales go to %(count)s markets only.", count=count)

    def _spread(self, count, buyers):
        return self.env._(
            "Sales are spread over %(buyers)s buyers in %(count)s markets: insuring all"
            " of them spreads the risk and lowers the rate.",
            buyers=buyers,
            count=count,
        )

    def _each_sale_asked(self, invoices):
        return self.env._(
            "Each sale is asked for by itself: %(count)s invoices in twelve months.",
            count=invoices,
        )

    def _many_sales(self, invoices):
        return self._each_sale_asked(invoices)

    def _others_uninsured(self, share):
        return self.env._(
            "%(share)s %% of the turnover, with the other buyers, stays uninsured.",
            share=self._number(share),
        )

    def _new_markets_uninsured(self, count):
        return self.env._(
            "Sales outside the %(count)s markets of today are uninsured until they are"
            " added.",
            count=count,
        )

    def _all_declared(self, buyers):
        return self.env._(
            "All %(buyers)s buyers are declared, also the safe ones.", buyers=buyers
        )

    def _long_terms(self, amount):
        return self.env._(
            "%(amount)s on credit of more than two years, beyond what private insurers"
            " usually cover: ask the public insurer.",
            amount=self.currency.format(amount),
        )

    def _refused(self):
        return self.env._("Private insurers refuse some of the destinations.")

    def _public_contract(self):
        return self.env._(
            "State contracts outside marketable risks are what public cover is for."
        )

    def _public_ahead(self):
        return self.env._(
            "No public buyer yet: ask the public insurer before you sign a state"
            " contract outside marketable risks."
        )

    def _public_buyer(self):
        return self.env._(
            "Private policies often exclude public buyers, or insure their insolvency"
            " alone: outside marketable risks the public insurer covers what they do"
            " not pay."
        )

    def _public_buyer_ahead(self):
        return self.env._(
            "No public buyer yet: outside marketable risks ask the public insurer"
            " before you sell to one, as private policies often exclude them."
        )

    def _public_unknown(self):
        return self.env._(
            "Nothing sold yet: public cover is for destinations that private insurers"
            " refuse, state contracts and credit of more than two years, never for"
            " marketable risks."
        )

    def _small_firm_percentage(self):
        return self.env._(
            "Small and medium firms get up to 100 % cover from some public insurers."
        )

    def _no_public_cover(self, share):
        return self.env._(
            "%(share)s %% of the turnover are marketable risks, which public insurers"
            " may not cover; nothing else calls for them.",
            share=self._number(share),
        )

    def _letter_of_credit(self, n):
        if not n:
            return self.env._(
                "The bank pays against documents: safest where nothing else is to be"
                " had, but each invoice needs one."
            )
        return self.env._(
            "The bank pays against documents: safest where nothing else is to be had,"
            " but each of %(count)s invoices needs one.",
            count=n,
        )

    def _guarantee(self, outstanding):
        return self.env._(
            "The buyer's bank stands for %(amount)s outstanding on average; few buyers"
            " agree to pay for it.",
            amount=self.currency.format(outstanding),
        )

    def _refused_here(self):
        return self.env._("Off cover, or rated too low for private insurers.")
