from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .notice_kinds import BUYER_KINDS, NOTICE_KINDS, family_of

REPLIES = [
    ("confirmed", "Confirmed"),
    ("extended", "Extension Agreed"),
    ("stopped", "Deliveries Stopped"),
    ("rejected", "Not Accepted"),
]

# Written by the buttons alone.
SERVER_FIELDS = {"state", "sent_on", "sent_by", "name"}
# What the insurer was told.
CONTENT = {
    "company_id",
    "policy_id",
    "partner_id",
    "kind",
    "line_ids",
    "adverse_info_ids",
}


class CreditInsuranceOverdueNotice(models.Model):
    """What the insurer is told of a buyer's overdue invoices, line by line.

    Without it in time the cover of these invoices is lost (DOMAIN 1.9). A draft lists
    what is overdue; once sent it stays as it was sent, with the day, the reference and
    what the insurer answered.
    """

    _name = "credit.insurance.overdue.notice"
    _description = "Overdue Notice to the Insurer"
    _inherit = [
        "credit.insurance.told.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "deadline, id"
    _server_fields = SERVER_FIELDS
    _content = CONTENT

    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="restrict"
    )
    insurer_buyer_ref = fields.Char(
        string="Insurer's Buyer Number", compute="_compute_insurer_buyer_ref"
    )
    kind = fields.Selection(NOTICE_KINDS, required=True, default="monitor")
    state = fields.Selection(
        [
            ("draft", "To Send"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("credit.insurance.overdue.notice.line", "notice_id")
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        help="Last day to notify the earliest of these invoices.",
    )
    sent_on = fields.Date(copy=False, readonly=True, tracking=True)
    sent_by = fields.Many2one("res.users", copy=False, readonly=True)
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", store=True, readonly=True
    )
    insurer_ref = fields.Char(
        string="Insurer's Reference", copy=False, help="Number of the case."
    )
    reply = fields.Selection(REPLIES, copy=False, tracking=True)
    reply_on = fields.Date(string="Answered On", copy=False)
    note = fields.Text(help="Why the buyer does not pay, what was agreed with it.")

    _one_draft = models.UniqueIndex(
        "(company_id, policy_id, partner_id, (CASE WHEN kind IN ('insolvency',"
        " 'adverse', 'extension', 'resolved') THEN kind ELSE 'overdue' END))"
        " WHERE state = 'draft'",
        "A draft for this buyer is there already: send or delete it first.",
    )

    @api.depends("line_ids.deadline")
    def _compute_deadline(self):
        for notice in self:
            days = [line.deadline for line in notice.line_ids if line.deadline]
            notice.deadline = min(days, default=False)

    @api.depends("sent_on", "deadline")
    def _compute_is_late(self):
        for notice in self:
            notice.is_late = bool(
                notice.sent_on and notice.deadline and notice.sent_on > notice.deadline
            )

    @api.depends("policy_id", "partner_id")
    def _compute_insurer_buyer_ref(self):
        groups = self.env["credit.insurance.limit"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("policy_id.insurer_id", "in", self.insurer_id.ids),
                ("insurer_buyer_ref", "!=", False),
            ],
            ["partner_id", "insurer_id"],
            ["insurer_buyer_ref:max"],
        )
        numbers = {(buyer, insurer): number for buyer, insurer, number in groups}
        for notice in self:
            key = (notice.partner_id, notice.insurer_id)
            notice.insurer_buyer_ref = numbers.get(key, False)

    @api.depends("name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for notice in self:
            if not notice.partner_id:
                notice.display_name = False
                continue
            notice.display_name = self.env._(
                "%(number)s: %(buyer)s",
                number=notice._number_or_draft(),
                buyer=notice.partner_id.display_name,
            )

    @api.constrains("partner_id", "company_id")
    def _check_lines(self):
        self.line_ids._check_instalment()

    # === PREPARE === #

    @api.model
    def _prepare(self, policy_buyers, company, kind="monitor"):
        """Write drafts of what a kind of notice lists, one per buyer and policy.

        A draft that is there already is filled up, never made twice.

        :param policy_buyers: set of (policy id, partner id)
        :return: the drafts
        """
        buyers = self.env["res.partner"].browse(
            {buyer for _policy, buyer in policy_buyers}
        )
        found = self._instalments_of(kind, company, buyers)
        rows = {key: own for key, own in found.items() if key in policy_buyers}
        if kind in BUYER_KINDS:
            rows = {key: rows.get(key, []) for key in policy_buyers}
        prepared = self._drafts_of(list(rows), company, kind)
        listed = {
            (draft, line.move_line_id.id)
            for draft in prepared.values()
            for line in draft.line_ids
        }
        self.env["credit.insurance.overdue.notice.line"].create(
            [
                {
                    "notice_id": prepared[key].id,
                    "move_line_id": row["id"],
                    "due_date": row["due_date"],
                    "deadline": row["deadline"],
                }
                for key, own in rows.items()
                for row in own
                if (prepared[key], row["id"]) not in listed
            ]
        )
        return self.union(*prepared.values())

    @api.model
    def _drafts_of(self, keys, company, kind):
        """Return {(policy id, partner id): draft of that kind}, made where missing."""
        drafts = self.search([("state", "=", "draft"), ("company_id", "=", company.id)])
        known = {
            (each.policy_id.id, each.partner_id.id): each
            for each in drafts
            if family_of(each.kind) == family_of(kind)
        }
        missing = [key for key in keys if key not in known]
        made = self.create(
            [
                {
                    "company_id": company.id,
                    "policy_id": policy_id,
                    "partner_id": partner_id,
                    "kind": kind,
                }
                for policy_id, partner_id in missing
            ]
        )
        known.update(zip(missing, made, strict=True))
        return {key: known[key] for key in keys}

    @api.model
    def _instalments_of(self, kind, company, buyers):
        """Return {(policy id, partner id): rows of what such a notice lists}."""
        return self.env["credit.insurance.deadline"]._get_to_notify(
            company, buyers, kind
        )

    def _action_open(self):
        """Open these notices: a single one in its form."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_overdue_notice_action"
        )
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    def _bring_up_to_date(self, rows):
        """Let drafts list what is owed now: sums of today, nothing that is settled.

        :param rows: {(policy id, partner id): instalments that are to be notified}
        """
        for notice in self:
            own = rows.get((notice.policy_id.id, notice.partner_id.id), ())
            due = {row["id"] for row in own}
            notice.line_ids.filtered(
                lambda line, due=due: line.move_line_id.id not in due
            ).unlink()
        self.line_ids._compute_amounts()

    # === SEND AND ANSWER === #

    def action_send(self):
        """Record that the notices were handed to their insurers today.

        :raise UserError: without a line, or if they were sent already
        """
        self.check_access("write")
        for notice in self:
            if notice.state != "draft":
                raise UserError(
                    self.env._(
                        "%(notice)s was sent on %(day)s already. Prepare a new notice "
                        "for what is overdue since.",
                        notice=notice.display_name,
                        day=format_date(self.env, notice.sent_on),
                    )
                )
        self._list_what_is_due()
        # sudo: the counter, and what only this method writes
        counter = self.env["ir.sequence"].sudo()
        for notice in self.sudo():
            notice.write(
                {
                    "state": "sent",
                    "sent_on": notice.company_id._credit_today(),
                    "sent_by": self.env.uid,
                    "name": counter.with_company(notice.company_id).next_by_code(
                        "credit.insurance.overdue.notice"
                    ),
                }
            )
        return True

    def _list_what_is_due(self):
        """Bring drafts up to date, and refuse what lists nothing then."""
        for (company, family), notices in self.grouped(
            lambda notice: (notice.company_id, family_of(notice.kind))
        ).items():
            kind = notices[0].kind if family == "overdue" else family
            notices._bring_up_to_date(
                self._instalments_of(kind, company, notices.partner_id)
            )
        for notice in self:
            if not notice.line_ids and notice.kind not in BUYER_KINDS:
                raise UserError(
                    self.env._(
                        "%(notice)s lists no invoice: add what is overdue, or delete "
                        "it.",
                        notice=notice.display_name,
                    )
                )

    def action_withdraw(self):
        """Take back what was told by mistake: its deadlines are pending again."""
        for notice in self:
            if notice.state not in ("sent", "answered"):
                raise UserError(
                    self.env._(
                        "Only a notice that was sent is withdrawn: delete %s instead.",
                        notice.display_name,
                    )
                )
        self.check_access("write")
        self.sudo().state = "withdrawn"  # sudo: nobody else writes it
        return True

    def action_answered(self):
        """Record what the insurer answered; it may stop the cover of deliveries."""
        self.check_access("write")
        for notice in self:
            if notice.state != "sent" or not notice.reply:
                raise UserError(
                    self.env._(
                        "Enter what the insurer answered to %s first.",
                        notice.display_name,
                    )
                )
        for notice in self.filtered(lambda each: not each.reply_on):
            notice.reply_on = notice.company_id._credit_today()
        self.sudo().state = "answered"  # sudo: nobody else writes it
        self.filtered(lambda each: each.reply == "stopped")._stop_cover()
        return True

    def _stop_cover(self):
        self.env["credit.insurance.stop"].create(
            [
                {
                    "policy_id": notice.policy_id.id,
                    "partner_id": notice.partner_id.id,
                    "date_from": notice.reply_on,
                    "cause": "insurer",
                    "note": self.env._(
                        "Answer to notice %(notice)s, reference %(reference)s.",
                        notice=notice.name,
                        reference=notice.insurer_ref or "–",
                    ),
                }
                for notice in self
            ]
        )

    def _server_refusal(self):
        return self.env._(
            "When a notice was sent, by whom and under which number is "
            "recorded by its buttons alone."
        )

    def _check_draft(self):
        if self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "A notice stays as it was sent: withdraw it and prepare another."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_alone(self):
        if sent := self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "%s was sent: withdraw it instead of deleting it.",
                    sent[0].display_name,
                )
            )
