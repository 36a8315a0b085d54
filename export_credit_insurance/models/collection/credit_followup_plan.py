from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..reference.credit_insurance_country_event import EVENT_KINDS
from .followup_text import unknown_placeholders

INSURED_CHOICES = [
    ("any", "Insured or Not"),
    ("insured", "Insured Only"),
    ("not_insured", "Not Insured Only"),
]


class CreditFollowupPlan(models.Model):
    """A scenario of follow-up: for whom it is, and its steps.

    Several criteria must all hold; an empty one asks for nothing. See ``_get_plans``
    for how the plan of a buyer is found.
    """

    _name = "credit.followup.plan"
    _description = "Follow-up Plan"
    _inherit = ["credit.followup.text.mixin"]
    _order = "sequence, id"
    _text_fields = ("receipt_subject", "receipt_body")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="Of several plans that fit a buyer equally, the first one wins.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every company."
    )
    event_kind = fields.Selection(
        EVENT_KINDS,
        string="During",
        help="While such an event is in force in the buyer's country, this plan takes "
        "the place of any other, even of one chosen by hand; afterwards the other goes "
        "on where it was.",
    )
    zone_ids = fields.Many2many(
        "credit.insurance.zone",
        "credit_followup_plan_zone_rel",
        "plan_id",
        "zone_id",
        string="Zones",
        help="Buyers of these zones follow this plan, unless one is chosen on the "
        "buyer.",
    )
    band_ids = fields.Many2many(
        "credit.insurance.band",
        "credit_followup_plan_band_rel",
        "plan_id",
        "band_id",
        string="Risk Bands",
        help="Buyers of these risk bands follow this plan, where no zone decides.",
    )
    tag_ids = fields.Many2many(
        "res.partner.category",
        "credit_followup_plan_tag_rel",
        "plan_id",
        "tag_id",
        string="Buyer Tags",
        help="One of them is enough; a tag stands for those below it, too.",
    )
    insured = fields.Selection(
        INSURED_CHOICES,
        required=True,
        default="any",
        help="Only insured buyers, only the others, or both.",
    )
    minimum_amount = fields.Monetary(
        string="Owed at Least",
        help="Buyers who owe less, all open invoices together, are not followed by "
        "this plan.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the minimum amount. Debts in others are converted.",
    )
    is_default = fields.Boolean(
        string="Default", help="For buyers whom no other plan fits."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        help="In charge of these reminders unless a step names somebody else. Empty: "
        "the buyer's salesperson.",
    )
    accelerate_days = fields.Integer(
        string="Days Between Steps, Accelerated",
        default=5,
        help="When an unpaid invoice is about to stop cover, or the insurer has cut "
        "the buyer's limit since it was issued, its next step is taken this many days "
        "after the last one, without waiting for its day. 0: never.",
    )
    step_ids = fields.One2many(
        "credit.followup.step",
        "plan_id",
        string="Steps",
        copy=True,
        help="What happens how many days after the due date: mail, letter, call, "
        "formal notice, hand-over.",
    )
    step_count = fields.Integer(compute="_compute_step_count")
    send_receipt = fields.Boolean(
        string="Thank for Payments",
        help="One mail per payment, with the balance left.",
    )
    receipt_subject = fields.Char(
        translate=True,
        help="Of the mail that thanks for a payment.",
    )
    receipt_body = fields.Html(
        translate=True,
        sanitize_attributes=False,
        help="Sent when a payment of a reminded buyer has come in.",
    )
    note = fields.Text(
        string="Internal Note", translate=True, help="What this scenario is made for."
    )

    _minimum_positive = models.Constraint(
        "CHECK (minimum_amount >= 0 AND accelerate_days >= 0)",
        "The minimum amount and the days between steps cannot be negative.",
    )

    @api.depends("step_ids")
    def _compute_step_count(self):
        for plan in self:
            plan.step_count = len(plan.step_ids)

    def action_preview_receipt(self):
        """Show the thanks for a payment as a buyer would read them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "credit.followup.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def write(self, vals):
        # EXTENDS 'base': thanks that could not be written are tried with a new text
        res = super().write(vals)
        if {"receipt_subject", "receipt_body"} & vals.keys():
            # sudo: receipts are the server's to write
            self.env["credit.followup.receipt"].sudo()._thank_failed()
        return res

    @api.constrains("event_kind", "is_default")
    def _check_default(self):
        for plan in self:
            if plan.is_default and plan.event_kind:
                raise ValidationError(
                    self.env._(
                        "%(plan)s is for the time of an event: it cannot be the "
                        "default plan, too.",
                        plan=plan.name,
                    )
                )

    @api.constrains("receipt_subject", "receipt_body")
    def _check_texts(self):
        for plan in self:
            for text in (plan.receipt_subject, plan.receipt_body):
                self._refuse_unknown_placeholders(plan, text)

    @api.model
    def _refuse_unknown_placeholders(self, record, text):
        if names := unknown_placeholders(text):
            raise ValidationError(
                self.env._(
                    "%(record)s: the text names %(placeholders)s, which does not "
                    "exist. Choose one of the list of placeholders.",
                    record=record.display_name,
                    placeholders=", ".join(names),
                )
            )

    def copy_data(self, default=None):
        # EXTENDS 'base': the copy is a draft of another scenario
        vals_list = super().copy_data(default)
        for plan, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(name)s (copy)", name=plan.name)
            vals["is_default"] = False
        return vals_list
