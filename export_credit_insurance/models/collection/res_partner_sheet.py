from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..groups import CREDIT_GROUP
from .credit_followup_due import WAITS

SHEET_TEMPLATE = "export_credit_insurance.credit_sheet"
SHEET_REPORT = "export_credit_insurance.credit_sheet_action"
#: rows of each section on the screen, and on the committee's single page
ROWS, ROWS_ON_PAPER = 100, 8
#: months of payment behaviour that the sheet looks back
HISTORY_MONTHS = 24
#: where a buyer's debt is talked about, besides the buyer
TALKED_ABOUT = (
    "credit.followup.reminder",
    "credit.followup.promise",
    "credit.followup.dispute",
)


class ResPartner(models.Model):
    """A buyer on one page: what is open, what was done, what comes next.

    Read-only: figures come from the position and from the engine of follow-up.
    """

    _inherit = "res.partner"

    credit_sheet = fields.Html(
        string="Follow-up Sheet",
        compute="_compute_credit_sheet",
        sanitize=False,
        groups=CREDIT_GROUP,
    )

    @api.depends_context("company", "lang", "uid")
    def _compute_credit_sheet(self):
        for partner in self:
            buyer = partner.commercial_partner_id._origin
            partner.credit_sheet = buyer and self.env["ir.qweb"]._render(
                SHEET_TEMPLATE, buyer._get_credit_sheet(ROWS) | {"on_screen": True}
            )

    def _get_credit_sheet(self, rows=ROWS_ON_PAPER):
        """Return what the sheet of one buyer shows, as its reader may see it.

        :param rows: the most rows of a section
        :raise AccessError: for users without a credit group
        """
        self.ensure_one()
        if not self.env.user.has_group(CREDIT_GROUP):
            raise AccessError(self.env._("Only credit users see the buyer's sheet."))
        self.check_access("read")
        company = self.env.company
        day = company._credit_today()
        items = self.env["credit.followup.due"]._get_items(self, company, day)[self]
        history = self.env["credit.insurance.payment.history"]
        paid = history._get_payment_history(self, company, day, HISTORY_MONTHS)
        return self._sheet_story(rows) | {
            "buyer": self,
            "company": company,
            "day": day,
            "paper": self.env["credit.followup.reminder"].new({"company_id": company}),
            "statements": self._get_statements(company, day)[self],
            "rows": self._sheet_rows(items)[:rows],
            "row_count": len(items),
            "history": paid[self],
            "behaviour": self._sheet_behaviour(paid[self]),
            "more": self.env._("and %(count)s more", count=max(len(items) - rows, 0)),
            "next": self._sheet_next(items),
            "label": self._sheet_label,
            "on_screen": False,
        }

    def _sheet_behaviour(self, paid):
        """Say how many instalments were paid on time, if any were paid at all."""
        total = paid.paid_on_time + paid.paid_late
        if not total:
            return self.env._(
                "nothing paid yet in %(months)s months", months=HISTORY_MONTHS
            )
        return self.env._(
            "%(paid)s of %(all)s in %(months)s months",
            paid=paid.paid_on_time,
            all=total,
            months=HISTORY_MONTHS,
        )

    def _sheet_story(self, rows):
        """Return what was sent, promised, contested, said and planned."""
        reminders = "credit.followup.reminder"
        return {
            "reminders": self._sheet_records(reminders, rows, "sent_on desc, id desc"),
            "promises": self._sheet_records("credit.followup.promise", rows),
            "disputes": self._sheet_records("credit.followup.dispute", rows),
            "notes": self._sheet_notes(rows),
            "activities": self._sheet_activities(rows),
        }

    def _sheet_rows(self, items):
        """Return one dict per open item: its document, and where follow-up stands."""
        reasons = self._exclusion_labels()
        # sudo: names alone, as above
        moves = self.env["account.move"].sudo().browse(i.move_id for i in items)
        steps = self.env["credit.followup.step"].sudo()
        return [
            {
                "item": item,
                "move": move,
                "currency": self.env["res.currency"].browse(item.currency_id),
                "reached": steps.browse(item.last_step_id or ()).name or "",
                "next": steps.browse(item.next_step_id or ()).name or "",
                "state": reasons.get(item.exclusion, ""),
            }
            for item, move in zip(items, moves, strict=True)
        ]

    def _sheet_next(self, items):
        """Return (day, step) of what comes next, None where nothing does."""
        coming = [i for i in items if i.next_day and i.exclusion in WAITS]
        if not coming:
            return None
        first = min(coming, key=lambda item: (item.next_day, item.id))
        step = self.env["credit.followup.step"].sudo()  # sudo: the name alone
        return first.next_day, step.browse(first.next_step_id or ())

    def _sheet_records(self, model, rows, order=None):
        """Return the buyer's latest records of a model, as the reader may see them."""
        domain = [
            ("partner_id", "=", self.id),
            ("company_id", "=", self.env.company.id),
        ]
        if model == "credit.followup.reminder":
            domain.append(("state", "in", ("sent", "queued", "failed")))
        return self.env[model].search(domain, limit=rows, order=order)

    def _exclusion_labels(self):
        """Return {why an open item is left alone: its label}, see ``EXCLUSIONS``."""
        return {
            "no_followup": self.env._("Excluded by hand"),
            "insolvent": self.env._("Buyer insolvent"),
            "handed_over": self.env._("Handed over"),
            "in_payment": self.env._("Payment on its way"),
            "promise": self.env._("Promised"),
            "disputed": self.env._("Disputed"),
            "residue": self.env._("Residue"),
            "pending": self.env._("In a reminder"),
            "no_plan": self.env._("No plan"),
        }

    def _sheet_talk(self, model_field):
        """Return the domain of what was said or planned about the buyer's debt.

        :param model_field: where messages, or activities, name the model
        """
        about = Domain(model_field, "=", "res.partner") & Domain("res_id", "=", self.id)
        for model in TALKED_ABOUT:
            records = self.env[model].search(
                [("partner_id", "=", self.id), ("company_id", "=", self.env.company.id)]
            )
            about |= Domain(model_field, "=", model) & Domain(
                "res_id", "in", records.ids
            )
        return about

    def _sheet_notes(self, rows):
        """Return notes of calls and talks: what colleagues wrote, no logs."""
        written = Domain("message_type", "=", "comment") | Domain(
            "mail_activity_type_id", "!=", False
        )
        return self.env["mail.message"].search(
            self._sheet_talk("model") & written, limit=rows, order="date desc, id desc"
        )

    def _sheet_activities(self, rows):
        """Return what colleagues have planned."""
        return self.env["mail.activity"].search(
            self._sheet_talk("res_model"), limit=rows, order="date_deadline, id"
        )

    def _sheet_label(self, record, name):
        """Return the label of a selection field's value."""
        field = record._fields[name]
        return dict(field._description_selection(self.env)).get(record[name], "")

    def action_credit_sheet(self):
        """Open the buyer on one page."""
        buyer = self.commercial_partner_id
        buyer.ensure_one()
        view = self.env.ref("export_credit_insurance.res_partner_view_form_sheet")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up of %(buyer)s", buyer=buyer.display_name),
            "res_model": "res.partner",
            "res_id": buyer.id,
            "views": [(view.id, "form")],
        }

    def action_credit_sheet_pdf(self):
        """Print the sheet for the credit committee."""
        return self.env.ref(SHEET_REPORT).report_action(self.commercial_partner_id)
