import dataclasses
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...contract.shared_numbers import shared_groups
from .credit_finding import (
    JOINT_CODE,
    RATE_CODE,
    SANCTION_CODE,
    SANCTION_CODES,
    SHORT_CODES,
    UNKNOWN_CODE,
    Assessment,
    Finding,
    OrderCase,
    Wanted,
    joint_key,
)

AS_IT_IS = Wanted()


class CreditInsuranceCheck(models.AbstractModel):
    """May these orders go? Reads positions, answers findings, writes nothing.

    How it works
        Every order becomes an :class:`OrderCase`: its debtor's position without the
        order, and what is left after the orders before it in the same call. Each
        method named by :meth:`_finding_methods` looks at the case and says nothing or
        (amount, message, cure). The rule for its code, the buyer's zone and band gives
        the severity.

    How to extend
        Append a code to the selection of ``credit.insurance.check.rule`` and a pair to
        :meth:`_finding_methods`.
    """

    _name = "credit.insurance.check"
    _description = "Credit Check of Orders"

    # === API === #

    @api.model
    def _get_findings(self, orders, positions):
        """Return what speaks against the orders, taken one after the other.

        :param orders: orders to check, draft or confirmed
        :param positions: {order: position of its debtor without these orders}
        :return: {order: [Finding]}, the gravest first
        """
        assessments = self._assess(orders, positions)
        return {order: found.findings for order, found in assessments.items()}

    @api.model
    def _assess(
        self,
        orders,
        positions=None,
        together=True,
        paid=None,
        wanted=None,
        codes=None,
        cleared=None,
        actor=None,
    ):
        """Check orders by id, each with what the ones before it have left.

        An order that is refused takes nothing from those after it, so that the answer
        also says which would pass without it.

        :param positions: {order: position}, read here if not given
        :param together: False to look at each order as if it were alone
        :param paid: orders that were paid for, looked up here if not given
        :param wanted: {order: :class:`Wanted`}, for those that shall be changed
        :param codes: {order: codes of the findings to look for}, all of them if not
            given
        :param cleared: {order id: :class:`Cleared`} of confirmed orders
        :param actor: who confirms them, enlarges them or asks for their release
        :return: {order: :class:`Assessment`}
        """
        if positions is None:
            positions = self._get_positions(orders)
        positions = self._without_own_acceptance(orders, positions, actor)
        if paid is None:
            paid = orders._credit_paid_orders()
        groups = {}
        if together and any(position.shares_limit for position in positions.values()):
            groups = self._group_debtors(orders)
        wanted = wanted or {}
        cases = (positions, paid, wanted, codes or {}, cleared or {})
        assessments = self._assess_in_turn(orders, cases, groups, together, {})
        # other goods than those that a release was given for need another one
        blocked = orders.filtered(
            lambda order: assessments[order].blocking
            and not wanted.get(order, AS_IT_IS).growth
        )
        holds = self.env["credit.insurance.hold"]
        if blocked and (releases := holds._get_releases(blocked)):
            assessments = self._assess_in_turn(
                orders, cases, groups, together, releases
            )
        return assessments

    @api.model
    def _assess_in_turn(self, orders, cases, groups, together, releases):
        positions, paid, wanted, codes, cleared = cases
        taken, joint_taken = defaultdict(float), defaultdict(float)
        away = self._paid_away(orders, paid, cleared)
        assessments = {}
        for order in orders.sorted(lambda order: order._origin.id):
            position = positions[order]
            debtor = order._credit_debtor()
            policy_key = position.policy.id or (order.company_id.id, "no policy")
            key = (groups.get(debtor.id, debtor.id), policy_key)
            joint = joint_key(order, position)
            case = self._prepare_case(
                order,
                debtor,
                position,
                taken[key],
                prepaid=order in paid,
                wanted=wanted.get(order, AS_IT_IS),
                codes=codes.get(order),
                cleared=cleared.get(order.id),
                joint_taken=joint_taken[joint] if position.joint else 0.0,
            )
            own_amount = case.added  # what went back stands with the debts already
            if order in away:
                case = self._with_paid_away(case, *away[order])
            elif not case.added and not case.prepaid and order.id in cleared:
                case = self._with_money_of_debts(case, cleared[order.id])
            found = Assessment(case, self._find(case), releases.get(order))
            if together and found.passes:
                taken[key] += own_amount
                joint_taken[joint] += case.added_company_currency
            assessments[order] = found
        return assessments

    @api.model
    def _paid_away(self, orders, paid, cleared):
        """Return what went back of what was paid online, see the orders' method.

        Only of those that have payments, where that is known.
        """
        with_payments = orders.filtered(
            lambda order: order.id not in cleared or cleared[order.id].has_payments
        )
        return with_payments._credit_paid_away(self._paid_in_full(paid))

    @api.model
    def _paid_in_full(self, paid):
        """Return those of which nothing is delivered beyond what was paid for."""
        return paid.filtered(
            lambda order: order.order_line._credit_delivered_more() <= 0
        )

    @api.model
    def _with_paid_away(self, case, with_debts, elsewhere):
        """Count what went back of an order's payment against its debtor's credit.

        The engine takes what was received off the order, as far as it is not invoiced,
        else off the debts. What went back stands with the debts already or, on other
        accounts, nowhere; the order has not been paid for by it.

        :param with_debts: in the company's currency, like the other amount
        """
        with_debts = case.position.to_limit_currency(with_debts)
        elsewhere = case.position.to_limit_currency(elsewhere)
        if not case.added:
            # else nobody would look at an order that adds nothing
            case = dataclasses.replace(
                case, added=with_debts, available=case.available + with_debts
            )
        if case.added < elsewhere:
            return dataclasses.replace(case, added=case.added + elsewhere)
        return case.with_available(case.available - elsewhere)

    @api.model
    def _with_money_of_debts(self, case, cleared):
        """Count what an order grew by on money that paid for debts before.

        What was received is taken off what of its order is not invoiced, else off the
        debts. As the order grows it takes its money back from them, adds nothing, and
        the debts rise by as much.

        :param cleared: the order's :class:`Cleared`
        """
        if not cleared.debtor_id or not cleared.has_payments:
            return case
        growth = case.order._credit_growth(cleared)
        if growth <= 0:
            return case
        _in_company, more = case.order._credit_convert_amount(case.position, growth)
        return dataclasses.replace(case, added=more, available=case.available + more)

    @api.model
    def _get_positions(self, orders):
        """Return {order: position of its debtor without these orders}."""
        # sudo: every open document counts, not only those the salesperson may read
        engine = self.env["credit.insurance.position"].sudo()
        return engine._get_order_positions(orders)

    @api.model
    def _group_debtors(self, orders):
        """Return {debtor id: id of the group that shares one limit with it}."""
        debtors = orders._credit_debtor()
        if len(debtors) < 2:
            return {}
        rows = self.env.execute_query(
            shared_groups(SQL("SELECT unnest(%s::int[])", debtors.ids))
        )
        return {debtor_id: mates[0] for debtor_id, mates in rows}

    # === CASE === #

    @api.model
    def _prepare_case(
        self,
        order,
        debtor,
        position,
        taken,
        prepaid,
        wanted,
        codes,
        cleared,
        joint_taken=0.0,
    ):
        """Return the case of one order.

        Of an order that was paid for, what is delivered beyond it is all that needs
        credit: a case as small as that.

        :param prepaid: whether its whole total was paid for
        """
        amount = order._credit_order_amount(position, wanted)
        secured = min(amount.security_limit_currency, amount.limit_currency)
        rules = self.env["credit.insurance.check.rule"]
        buyer = debtor.with_company(order.company_id)
        total = max(order.amount_total + wanted.growth, wanted.total or 0.0)
        if prepaid and (beyond := order.order_line._credit_delivered_more()) > 0:
            prepaid, total = False, beyond
        receivers = wanted.delivery or order.partner_shipping_id
        return OrderCase(
            order=order,
            debtor=debtor,
            addresses=(wanted.invoice or order.partner_invoice_id) | receivers,
            payment_term=order.payment_term_id
            if wanted.payment_term is None
            else wanted.payment_term,
            position=position,
            scope=self._scope(order, debtor, position, receivers),
            zone_id=buyer.credit_zone_id.id or None if rules._zones_matter() else None,
            band=buyer._credit_checked_band() if rules._bands_matter() else None,
            added=max(amount.limit_currency - secured, 0.0),
            secured=max(secured, 0.0),
            added_company_currency=amount.company_currency,
            available=position.headroom_limit_currency - taken,
            total_company_currency=max(
                self._in_company_currency(order, position, total),
                amount.company_currency,  # more than the total may be delivered
            ),
            prepaid=prepaid,
            codes=codes,
            cleared=cleared,
            joint_taken=joint_taken,
        )

    @api.model
    def _in_company_currency(self, order, position, total):
        """Convert at the position's rates, not at those of the order's date.

        Whoever writes an order chooses its date.
        """
        company = order.company_id
        rates = self.env["credit.insurance.position"]._facts(company.id, position.day)
        return rates.to_company(total, order.currency_id.id)

    # === CHANGES OF A CONFIRMED ORDER === #

    @api.model
    def _worsened(self, order, cleared):
        """Return the codes of the findings that a change may bring about.

        Addresses in a country that is under sanctions, or in none that was filled in
        where there was one, and longer payment terms. The
        order's debtor and amount are as they were cleared: what else has happened to
        the buyer since is no reason to refuse the change.

        :param cleared: the order's :class:`Cleared`
        """
        codes = set()
        today = self.env["credit.insurance.position"]._today(order.company_id)
        pairs = list(zip(order._credit_country_ids(), cleared.country_ids, strict=True))
        countries = self.env["res.country"].browse(
            {new for new, former in pairs if new and new != former}
        )
        statuses = self.env["credit.insurance.country.event"]._status(countries, today)
        if "sanctioned" in statuses.values():
            codes.add(SANCTION_CODE)
        if any(former and not new for new, former in pairs):
            codes.add(UNKNOWN_CODE)
        term = order.payment_term_id
        former = term.browse(cleared.payment_term_id or ())
        if term._credit_longest_days(today) > former._credit_longest_days(today):
            codes |= {"terms_too_long", "terms_beyond_band"}
        return frozenset(codes)

    # === FINDINGS === #

    @api.model
    def _finding_methods(self):
        """Return [(code, name of the method that looks for it)], the gravest first."""
        return [
            (SANCTION_CODE, "_find_country_sanctioned"),
            (UNKNOWN_CODE, "_find_country_unknown"),
            (RATE_CODE, "_find_rate_unknown"),
            ("insolvent", "_find_insolvent"),
            ("country_off_cover", "_find_country_off_cover"),
            ("cover_stopped", "_find_cover_stopped"),
            ("limit_refused", "_find_limit_refused"),
            ("limit_expired", "_find_limit_expired"),
            ("no_limit", "_find_no_limit"),
            ("over_limit", "_find_over_limit"),
            (JOINT_CODE, "_find_over_group_ceiling"),
            ("terms_too_long", "_find_terms_too_long"),
            ("terms_illegal", "_find_terms_illegal"),
            ("band_no_credit", "_find_band_no_credit"),
            ("terms_beyond_band", "_find_terms_beyond_band"),
            ("not_insurable", "_find_not_insurable"),
            ("country_restricted", "_find_country_restricted"),
            ("overdue", "_find_overdue"),
            ("wrong_entity", "_find_wrong_entity"),
            ("limit_expiring", "_find_limit_expiring"),
        ]

    @api.model
    def _find(self, case):
        """Return the findings of one case that its rules do not ignore."""
        findings, rules = [], self._rules(case)
        for code, method in self._finding_methods():
            if code not in SANCTION_CODES and (case.prepaid or not case.added):
                break
            if case.codes is not None and code not in case.codes:
                continue
            rule = rules[code]
            if rule.severity == "ignore":
                continue
            if code != SANCTION_CODE and case.total_company_currency < rule.min_amount:
                continue
            if answer := getattr(self, method)(case, rule):
                findings.append(self._finding(case, code, rule, *answer))
        return findings

    @api.model
    def _finding(self, case, code, rule, amount, message, cure):
        severity = rule.severity
        if severity == "block" and code != SANCTION_CODE and self._is_observed(case):
            severity = "warn"
        if code in SHORT_CODES:
            cure = self._cure_of_own_acceptance(case, cure)
        return Finding(
            code=code,
            severity=severity,
            amount=case.round(amount),
            currency=case.currency,
            currency_code=case.position.limit_currency_code,
            message=message,
            cure=cure,
            rule_severity=rule.severity,
        )

    @api.model
    def _rules(self, case):
        """Return {code: the rule that decides on this finding} of one case."""
        return self.env["credit.insurance.check.rule"]._get_rules(
            case.scope, case.zone_id, case.band_id, case.order.company_id.id
        )

    @api.model
    def _rule(self, case, code):
        return self._rules(case)[code]

    @api.model
    def _is_observed(self, case):
        if case.position.policy:
            return case.position.policy.observation
        mode = (
            self.env["res.company"]._credit_check_modes().get(case.order.company_id.id)
        )
        return bool(mode and mode.observation)
