from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contract.credit_insurance_limit import OPEN_STATES
from ..ledger.untaxed_share import INVOICE_TYPES
from .credit_insurance_limit_request import PENDING

DAYS_OF_YEAR = 365
MONTHS = 12


class CreditInsuranceLimitRequest(models.Model):
    """How large a limit the buyer needs, factor by factor.

    Need = forecast turnover of a year, tax included × (terms + usual delay) ÷ 365: what
    is outstanding on average. A single large order can owe more than that at once, so
    what is asked for is proposed as the larger of the need and the exposure.
    """

    _inherit = "credit.insurance.limit.request"

    order_id = fields.Many2one(
        "sale.order",
        string="For the Order",
        index="btree_not_null",
        ondelete="set null",
        help="The quotation or order that the limit is needed for.",
    )
    forecast_turnover = fields.Monetary(
        help="Of one year, tax included. Proposed: what was invoiced in the last "
        "twelve months, plus the order."
    )
    payment_days = fields.Integer(
        string="Payment Terms (Days)",
        aggregator=None,
        help="Until the last instalment.",
    )
    usual_delay = fields.Integer(
        string="Usual Delay (Days)",
        aggregator=None,
        help="How late the buyer pays on average, from its payment experience.",
    )
    need = fields.Monetary(
        compute="_compute_need",
        store=True,
        help="Forecast turnover × (payment terms + usual delay) ÷ 365.",
    )
    exposure = fields.Monetary(
        string="Exposure with the Order",
        readonly=True,
        copy=False,
        help="What uses the limit, in its currency and tax basis, the order included, "
        "on the day the request was drafted.",
    )

    _payment_days_not_negative = models.Constraint(
        "CHECK (payment_days >= 0 AND forecast_turnover >= 0)",
        "Turnover and payment terms cannot be negative.",
    )

    @api.depends("forecast_turnover", "payment_days", "usual_delay", "currency_id")
    def _compute_need(self):
        for request in self:
            days = max(request.payment_days + request.usual_delay, 0)
            need = request.forecast_turnover * days / DAYS_OF_YEAR
            request.need = request.currency_id.round(need) if need else 0.0

    # === PROPOSALS === #

    @api.model
    def _propose(self, buyers, company, order=None, **values):
        """Draft requests with their need; a buyer with a pending one gets none.

        The number of queries does not depend on the number of buyers.

        :param buyers: commercial partners
        :param company: the company that sells
        :param order: the quotation or order it is for, of a single buyer
        :param values: fields of the requests, e.g. ``request_type``, ``limit_kind``
        :return: the drafts made
        """
        # sudo: the figures of the engine and the books, whoever asks
        positions = (
            self.env["credit.insurance.position"]
            .sudo()
            ._get_credit_position(buyers, company, orders=order)
        )
        kind = values.get("limit_kind", "named")
        insured = buyers.filtered(lambda buyer: positions[buyer].policy)
        pending = self._pending_keys(insured, kind)
        insured = insured.filtered(
            lambda buyer: (positions[buyer].policy.id, buyer.id) not in pending
        )
        factors = self._factors(insured, company, order)
        return self.create(
            [
                {
                    "partner_id": buyer.id,
                    "company_id": company.id,
                    "policy_id": positions[buyer].policy.id,
                    "order_id": order.id if order else False,
                    **self._prepare_need(
                        positions[buyer], factors[buyer], company, order
                    ),
                    **values,
                }
                for buyer in insured
            ]
        )

    @api.model
    def _ask(self, buyers, company, order=None, **values):
        """Draft what is not pending yet; open the drafts and the pending ones.

        Arguments as in :meth:`_propose`.

        :raise UserError: where no policy insures any of the buyers
        """
        drafts = self._propose(buyers, company, order, **values)
        policies = self.env["credit.insurance.policy"].search(
            [("company_ids", "in", company.ids), ("state", "!=", "closed")]
        )
        kind = values.get("limit_kind", "named")
        found = drafts | self._pending_of(policies, buyers, [kind])
        if found:
            return self._open(found)
        lines = self.env["credit.insurance.limit"].search(
            [
                ("partner_id", "in", buyers.ids),
                ("kind", "=", kind),
                ("state", "=", "requested"),
            ],
            limit=1,
        )
        if lines:
            # asked for on the limit itself: its answer is waited for
            return {
                "type": "ir.actions.act_window",
                "res_model": lines._name,
                "res_id": lines.id,
                "views": [(False, "form")],
            }
        if self._pending_keys(buyers, kind):
            raise UserError(
                self.env._(
                    "Another company that the policy insures has asked for a limit for "
                    "%(buyers)s already: its answer serves both.",
                    buyers=", ".join(buyers[:3].mapped("display_name")),
                )
            )
        raise UserError(
            self.env._(
                "No policy of %(company)s insures %(buyers)s: nothing can be asked of "
                "an insurer. See the policies' countries, buyers and dates.",
                company=company.name,
                buyers=", ".join(buyers[:3].mapped("display_name")),
            )
        )

    @api.model
    def _open(self, requests):
        """Return the action that shows requests: the form of one, else the list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_limit_request_action"
        )
        if len(requests) == 1:
            return action | {
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": requests.id,
            }
        return action | {"domain": [("id", "in", requests.ids)], "context": {}}

    @api.model
    def _propose_changes(self, lines, request_type):
        """Draft requests that change limits in force; return the pending ones, too.

        A reduction proposes what uses the limit today, a prolongation another year.

        :param lines: lines of the limits, in force
        :param request_type: ``increase``, ``reduce``, ``prolong`` or ``cancel``
        """
        lines = lines.filtered(
            lambda line: line.state in OPEN_STATES and line.kind != "discretionary"
        )
        result = self.browse()
        pending = self._pending_of(lines.policy_id, lines.partner_id)
        for company, group in lines.grouped(self._company_of).items():
            asked = {(p.policy_id, p.partner_id, p.limit_kind): p for p in pending}
            new = group.filtered(
                lambda line, asked=asked: (
                    (line.policy_id, line.partner_id, line.kind) not in asked
                )
            )
            result |= self.browse(
                asked[key].id
                for line in group - new
                for key in [(line.policy_id, line.partner_id, line.kind)]
            )
            result |= self.create(self._prepare_changes(new, company, request_type))
        return result

    def _company_of(self, line):
        """The company that asks: the active one, where the policy insures it."""
        companies = line.policy_id.company_ids & self.env.companies
        active = self.env.company
        return active if active in companies else companies[:1]

    @api.model
    def _prepare_changes(self, lines, company, request_type):
        """Values of requests that change lines of one company's policies."""
        buyers = lines.partner_id
        # sudo: the figures of the engine and the books, whoever asks
        positions = (
            self.env["credit.insurance.position"]
            .sudo()
            ._get_credit_position(buyers, company)
        )
        factors = self._factors(buyers, company)
        values = []
        for line in lines:
            position = positions[line.partner_id]
            need = self._prepare_need(position, factors[line.partner_id], company)
            if position.limit_currency != line.currency_id:
                need = self._in_currency(need, line.currency_id, company)
            amount = {
                "increase": need["amount"],
                "reduce": need["exposure"],
                "prolong": line.amount,
            }
            vals = {
                **need,
                "partner_id": line.partner_id.id,
                "company_id": company.id,
                "policy_id": line.policy_id.id,
                "limit_kind": line.kind,
                "previous_id": line.id,
                "request_type": request_type,
                "amount": amount.get(request_type, 0.0),
            }
            if request_type in ("prolong", "increase"):
                vals["date_to"] = line.date_to
            if request_type == "prolong" and line.date_to:
                vals["date_to"] = line.date_to + relativedelta(years=1)
            values.append(vals)
        return values

    @api.model
    def _in_currency(self, need, currency, company):
        """Convert the amounts of a need, at today's rate."""
        former = self.env["res.currency"].browse(need["currency_id"])
        today = company._credit_today()
        amounts = {
            name: former._convert(need[name], currency, company, today)
            for name in ("forecast_turnover", "exposure", "amount")
        }
        return {**need, **amounts, "currency_id": currency.id}

    @api.model
    def _pending_of(self, policies, buyers, kinds=None):
        """Return the requests that wait, for policies, buyers and kinds of limit."""
        domain = [
            ("policy_id", "in", policies.ids),
            ("partner_id", "in", buyers.ids),
            ("state", "in", PENDING),
        ]
        if kinds:
            domain.append(("limit_kind", "in", kinds))
        return self.search(domain)

    @api.model
    def _pending_keys(self, buyers, kind):
        """Return {(policy id, buyer id)} that were asked for, by request or by line."""
        # sudo: what is pending is pending, whoever may read it
        requests = self.sudo().search(
            [
                ("partner_id", "in", buyers.ids),
                ("limit_kind", "=", kind),
                ("state", "in", PENDING),
            ]
        )
        lines = (
            self.env["credit.insurance.limit"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", buyers.ids),
                    ("kind", "=", kind),
                    ("state", "=", "requested"),
                ]
            )
        )
        return {
            (record.policy_id.id, record.partner_id.id)
            for records in (requests, lines)
            for record in records
        }

    @api.model
    def _prepare_need(self, position, factors, company, order=None):
        """Values of the need, in the currency of the limit."""
        currency = position.limit_currency
        turnover, days, delay = factors
        turnover = currency.round(position.to_limit_currency(turnover))
        exposure = position.exposure_limit_currency
        if order:
            # a quotation is in no exposure yet, a confirmed order was left out of it
            exposure += self._order_use(position, order)
        # securities carry their part before the limit does
        exposure = max(exposure - position.secured_limit_currency, 0.0)
        need = currency.round(turnover * max(days + delay, 0) / DAYS_OF_YEAR)
        return {
            "currency_id": currency.id,
            "forecast_turnover": max(turnover, 0.0),
            "payment_days": days,
            "usual_delay": delay,
            "exposure": currency.round(exposure),
            "amount": max(need, currency.round(exposure), 0.0),
        }

    @api.model
    def _order_use(self, position, order):
        """What an order adds to the use of the limit, in the limit's currency."""
        amount = position.order_amount(order)
        carried = max(amount.security_limit_currency, 0.0)
        return max(amount.limit_currency - carried, 0.0)

    @api.model
    def _factors(self, buyers, company, order=None):
        """Return the factors of the need, {buyer: (turnover, terms, usual delay)}.

        Turnover in the company's currency; days as whole numbers.
        """
        turnover = self._turnover_of_a_year(buyers, company)
        delays = self._usual_delays(buyers, company)
        today = company._credit_today()
        added = 0.0
        if order and order.state in ("draft", "sent"):
            added = order.currency_id._convert(
                order.amount_total, company.currency_id, company, today
            )
        result = {}
        for buyer in buyers:
            terms = (
                order.payment_term_id
                if order
                # sudo: the buyer's terms of this company
                else buyer.sudo().with_company(company).property_payment_term_id
            )
            result[buyer] = (
                turnover.get(buyer.id, 0.0) + added,
                terms._credit_longest_days(today),
                delays.get(buyer.id, 0),
            )
        return result

    @api.model
    def _turnover_of_a_year(self, buyers, company):
        """Return what was invoiced in twelve months, {buyer id: amount}.

        Tax included, less credit notes, in the company's currency.
        """
        today = company._credit_today()
        # sudo: sums of the books, for people of credit who read no invoices
        rows = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("commercial_partner_id", "in", buyers.ids),
                    ("state", "=", "posted"),
                    ("move_type", "in", INVOICE_TYPES),
                    ("invoice_date", ">", today - relativedelta(months=MONTHS)),
                    ("invoice_date", "<=", today),
                ],
                ["commercial_partner_id"],
                ["amount_total_signed:sum"],
            )
        )
        return {buyer.id: amount for buyer, amount in rows}

    @api.model
    def _usual_delays(self, buyers, company):
        """Return {buyer id: days late on average}, from the latest experience."""
        # sudo: how companies pay, for whoever may ask for a limit
        rows = (
            self.env["credit.insurance.payment.experience"]
            .sudo()
            .search_fetch(
                [("partner_id", "in", buyers.ids), ("company_id", "=", company.id)],
                ["partner_id", "days_late"],
                order="date, id",
            )
        )
        return {row.partner_id.id: max(round(row.days_late), 0) for row in rows}
