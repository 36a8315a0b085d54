from odoo import models
from odoo.tools import format_date

from .address_country import countries_of, unknown_of

# Why no limit is in force, by the state of the buyer's limit; else there is none yet,
# or none any more because we asked for that.
LIMIT_CODES = {
    "refused": "limit_refused",
    "cancelled": "limit_refused",
    "expired": "limit_expired",
}


class CreditInsuranceCheck(models.AbstractModel):
    """The findings one by one.

    Each method gets the case and the rule, and returns None or (amount in the limit's
    currency, what is wrong, what helps).
    """

    _inherit = "credit.insurance.check"

    def _find_country_sanctioned(self, case, rule):
        sanctioned = self._sanctioned_countries(case)
        if not sanctioned:
            return None
        return (
            case.secured + case.added,
            self.env._(
                "Sanctions are in force: %(countries)s.",
                countries=", ".join(sanctioned.mapped("name")),
            ),
            self.env._(
                "Have the law checked: a manager may release the order on a legal "
                "basis, with a file."
            ),
        )

    def _sanctioned_countries(self, case):
        """Return the countries under sanctions that the order has to do with.

        Whoever orders is asked for, too: goods may be billed and sent to others.
        """
        # sudo: addresses a salesperson may not read
        ordering = case.order.sudo().partner_id.commercial_partner_id
        countries = countries_of((case.debtor | case.addresses).sudo() | ordering)
        countries |= self._pickup_countries(case.order)
        statuses = self.env["credit.insurance.country.event"]._status(
            countries, case.position.day
        )
        return countries.filtered(lambda country: statuses[country] == "sanctioned")

    def _find_country_unknown(self, case, rule):
        """Find addresses of which nobody can tell whether sanctions forbid the sale.

        Where none are in force for any country, nobody needs to know.
        """
        # sudo: like the sanctions
        unknown = unknown_of((case.debtor | case.addresses).sudo())
        events = self.env["credit.insurance.country.event"]
        if not unknown or not events._sanctions_in_force(case.position.day):
            return None
        names = ", ".join(unknown.mapped("display_name"))
        return (
            case.secured + case.added,
            self.env._(
                "The country of %(partners)s is not filled in: it cannot be told "
                "whether sanctions are in force there.",
                partners=names,
            ),
            self.env._("Fill in the country of %(partners)s.", partners=names),
        )

    def _find_insolvent(self, case, rule):
        if not case.position.insolvency:
            return None
        insolvency = case.position.insolvency
        return (
            case.added,
            self.env._(
                "%(buyer)s has been insolvent since %(day)s.",
                buyer=case.debtor.display_name,
                day=format_date(self.env, insolvency.judgment_date),
            ),
            self.env._("Deliver against prepayment only."),
        )

    def _find_country_off_cover(self, case, rule):
        position = case.position
        if position.country_status == "sanctioned":
            return None  # said already, and more gravely
        if position.country_status != "off_cover" and (
            position.exclusion != "country_off"
        ):
            return None
        return (
            case.added,
            self.env._(
                "%(country)s is off cover: nothing shipped there is insured.",
                country=case.debtor.country_id.name,
            ),
            self.env._("Ask for a confirmed letter of credit or for prepayment."),
        )

    def _find_cover_stopped(self, case, rule):
        position = case.position
        if not position.stop_date or position.insolvency:
            return None
        return (
            case.added,
            self.env._(
                "Cover for %(buyer)s has been stopped since %(day)s: shipments are "
                "not insured.",
                buyer=case.debtor.display_name,
                day=format_date(self.env, position.stop_date),
            ),
            self.env._(
                "Collect the overdue invoices, obtain the insurer's written agreement, "
                "or agree on prepayment."
            ),
        )

    def _lacks_limit(self, case, code):
        """Whether no limit is in force, and this code says best why.

        It replaces ``over_limit``. What makes the buyer uninsurable altogether is
        said by its own finding; own risk and securities may still carry the order.
        """
        position = case.position
        return (
            not position.limit
            and (not case.is_uninsurable or self._has_man_of_straw(case))
            and case.round(case.missing) > 0
            and LIMIT_CODES.get(position.limit_state, "no_limit") == code
        )

    def _has_man_of_straw(self, case):
        """Whether what a company orders or gets is billed to whom nobody insures.

        That a public buyer or a private person cannot be insured is known of those who
        buy themselves, and warned of. Who pays for others needs credit like these, and
        so does who orders in a company's name.
        """
        # sudo: the salesperson may not read every partner they sell to
        ordering = case.order.sudo().partner_id.commercial_partner_id
        return case.position.exclusion in ("public", "private", "related") and (
            (ordering != case.debtor and ordering._credit_kind() != "private")
            or self._is_in_a_name(case.order, case.debtor)
            or self._goods_go_to_a_buyer(
                case.debtor, case.addresses | self._receivers(case.order)
            )
        )

    def _find_limit_refused(self, case, rule):
        if not self._lacks_limit(case, "limit_refused"):
            return None
        uncovered = case.currency.format(case.prepayment)
        return (
            case.missing,
            self.env._(
                "The insurer refused or withdrew the limit of %(buyer)s: %(missing)s "
                "would be at our own risk.",
                buyer=case.debtor.display_name,
                missing=uncovered,
            ),
            self.env._(
                "Ask the insurer again with newer information, obtain a security, or "
                "agree on prepayment of %(missing)s.",
                missing=uncovered,
            ),
        )

    def _find_limit_expired(self, case, rule):
        if not self._lacks_limit(case, "limit_expired"):
            return None
        uncovered = case.currency.format(case.prepayment)
        return (
            case.missing,
            self.env._(
                "The limit of %(buyer)s has expired: %(missing)s would be at our own "
                "risk.",
                buyer=case.debtor.display_name,
                missing=uncovered,
            ),
            self.env._(
                "Ask the insurer to prolong the limit, or agree on prepayment of "
                "%(missing)s.",
                missing=uncovered,
            ),
        )

    def _find_over_limit(self, case, rule):
        position = case.position
        tolerated = position.limit * rule.tolerance_pct / 100
        if (
            not position.limit
            or case.is_uninsurable
            or case.round(case.missing - tolerated) <= 0
        ):
            return None
        money = case.currency.format
        figures = {
            "buyer": case.debtor.display_name,
            "available": money(case.available),
            "order": money(case.added),
            "missing": money(case.missing),
        }
        message = self.env._(
            "%(buyer)s has %(available)s left of a limit of %(limit)s: this order of "
            "%(order)s exceeds it by %(missing)s.",
            limit=money(position.limit),
            **figures,
        )
        if case.available < 0:
            message = self.env._(
                "%(buyer)s exceeds the authorised credit of %(authorised)s by "
                "%(beyond)s already: nothing of this order of %(order)s fits in.",
                authorised=money(case.authorised),
                beyond=money(-case.available),
                **figures,
            )
        elif case.authorised != position.limit:
            message = self.env._(
                "%(buyer)s has %(available)s left of an authorised credit of "
                "%(authorised)s, of which a limit of %(limit)s: this order of "
                "%(order)s exceeds it by %(missing)s.",
                authorised=money(case.authorised),
                limit=money(position.limit),
                **figures,
            )
        return (
            case.missing,
            message,
            self.env._(
                "Ask the insurer for a higher limit, collect open invoices, or agree "
                "on prepayment of %(missing)s.",
                missing=money(case.prepayment),
            ),
        )

    def _find_terms_too_long(self, case, rule):
        longest = case.position.max_payment_days
        if not longest or not case.position.policy or case.is_uninsurable:
            return None
        days = case.payment_term._credit_longest_days(case.position.day)
        if days <= longest:
            return None
        return (
            case.added,
            self.env._(
                "Payment after %(days)s days: beyond the %(longest)s days that the "
                "policy allows, nothing of the order is insured.",
                days=days,
                longest=longest,
            ),
            self.env._(
                "Agree on payment terms of at most %(longest)s days, or on prepayment.",
                longest=longest,
            ),
        )

    def _find_band_no_credit(self, case, rule):
        if not case.band or not case.band.no_credit:
            return None
        return (
            case.added,
            self.env._(
                "%(buyer)s is in the risk band “%(band)s”, to which no credit is "
                "granted.",
                buyer=case.debtor.display_name,
                band=case.band.name,
            ),
            self.env._("Obtain a security, or agree on prepayment."),
        )

    def _find_terms_beyond_band(self, case, rule):
        longest = case.band.payment_days if case.band else 0
        if not longest:
            return None
        days = case.payment_term._credit_longest_days(case.position.day)
        if days <= longest:
            return None
        return (
            case.added,
            self.env._(
                "Payment after %(days)s days: buyers of the risk band “%(band)s” are "
                "offered %(longest)s days at most.",
                days=days,
                band=case.band.name,
                longest=longest,
            ),
            self.env._(
                "Agree on payment terms of at most %(longest)s days, or on prepayment.",
                longest=longest,
            ),
        )

    def _find_not_insurable(self, case, rule):
        if case.position.exclusion not in ("public", "private", "related"):
            return None
        kinds = dict(
            case.debtor._fields["credit_party_kind"]._description_selection(self.env)
        )
        return (
            case.added,
            self.env._(
                "%(buyer)s cannot be insured: the policy leaves out this kind of "
                "debtor (%(kind)s).",
                buyer=case.debtor.display_name,
                kind=kinds[case.position.exclusion],
            ),
            self.env._("Obtain a security, or agree on prepayment."),
        )

    def _find_country_restricted(self, case, rule):
        position = case.position
        if position.country_status != "restricted" or position.exclusion:
            return None
        country = case.debtor.sudo().country_id  # sudo: the buyer's country alone
        return (
            case.added,
            self.env._(
                "Cover for %(country)s is restricted: the insurer sets conditions.",
                country=country.name,
            ),
            self.env._(
                "Check the insurer's conditions for this country before you ship, and "
                "have it agree in writing."
            ),
        )

    def _find_overdue(self, case, rule):
        position = case.position
        currency = case.order.company_id.currency_id
        # without residues: who left cents open is not late with a payment
        if round(position.chased_amount, position.company_digits) <= 0:
            return None
        return (
            position.to_limit_currency(position.chased_amount),
            self.env._(
                "%(buyer)s owes %(amount)s overdue, the oldest for %(days)s days.",
                buyer=case.debtor.display_name,
                amount=currency.format(position.chased_amount),
                days=position.chased_days,
            ),
            self.env._("Collect the overdue invoices before you deliver."),
        )

    def _find_wrong_entity(self, case, rule):
        ordering = case.order.partner_id.commercial_partner_id
        if ordering == case.debtor:
            return None
        return (
            case.added,
            self.env._(
                "%(ordering)s orders but %(debtor)s is invoiced: the insurer pays only "
                "for the company that ordered or received the goods.",
                ordering=ordering.display_name,
                debtor=case.debtor.display_name,
            ),
            self.env._(
                "Invoice the company that orders, or have the insurer agree in writing."
            ),
        )

    def _find_limit_expiring(self, case, rule):
        position = case.position
        last_day = position.limit_date_to
        if not position.limit or not last_day:
            return None
        company = case.order.company_id
        mode = company._credit_check_modes().get(company.id)
        # sudo: a setting of the credit department; cached where orders are checked
        notice = (
            mode.expiring_days if mode else company.sudo().credit_limit_expiring_days
        )
        if (last_day - position.day).days > notice:
            return None
        return (
            0.0,
            self.env._(
                "The limit of %(buyer)s ends, or falls, on %(day)s: what is shipped "
                "later may not be insured.",
                buyer=case.debtor.display_name,
                day=format_date(self.env, last_day),
            ),
            self.env._("Ask the insurer to prolong it, or ship before."),
        )
