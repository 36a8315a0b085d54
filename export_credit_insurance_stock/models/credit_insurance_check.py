import dataclasses
from collections import Counter, defaultdict

from odoo import api, models

from odoo.addons.export_credit_insurance.models.decision.check.credit_finding import (
    Wanted,
    joint_key,
)

from .delivery import DeliveryAssessment, DeliveryCase


class CreditInsuranceCheck(models.AbstractModel):
    """May these deliveries leave?

    Cover attaches at shipment (DESIGN 4, *Delivery*; DOMAIN 1.5): what counts is the
    debt of all that has left or is invoiced already, and the limit in force today.

        room of a delivery = limit in force today + securities + own risk
                             − what is owed and delivered, these goods not

    Undelivered quantities, of this order and of others, take nothing: they do not keep
    goods from leaving that fit. The engine computes both sides, with these quantities
    as delivered and without; the findings and their rules are those of orders.

    Example: ALFA (DOMAIN 1.16) owes 70,000, 12,000 is delivered and not invoiced,
    20,000 ordered; the limit is 130,000. As an order 28,000 fits (130,000 − 102,000);
    48,000 may leave (130,000 − 82,000): the 20,000 that are ordered, and as much again
    of any other order. Cut to 95,000 since, 13,000 may leave: a delivery of the
    20,000 lacks 7,000, one of 13,000 of them goes.

    Goods that were invoiced before they leave are a debt already and add none; what is
    open of their invoice is at stake all the same, so that a stop of cover holds them,
    and one that is paid lets them go. An order paid in advance passes (sanctions
    excepted). A valid release, of the order or of this transfer, lets goods go that do
    not fit; holds of the order that say that it grew, changed its buyer or lost its
    cover keep all of it until they are released.

    The ceiling of a buyer's group is asked likewise, of what all its companies owe by
    what has left: it may have been lowered, or used by another of them, since.
    """

    _inherit = "credit.insurance.check"

    @api.model
    def _assess_deliveries(self, deliveries, done=False):
        """Check deliveries one after the other, as :meth:`_assess` does orders.

        A delivery that is refused takes nothing from those after it. The number of
        queries does not depend on that of deliveries, but of one order there is a
        round for each of its transfers.

        :param deliveries: list of :class:`~.delivery.Delivery`
        :param done: the orders count them as delivered already
        :return: {key of the delivery: :class:`~.delivery.DeliveryAssessment`}
        """
        orders = self.env["sale.order"].sudo()  # whoever delivers need not sell
        orders = orders.union(*(delivery.order for delivery in deliveries))
        # sudo: every open document counts
        engine = self.env["credit.insurance.position"].sudo()
        gone = Counter()
        for delivery in deliveries if done else ():
            gone.subtract(delivery.quantities)
        before = engine._get_order_positions(orders, leaving=dict(gone))
        # {order: what it adds by what has left of it so far}
        amounts = {order: before[order].order_amount(order) for order in orders}
        paid = orders._credit_paid_orders()
        facts = {
            "paid": paid,
            "away": orders._credit_paid_away(self._paid_in_full(paid)),
            "bills": self._get_bills(deliveries, engine),
            "stops": self.env["credit.insurance.hold"]._get_stops(orders),
            "groups": self._group_debtors(orders)
            if any(position.shares_limit for position in before.values())
            else {},
            "spent": Counter(),
            "gone": gone,
        }
        assessments = {}
        for round_ in self._rounds(deliveries):
            leaving = Counter(gone)
            for delivery in round_:
                leaving.update(delivery.quantities)
            after = engine._get_order_positions(orders, leaving=dict(leaving))
            after = self._without_own_acceptance(orders, after)
            found = self._assess_round(round_, after, amounts, facts)
            assessments |= {delivery.key: found[delivery.key] for delivery in round_}
            for delivery in round_:
                if found[delivery.key].passes:
                    gone.update(delivery.quantities)
                    if found[delivery.key].released:
                        facts["spent"][found[delivery.key].release.id] += delivery.value
        return assessments

    @api.model
    def _rounds(self, deliveries):
        """Share deliveries out so that each list has one of each order at most."""
        rounds = []
        turns = Counter()
        for delivery in sorted(deliveries, key=lambda each: each.key):
            turn = turns[delivery.order]
            turns[delivery.order] += 1
            if turn == len(rounds):
                rounds.append([])
            rounds[turn].append(delivery)
        return rounds

    @api.model
    def _get_bills(self, deliveries, engine):
        """Return {order id: what is owed for its goods before they leave}.

        The open amount of its invoices, or what was received for it and paid back.
        """
        # sudo: whoever delivers need not sell
        orders = self.env["sale.order"].sudo()
        orders = orders.union(*(delivery.order for delivery in deliveries))
        billed = orders.filtered(
            lambda order: any(order.order_line.mapped("qty_invoiced"))
        )
        owed = Counter(engine._get_open_bills(billed) if billed else {})
        for order, amount in orders._credit_paid_back().items():
            owed[order.id] += amount
        return owed

    @api.model
    def _assess_round(self, deliveries, positions, amounts, facts):
        """Check one delivery of each order; note what those that pass add."""
        releases = {}
        former = dict(amounts)
        found = self._assess_in_line(deliveries, positions, amounts, facts, releases)
        blocked = [each for each in deliveries if found[each.key].blocking]
        if blocked:
            cases = {each.key: found[each.key].case for each in blocked}
            holds = self.env["credit.insurance.hold"]
            releases = holds._get_delivery_releases(blocked, cases, found)
        if releases:
            amounts.update(former)
            found = self._assess_in_line(
                deliveries, positions, amounts, facts, releases
            )
        return found

    @api.model
    def _assess_in_line(self, deliveries, positions, amounts, facts, releases):
        keys = {
            order: self._limit_key(order, position, facts["groups"])
            for order, position in positions.items()
        }
        joint_keys = {
            order: joint_key(order, position) for order, position in positions.items()
        }
        used, joint_used = defaultdict(float), defaultdict(float)
        for order, amount in amounts.items():
            used[keys[order]] += _unsecured(amount)
            joint_used[joint_keys[order]] += amount.company_currency
        assessments = {}
        for delivery in deliveries:
            order = delivery.order
            after = positions[order].order_amount(order)
            case = self._prepare_delivery_case(
                delivery,
                positions[order],
                used[keys[order]],
                joint_used[joint_keys[order]],
                amounts[order],
                facts,
            )
            stops = facts["stops"].get(order, ())
            found = DeliveryAssessment(
                case,
                self._find(case),
                releases.get(delivery.key),
                stops=() if self._is_observed(case) else stops,
            )
            if found.passes:
                used[keys[order]] += _unsecured(after) - _unsecured(amounts[order])
                joint_used[joint_keys[order]] += (
                    after.company_currency - amounts[order].company_currency
                )
                amounts[order] = after
            assessments[delivery.key] = found
        return assessments

    @api.model
    def _limit_key(self, order, position, groups):
        """Name what an order shares with others: its debtor's limit."""
        debtor = order._credit_debtor()
        policy = position.policy.id or (order.company_id.id, "no policy")
        return groups.get(debtor.id, debtor.id), policy

    @api.model
    def _prepare_delivery_case(
        self, delivery, position, used, joint_used, before, facts
    ):
        """Return the case of one delivery.

        :param position: of its debtor without the orders at hand, these goods gone
        :param used: what the orders at hand add by what has left of them so far
        :param joint_used: likewise those of the buyer's group, in company currency
        :param before: this order's part of it
        """
        order = delivery.order
        # nobody paid for what leaves beyond the order; that alone needs credit
        is_paid = order in facts["paid"]
        beyond = self._beyond_order(delivery, facts["gone"]) if is_paid else 0.0
        case = self._prepare_case(
            order,
            order._credit_debtor(),
            position,
            0.0,
            prepaid=is_paid and not beyond,
            wanted=Wanted(),
            codes=None,
            cleared=None,
        )
        in_company, in_limit = order._credit_convert_amount(position, delivery.value)
        unlisted_in_company, unlisted = order._credit_convert_amount(
            position, delivery.unlisted
        )
        after = position.order_amount(order)
        added = _unsecured(after) - _unsecured(before) + unlisted
        # goods invoiced before are owed already: they stand in the exposure
        owed = after.company_currency - before.company_currency + unlisted_in_company
        secured = max(_secured(after) - _secured(before), 0.0)
        billed = position.to_limit_currency(facts["bills"].get(order.id, 0.0))
        at_stake = case.round(self._at_stake(in_limit - secured, added, billed))
        _with_debts, elsewhere = facts["away"].get(order, (0.0, 0.0))
        elsewhere = position.to_limit_currency(elsewhere)
        values = {
            field.name: getattr(case, field.name) for field in dataclasses.fields(case)
        } | {
            "addresses": case.addresses | delivery.addresses,
            "scope": self._scope(
                order, case.debtor, position, case.addresses | delivery.addresses
            ),
            "added": at_stake,
            "secured": secured,
            "added_company_currency": in_company,
            "available": position.headroom_limit_currency
            - elsewhere
            - used
            - added
            + at_stake,
            "total_company_currency": self._in_company_currency(order, position, beyond)
            if beyond
            else max(case.total_company_currency, in_company),
            "joint_taken": joint_used + owed - in_company,
            "delivery": delivery,
            "spent": dict(facts["spent"]),
        }
        return DeliveryCase(**values)

    @api.model
    def _at_stake(self, value, added, billed):
        """Return what of the goods is at stake, in the limit's currency.

        :param value: of the goods, without what is secured
        :param added: what their leaving adds to the exposure
        :param billed: what is invoiced and open of the order: no more of it than these
            goods are worth
        """
        return max(min(max(value, added), added + billed), 0.0)

    @api.model
    def _beyond_order(self, delivery, gone):
        """Return what is delivered beyond an order once these goods have left.

        In the order's currency, tax included, with what left before.

        :param gone: {order line id: what passed before it, in the line's unit}
        """
        beyond = delivery.unlisted
        for line in delivery.order.order_line:
            if line.display_type or line.is_downpayment:
                continue
            ordered = max(line.product_uom_qty, 0.0)
            quantity = line._credit_delivered_quantity() + gone[line.id]
            quantity += delivery.quantities.get(line.id, 0.0)
            if line.product_uom_id.compare(quantity, ordered) > 0:
                beyond += max((quantity - ordered) * line._credit_terms().price, 0.0)
        return beyond

    # === FINDINGS === #

    def _find_over_limit(self, case, rule):
        # EXTENDS 'export_credit_insurance': in the words of a delivery
        answer = super()._find_over_limit(case, rule)
        if not answer or not isinstance(case, DeliveryCase):
            return answer
        missing, _message, cure = answer
        money = case.currency.format
        figures = {
            "buyer": case.debtor.display_name,
            "authorised": money(case.authorised),
            "limit": money(case.position.limit),
            "delivery": money(case.added),
            "missing": money(missing),
        }
        message = self.env._(
            "%(buyer)s owes %(owed)s by what has left already, of an authorised credit "
            "of %(authorised)s (limit %(limit)s): with this delivery of %(delivery)s "
            "it is exceeded by %(missing)s.",
            owed=money(case.exposure_before),
            **figures,
        )
        if case.available > 0:
            message = self.env._(
                "%(available)s may still leave for %(buyer)s, of an authorised credit "
                "of %(authorised)s (limit %(limit)s): this delivery of %(delivery)s "
                "exceeds it by %(missing)s.",
                available=money(case.available),
                **figures,
            )
        return missing, message, cure

    @api.model
    def _group_ceiling_text(self, case, **figures):
        # EXTENDS 'export_credit_insurance': likewise
        if not isinstance(case, DeliveryCase):
            return super()._group_ceiling_text(case, **figures)
        return self.env._(
            "The group %(group)s of %(buyer)s owes %(owed)s together by what has left "
            "already: with this delivery of %(added)s its ceiling of %(ceiling)s is "
            "exceeded by %(missing)s.",
            **figures,
        )


def _secured(amount):
    """What of an order's part its own securities stand for."""
    return max(min(amount.security_limit_currency, amount.limit_currency), 0.0)


def _unsecured(amount):
    """What an order adds to the exposure beyond its own securities."""
    return max(amount.limit_currency - _secured(amount), 0.0)
