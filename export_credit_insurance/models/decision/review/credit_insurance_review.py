from odoo import api, fields, models

REVIEW_CAUSES = [
    ("country", "Country Event"),
    ("rating", "Country Downgraded"),
    ("score", "Buyer Downgraded"),
    ("band", "Lower Risk Band"),
    ("terms", "Country Terms of the Policy"),
    ("stop", "Cover Stopped"),
    ("insolvency", "Insolvency"),
    ("limit", "Limit Cut or Ended"),
    ("security", "Security Ended or Lowered"),
    ("own_risk", "Own Risk Ended"),
    ("policy", "Policy Ended"),
    ("group", "Group of Buyers or Its Ceiling"),
    ("undone", "Receipt or Credit Note Undone"),
    ("horizon", "Delivery Comes Near"),
    ("till", "Sold on Account at the Till"),
    ("refund", "Given Back at the Till"),
    ("invoice", "Invoiced Without an Order"),
    ("taken_back", "Recorded Delivery Taken Back"),
    ("credited", "Delivered, Cancelled and Credited"),
    ("unchecked", "Not Checked"),
    ("kind", "Company or Private Person"),
    ("buyer", "Change of Buyer"),
    ("address", "Change of Country"),
    ("merge", "Buyers Merged"),
]
# The buyer or its address changed, rather than what covers it: the kind of its holds.
CHANGE_CAUSES = ("buyer", "address", "merge")
#: how many buyers or countries a review's name tells; the rest are counted
SHOWN = 2
REVIEW_CRON = "export_credit_insurance.ir_cron_credit_review"


