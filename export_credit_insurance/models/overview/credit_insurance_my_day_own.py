from odoo import fields, models
from odoo.tools import html2plaintext

from ..groups import CONTROLLER_GROUP, FOLLOWUP_GROUP, SALES_GROUP
from .credit_insurance_my_day_collection import CALL
from .day_section import LATE, SOON, Section, button, row, urgency_of

TOLD = "export_credit_insurance.mail_activity_type_credit_decision"
#: the add-on's types of activities; those that a section lists besides, by its group
ACTIVITY_TYPES = {
    CALL: FOLLOWUP_GROUP,
    TOLD: SALES_GROUP,
    "export_credit_insurance.mail_activity_type_unknown_mail": FOLLOWUP_GROUP,
    "export_credit_insurance.mail_activity_type_credit_hold": CONTROLLER_GROUP,
    "export_credit_insurance.mail_activity_type_credit_review": CONTROLLER_GROUP,
    "export_credit_insurance.mail_activity_type_buyer_review": CONTROLLER_GROUP,
    "export_credit_insurance.mail_activity_type_orders_at_cut": CONTROLLER_GROUP,
    "export_credit_insurance.mail_activity_type_insolvency_task": CONTROLLER_GROUP,
    "export_credit_insurance.mail_activity_type_band_move": None,
    "export_credit_insurance.mail_activity_type_insurer_notice": None,
    "export_credit_insurance.mail_activity_type_hand_over": None,
    "export_credit_insurance.mail_activity_type_promise_broken": None,
    "export_credit_insurance.mail_activity_type_prolongation": None,
    "export_credit_insurance.mail_activity_type_insurer_answer": None,
    "export_credit_insurance.mail_activity_type_insurer_deadline": None,
    "export_credit_insurance.mail_activity_type_claim": None,
    "export_credit_insurance.mail_activity_type_declaration": None,
}


class CreditInsuranceMyDay(models.AbstractModel):
    """The reader's own orders and activities.

    Orders say what their banner says to this reader: without a credit group nothing of
    insurers, grades or conditions.
    """

    _inherit = "credit.insurance.my.day"

    # === ORDERS === #

    def _section_own_holds(self):
        return Section(
            key="own_holds",
            title=self.env._("My Orders on Hold"),
            empty=self.env._("None of your orders is on hold."),
            model="sale.order",
            domain=[("user_id", "=", self.env.uid), ("credit_hold_state", "=", "open")],
            order="date_order, id",
            action="sale.action_orders",
            row=self._row_own_hold,
        )

    def _row_own_hold(self, order):
        return self._row_order(
            order,
            self.env._("Waits for the decision of credit control."),
            # sudo: a day, nothing else of the hold
            since=self._local_day(order.sudo().credit_hold_id.requested_on),
        )

    def _section_own_releases(self):
        return Section(
            key="own_releases",
            title=self.env._("My Orders Released"),
            empty=self.env._("No release of your orders waits to be used."),
            model="sale.order",
            domain=[
                ("user_id", "=", self.env.uid),
                ("state", "in", ("draft", "sent")),
                ("credit_hold_state", "=", "released"),
            ],
            order="date_order, id",
            action="sale.action_quotations",
            row=self._row_release,
        )

    def _row_release(self, order):
        """Offer to confirm what the release still lets pass, and say until when."""
        passes = order.credit_check_state in ("ok", "warning")
        confirm = button(self.env._("Confirm"), "action_confirm")
        return self._row_order(
            order,
            html2plaintext(order.credit_check_summary or ""),
            # sudo: a day, nothing else of the hold
            day=order.sudo().credit_hold_id.release_until,
            urgency=SOON if passes else LATE,
            buttons=[confirm] if passes else [],
        )

    def _row_order(self, order, detail, **more):
        return row(
            label=f"{order.name}, {self._named(order, 'partner_id')}",
            detail=detail,
            money=(order.amount_total, order.currency_id),
            **more,
        )

    # === ACTIVITIES === #

    def _section_own_news(self):
        return self._activities(
            "own_news",
            self.env._("What Credit Control Says of My Orders"),
            self.env._("No news of your orders."),
            [TOLD],
        )

    def _section_activities(self):
        user = self.env.user
        return self._activities(
            "activities",
            self.env._("My Activities in Credit Control"),
            self.env._("No activity is due."),
            [
                name
                for name, group in ACTIVITY_TYPES.items()
                if not group or not user.has_group(group)
            ],
        )

    def _activities(self, key, title, empty, names):
        return Section(
            key=key,
            title=title,
            empty=empty,
            model="mail.activity",
            domain=self._activity_domain(names),
            order="date_deadline, id",
            action="mail.mail_activity_action_my",
            row=lambda activity: row(
                label=activity.summary or self._named(activity, "activity_type_id"),
                detail=self._activity_detail(activity),
                day=activity.date_deadline,
                urgency=urgency_of(activity.date_deadline, self._today()),
                buttons=[button(self.env._("Done"), "action_feedback")],
                target=self._document(activity),
            ),
        )

    def _activity_detail(self, activity):
        """Say what an activity is about, or of whom where its summary says that."""
        name = activity.res_name or ""
        if not name or name not in (activity.summary or ""):
            return name
        document = self._document(activity)
        if not document or "partner_id" not in document:
            return ""
        return self._named(document, "partner_id")

    def _document(self, activity):
        """Return what an activity is about; all that are shown are read in one go."""
        if not activity.res_model:
            return None
        peers = activity.browse(activity._prefetch_ids)
        peers = peers.filtered(lambda peer: peer.res_model == activity.res_model)
        documents = self.env[activity.res_model]
        return documents.browse(activity.res_id).with_prefetch(peers.mapped("res_id"))

    def _activity_domain(self, names):
        """Find the reader's own activities of these types, due by today.

        Odoo lists one's activities of every company. Here only those whose document
        may be read in the active companies: what is not active is not this day's work.
        """
        types = [
            kind.id
            for name in names
            if (kind := self.env.ref(name, raise_if_not_found=False))
        ]
        activities = self.env["mail.activity"].search_fetch(
            [
                ("user_id", "=", self.env.uid),
                ("activity_type_id", "in", types),
                ("date_deadline", "<=", fields.Date.to_string(self._today())),
            ],
            ["res_model", "res_id"],
        )
        kept = activities.browse()
        for model, found in activities.grouped("res_model").items():
            readable = model and self._readable_ids(model, found.mapped("res_id"))
            kept += found.filtered(
                lambda one, ids=readable: not one.res_model or one.res_id in ids
            )
        return [("id", "in", kept.ids)]

    def _readable_ids(self, model, ids):
        """Return which documents the reader has in the active companies."""
        if model not in self.env:
            return set()
        documents = self.env[model].browse(ids).exists()._filtered_access("read")
        if "company_id" in documents:
            active = self.env.companies
            documents = documents.filtered(
                lambda one: not one.company_id or one.company_id in active
            )
        return {*documents.ids}
