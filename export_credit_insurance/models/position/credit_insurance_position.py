import dataclasses

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .credit_position import CreditPosition, JointPosition, OrderAmount
from .open_items import READ_OF_PAST
from .position_fields import READ_FIELDS, READ_OF_TILL
from .position_presence import OF_EXPOSURE, Presence
from .position_query import PositionQuery

#: columns of a buyer's row that a position has as numbers
NUMBERS = (
    "receivable",
    "unallocated",
    "draft",
    "delivered",
    "ordered",
    "deferred",
    "exposure",
    "overdue_amount",
    "chased_amount",
    "own_risk_limit",
    "exposure_limit_currency",
    "secured_limit_currency",
    "own_risk_limit_currency",
    "headroom_limit_currency",
    "kept_money",
)
#: columns that it has as they are
TAKEN_OVER = (
    "exclusion",
    "overdue_days",
    "chased_days",
    "limit_kind",
    "limit_state",
    "limit_date_to",
    "country_status",
    "stop_date",
    "stop_cause",
    "near_stop_date",
    "cover_state",
    "shares_limit",
)


class CreditInsurancePosition(models.AbstractModel):
    """What is owed, what is eligible, what is covered: the one place that computes.

    Exposure = open posted receivables, less unallocated receipts and credit notes,
    + delivered not invoiced + ordered not delivered + sold on account at the till and
    not posted yet (+ draft invoices, by option).
    Eligible counts only what was shipped, less what the policy leaves out. Covered:
    first shipped first, each under the limit in force on its own shipment date,
    times the insured percentage (DESIGN 4; DOMAIN 1.5, 1.15, 1.16).
    """

    _name = "credit.insurance.position"
    _description = "Credit Position"

    def init(self):
        """Make the running total that policies need whose excess uses no limit.

        Each step takes what the limit of the day still allows: used becomes
        max(used, min(used + eligible, limit)).
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION credit_insurance_fill_step(
                used numeric, eligible numeric, cap numeric) RETURNS numeric
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
            'SELECT GREATEST(used, LEAST(used + eligible, cap))';
            CREATE OR REPLACE AGGREGATE credit_insurance_fill(numeric, numeric) (
                SFUNC = credit_insurance_fill_step, STYPE = numeric, INITCOND = '0')
            """
        )

    @api.model
    def _today(self, company):
        """Return the date in the company's time zone."""
        return company._credit_today()

    @api.model
    def _query(
        self,
        company,
        day=None,
        partners=None,
        policy=None,
        orders=None,
        look_for=Presence._fields,
        leaving=None,
        scenario=None,
        opened_on=None,
    ):
        """Return the query for a set of buyers, None for all.

        Looks first what there is among them; what is in memory is written before.

        :param company: the company that asks
        :param day: the day that counts as today
        :param partners: commercial partners, or the SQL of an array of their ids
        :param policy: a single-transaction policy to look at
        :param orders: orders asked about, to be reported apart
        :param look_for: what the question depends on, see :class:`Presence`
        :param leaving: as in :meth:`_get_credit_position`
        :param scenario: what is supposed, see :class:`~.position_scenario.Scenario`
        :param opened_on: take what was open at the end of this day, not what is
        """
        day = day or self._today(company)
        if partners is not None and not isinstance(partners, SQL):
            partners = SQL("%s::int[]", partners.ids)
        query = self._query_class()(
            self._facts_under(company.id, day, scenario),
            company.sudo(),  # whoever asks: settings of the credit department
            day,
            partners=partners,
            orders=None if orders is None else SQL("%s::int[]", orders.ids),
            policy_id=policy.id if policy else None,
            leaving=leaving,
            scenario=scenario,
            opened_on=opened_on,
        )
        self._flush_sources()
        if opened_on:
            for model, names in READ_OF_PAST.items():
                self.env[model].flush_model(names)
        self.env.cr.execute(query.presence(look_for))
        query.present = Presence(
            **dict(zip(look_for, self.env.cr.fetchone(), strict=True))
        )
        return query

    @api.model
    def _query_class(self):
        """Return the class of the SQL; an add-on that counts more returns its own."""
        return PositionQuery

    @api.model
    def _flush_sources(self):
        """Write what is in memory of all that the queries read."""
        waiting = self._waiting_models()
        for model, names in (*READ_FIELDS.items(), *READ_OF_TILL.items()):
            if model in waiting:
                self.env[model].flush_model(names)
                waiting = self._waiting_models()  # computing one may change another

    @api.model
    def _waiting_models(self):
        """Return the names of the models that have anything to compute or to write."""
        fields = (*self.env.transaction.tocompute, *self.env.transaction.field_dirty)
        return {field.model_name for field in fields}

    @api.model
    def _execute(self, query):
        """Run a position query, just made by :meth:`_query`, and return its rows."""
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------ the questions

    @api.model
    def _get_exposure(self, partners, company, day=None):
        """Return the exposure alone, {partner: {component: amount}}.

        In the company's currency, tax included, for the company alone.
        """
        query = self._query(company, day, partners, look_for=OF_EXPOSURE)
        rows = self._execute(query.exposure())
        found = {row.pop("partner_id"): row for row in rows}
        return {partner: found.get(partner.id, {}) for partner in partners}

    @api.model
    def _get_credit_position(
        self, partners, company, day=None, orders=None, policy=None, leaving=None
    ):
        """Return what each buyer owes and may still owe, {partner: CreditPosition}.

        :param partners: commercial partners
        :param company: the company that sells
        :param day: the day that counts as today
        :param orders: orders left out of the exposure and reported in
            ``order_amounts``, confirmed or not. Whoever asks for room, be it for none
            of them, is told of less: what was paid for other orders is kept for them
        :param policy: a single-transaction policy to look at
        :param leaving: {order line id: quantity} that leaves for the buyers now. Then
            only what was shipped or invoiced counts, of the orders asked about too,
            and these quantities as shipped. None: what is ordered counts.
        """
        day = day or self._today(company)
        if not partners:
            return {}
        self._flush_sources()
        rows = None
        if not policy:
            rows = self._get_ordinary_rows(partners, company, day, orders, leaving)
        if rows is None:
            rows = self._get_full_rows(partners, company, day, orders, policy, leaving)
        return {
            partner: self._make_position(partner, company, day, rows[partner.id])
            for partner in partners
        }

    @api.model
    def _get_full_rows(
        self, partners, company, day, orders=None, policy=None, leaving=None
    ):
        """Return {partner id: row of the position} of any buyers."""
        query = self._query(company, day, partners, policy, orders, leaving=leaving)
        self.env.cr.execute(query.position())
        shared = {"shares_limit": query.present.shared_numbers}
        return {
            row["partner_id"]: {**row, **shared} for row in self.env.cr.dictfetchall()
        }

    @api.model
    def _make_position(self, partner, company, day, row):
        """Return the position that a row of the query says.

        :param row: with :data:`NUMBERS`, :data:`TAKEN_OVER` and other columns
        """
        env = self.env
        facts = self._facts(company.id, day)
        numbers = {name: float(row[name]) for name in NUMBERS}
        if numbers["chased_amount"] < facts.residues.get(row["policy_id"], 0.0):
            numbers["chased_amount"] = 0.0  # receipts not matched yet leave a residue
        limit_currency = facts.rates[row["limit_currency_id"]]
        return CreditPosition(
            partner=partner,
            company=company,
            day=day,
            policy=env["credit.insurance.policy"].browse(row["policy_id"] or ()),
            limit=float(row["insured_limit"]),
            limit_currency=env["res.currency"].browse(row["limit_currency_id"]),
            limit_currency_code=limit_currency["name"],
            limit_digits=limit_currency["digits"],
            limit_rate=limit_currency["rate"],
            company_rate=facts.own_rate,
            company_digits=facts.own_digits,
            headroom=round(float(row["headroom"]), facts.own_digits),
            max_payment_days=row["max_payment_days"] or 0,
            stop_move_line=env["account.move.line"].browse(
                row["stop_move_line_id"] or ()
            ),
            insolvency=env["credit.insurance.insolvency"].browse(
                row["insolvency_id"] or ()
            ),
            order_amounts={
                int(order_id): OrderAmount(*amounts)
                for order_id, amounts in (row["order_amounts"] or {}).items()
            },
            **numbers,
            **{name: row[name] for name in TAKEN_OVER},
        )

    @api.model
    def _get_order_positions(self, orders, day=None, leaving=None):
        """Return the position each order is judged by, {order: CreditPosition}.

        The buyer is the invoiced entity; the orders themselves are left out of the
        exposure. Orders that a single-transaction policy names are judged by that
        policy alone.

        :param leaving: as in :meth:`_get_credit_position`
        """
        positions = {}
        named = self._get_single_policies(orders)
        for (company, policy), group in orders.grouped(
            lambda order: (order.company_id, named.get(order._origin.id))
        ).items():
            # sudo: the salesperson may not read every partner that is invoiced
            buyers = group.sudo().partner_invoice_id.commercial_partner_id._origin
            today = day or self._today(company)
            joint = self._get_joint_ceilings(buyers, company, today)
            mates = buyers.browse(
                sorted({i for each in joint.values() for i in each.partner_ids})
            )
            found = self._get_credit_position(
                buyers | mates,
                company,
                today,
                orders=orders._origin,
                policy=policy,
                leaving=leaving,
            )
            for order in group:
                buyer = order.sudo().partner_invoice_id.commercial_partner_id._origin
                positions[order] = found[buyer]
                if ceiling := joint.get(buyer.id):
                    positions[order] = self._with_joint(found, buyer, ceiling)
        return positions

    @api.model
    def _get_joint_ceilings(self, buyers, company, day):
        groups = self.env["credit.insurance.buyer.group"]
        return groups._joint_ceilings(buyers, company, day)

    @api.model
    def _with_joint(self, found, buyer, ceiling):
        """Return the buyer's position with what its group owes.

        :param found: {buyer: position} of all members
        :param ceiling: :class:`~..contract.credit_insurance_buyer_group.JointCeiling`
        """
        position = found[buyer]
        facts = self._facts(position.company.id, position.day)
        digits = facts.own_digits
        return dataclasses.replace(
            position,
            joint=JointPosition(
                group_id=ceiling.group_id,
                exposure=round(
                    sum(
                        found[buyer.browse(mate_id)].exposure
                        + found[buyer.browse(mate_id)].kept_money
                        for mate_id in ceiling.partner_ids
                    ),
                    digits,
                ),
                ceiling=round(
                    facts.to_company(ceiling.amount, ceiling.currency_id), digits
                ),
                ceiling_amount=ceiling.amount,
                ceiling_currency_id=ceiling.currency_id,
            ),
        )

    @api.model
    def _explain_cover_state(self, row):
        """Say in the reader's language why cover is as it is, '' for no row."""
        if not row:
            return ""
        stopped = format_date(self.env, row["stop_date"]) if row["stop_date"] else ""
        reason = row["stop_cause"] or row["exclusion"]
        if row["stop_cause"]:
            texts = {
                "overdue": self.env._(
                    "Unpaid beyond the extension period: no cover for shipments from"
                    " %(day)s",
                    day=stopped,
                ),
                "insolvency": self.env._("Insolvent since %(day)s", day=stopped),
            }
            other = self.env._("Cover stopped from %(day)s", day=stopped)
            return texts.get(row["stop_cause"], other)
        if row["policy_id"] is None and row["covered"]:
            return self.env._("Only orders named by a single policy are insured")
        if row["policy_id"] is None or reason:
            texts = {
                "country_off": self.env._("The country is off cover"),
                "public": self.env._("The policy leaves public buyers out"),
                "private": self.env._("The policy leaves private persons out"),
                "related": self.env._("The policy leaves companies of the group out"),
            }
            return texts.get(reason, self.env._("No policy insures this buyer"))
        if not row["insured_limit"] and row["limit_state"] == "none" and row["covered"]:
            return self.env._("Only orders named by a single policy are insured")
        if not row["insured_limit"]:
            return self._explain_no_limit(row["limit_state"])
        if row["near_stop_date"]:
            return self.env._(
                "An unpaid invoice stops cover on %(day)s",
                day=format_date(self.env, row["near_stop_date"]),
            )
        return self._explain_use(row)

    @api.model
    def _explain_use(self, row):
        """Say whether a limit in force holds, and why where more than it is owed."""
        limit, used = row["insured_limit"], row["exposure_limit_currency"]
        if used > limit + row["secured_limit_currency"]:
            return self.env._("The exposure exceeds the insured limit")
        if used > limit:
            return self.env._("Within the insured limit and the securities together")
        is_same_currency = row["limit_currency_id"] == row["currency_id"]
        if is_same_currency and row["exposure"] > limit:
            currency = self.env["res.currency"].browse(row["limit_currency_id"])
            return self.env._(
                "Within the insured limit: %(used)s of the exposure use it",
                used=currency.format(used),
            )
        return self.env._("Within the insured limit")

    @api.model
    def _explain_no_limit(self, state):
        return {
            "requested": self.env._("The insurer has not answered the request yet"),
            "refused": self.env._("The insurer refused a limit"),
            "cancelled": self.env._("The insured limit was cancelled"),
            "ended": self.env._("The insured limit was cancelled at our request"),
            "expired": self.env._("The insured limit has expired"),
        }.get(state, self.env._("No insured limit"))