class CreditInsuranceReview(models.Model):
    """Something happened to buyers: which of their open orders would not pass now?

    One row per event and company. It is written with the event, so neither can be lost
    without the other; a job then looks through the orders in batches and remembers how
    far it came (:meth:`_cron_review`). Nothing that was shipped is looked at: it stays
    as covered as it was on its day (DOMAIN 1.17). Nobody writes reviews but the methods
    of this model, as superuser.
    """

    _name = "credit.insurance.review"
    _description = "Review of Orders"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    cause = fields.Selection(REVIEW_CAUSES, required=True, readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    event_id = fields.Many2one(
        "credit.insurance.country.event",
        string="Country Event",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    term_id = fields.Many2one(
        "credit.insurance.policy.country.term",
        string="Country Terms",
        ondelete="set null",
        readonly=True,
    )
    stop_ids = fields.Many2many(
        "credit.insurance.stop",
        "credit_insurance_review_stop_rel",
        "review_id",
        "stop_id",
        string="Cover Stops",
        readonly=True,
    )
    insolvency_ids = fields.Many2many(
        "credit.insurance.insolvency",
        "credit_insurance_review_insolvency_rel",
        "review_id",
        "insolvency_id",
        string="Insolvencies",
        readonly=True,
    )
    limit_ids = fields.Many2many(
        "credit.insurance.limit",
        "credit_insurance_review_limit_rel",
        "review_id",
        "limit_id",
        string="Limits",
        readonly=True,
    )
    security_ids = fields.Many2many(
        "credit.insurance.security",
        "credit_insurance_review_security_rel",
        "review_id",
        "security_id",
        string="Securities",
        readonly=True,
    )
    own_risk_ids = fields.Many2many(
        "credit.insurance.own.risk",
        "credit_insurance_review_own_risk_rel",
        "review_id",
        "own_risk_id",
        string="Own Risk",
        readonly=True,
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="It has ended: the open orders of all its companies' buyers are reviewed.",
    )
    order_ids = fields.Many2many(
        "sale.order",
        "credit_insurance_review_order_rel",
        "review_id",
        "order_id",
        string="Orders Concerned",
        readonly=True,
        help="Those whose delivery came within the horizon: only they are reviewed.",
    )
    noticed_on = fields.Date(
        readonly=True, help="The day in the company's time zone it was noticed on."
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "credit_insurance_review_partner_rel",
        "review_id",
        "partner_id",
        string="Buyers",
        readonly=True,
    )
    country_ids = fields.Many2many(
        "res.country",
        "credit_insurance_review_country_rel",
        "review_id",
        "country_id",
        string="Countries",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("queued", "To Look Through"),
            ("done", "Looked Through"),
            ("failed", "Failed"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    last_buyer_id = fields.Integer(
        readonly=True, help="Buyers up to this one have been looked at."
    )
    first_failed_buyer_id = fields.Integer(
        readonly=True,
        help="The first buyer whose orders could not be checked: they are tried again "
        "at night.",
    )
    line_ids = fields.One2many(
        "credit.insurance.review.line", "review_id", string="Orders", readonly=True
    )
    open_count = fields.Integer("To Review", compute="_compute_open_count")

    _queued_idx = models.Index("(id) WHERE state = 'queued'")

    # === COMPUTE === #

    @api.depends("cause", "event_id", "term_id", "policy_id", "partner_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        causes = dict(self._fields["cause"]._description_selection(self.env))
        for review in self:
            # sudo: who sees the orders may read what happened to their buyer
            source = review.sudo()._source()
            review.display_name = self.env._(
                "%(cause)s: %(what)s",
                cause=causes.get(review.cause, ""),
                what=source,
            )

    def _source(self):
        """Return the name of what happened, or of whom it happened to."""
        self.ensure_one()
        if event := self.event_id:
            return event.name
        if term := self.term_id:
            place = (term.country_id or term.zone_id).display_name
            return f"{term.policy_id.name}, {place}"
        if policy := self.policy_id:
            return policy.display_name
        names = (self.partner_ids or self.country_ids).mapped("name")
        if len(names) > SHOWN + 1:  # one more has room for its name
            return self.env._(
                "%(names)s and %(count)s more",
                names=", ".join(names[:SHOWN]),
                count=len(names) - SHOWN,
            )
        return ", ".join(names)

    @api.depends("line_ids")
    def _compute_open_count(self):
        counts = dict(
            self.env["credit.insurance.review.line"]._read_group(
                [("review_id", "in", self.ids), ("is_open", "=", True)],
                ["review_id"],
                ["__count"],
            )
        )
        for review in self:
            review.open_count = counts.get(review, 0)

    # === ACTIONS === #

    def action_open_lines(self):
        """Open the orders that this event concerns."""
        return self._action_lines([("review_id", "in", self.ids)])

    @api.model
    def _action_lines(self, domain):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "export_credit_insurance.action_credit_insurance_review_line"
        )
        return {**action, "domain": domain, "context": {"search_default_open": 1}}

    # === WHAT HAPPENED === #

    @api.model
    def _notice(self, cause, partners=None, countries=None, companies=None, **source):
        """Have the open orders of these buyers looked through, right after this.

        Costs no query where no company is checked. The reviews are part of the event's
        own transaction; the job starts when it is committed, so that nobody who records
        an event waits for its orders, and a refused event leaves nothing behind.

        :param cause: one of REVIEW_CAUSES
        :param partners: commercial partners, or
        :param countries: countries of debtors, invoice or delivery addresses; neither
            for a policy, which concerns all buyers of its companies
        :param companies: those concerned, all that are checked if not given
        :param source: the events, by the name of the review's field
        """
        checked = self.env["res.company"]._credit_check_modes()
        wanted = set(checked) if companies is None else set(checked) & {*companies.ids}
        if not wanted or not (partners or countries or source.get("policy_id")):
            return
        concerned = {"partner_ids": partners, "country_ids": countries, **source}
        values = {"cause": cause, **self._prepare_concerned(concerned)}
        today = self.env["credit.insurance.position"]._today
        # sudo: who records an event need not read the orders it concerns
        self.sudo().create(
            [
                {**values, "company_id": company.id, "noticed_on": today(company)}
                for company in self.env["res.company"].browse(sorted(wanted))
            ]
        )
        if cron := self.env.ref(REVIEW_CRON, raise_if_not_found=False):
            cron.sudo()._trigger()  # sudo: like the reviews

    @api.model
    def _prepare_concerned(self, records):
        return {
            name: found.id
            if self._fields[name].type == "many2one"
            else [fields.Command.set(found.ids)]
            for name, found in records.items()
            if found
        }

    @api.autovacuum
    def _gc_reviews(self):
        """Forget after a year what was looked through and concerned no order."""
        a_year_ago = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        self.search(
            [
                ("state", "=", "done"),
                ("line_ids", "=", False),
                ("create_date", "<", a_year_ago),
            ],
            limit=1000,
        ).unlink()
