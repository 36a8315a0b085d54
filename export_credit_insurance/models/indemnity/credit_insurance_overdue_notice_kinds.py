from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .notice_kinds import OVERDUE_KINDS, TELLING_KINDS


class CreditInsuranceOverdueNotice(models.Model):
    """The kinds of notices beside overdues: insolvency, information, EXP and RES.

    An answer to a request for extension answers the requests that it lists. An overdue
    notice can stop the cover of new deliveries, by the policy; it ends when all that
    was notified is settled, which a notice *resolved* tells the insurer: the nightly
    job drafts it, a person sends it (DOMAIN 1.9).
    """

    _inherit = "credit.insurance.overdue.notice"

    adverse_info_ids = fields.Many2many(
        "credit.insurance.adverse.info",
        "credit_insurance_notice_adverse_info_rel",
        "notice_id",
        "info_id",
        string="What Was Learned",
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
    )

    @api.depends("kind", "adverse_info_ids.learned_on", "policy_id", "partner_id")
    def _compute_deadline(self):
        # EXTENDS: what concerns the buyer has a day without any invoice
        result = super()._compute_deadline()
        for notice in self.filtered(lambda each: not each.deadline):
            policy = notice.policy_id
            if notice.kind == "adverse":
                days = notice.adverse_info_ids.mapped("learned_on")
                delay = policy.adverse_info_days
            elif notice.kind == "insolvency":
                # sudo: the day alone, for whoever prepares the notice
                proceedings = notice.partner_id.sudo().credit_insolvency_ids
                opened = proceedings.filtered(lambda each: not each.date_end)
                days = [each.learned_on or each.judgment_date for each in opened]
                delay = policy.insolvency_notification_days
            else:
                continue
            notice.deadline = min(days) + timedelta(days=delay) if days else False
        return result

    # === PREPARE === #

    @api.model
    def _drafts_of(self, keys, company, kind):
        # EXTENDS: a notice of what was learned lists what is not told yet
        drafts = super()._drafts_of(keys, company, kind)
        if kind == "adverse":
            self.union(*drafts.values())._list_information()
        return drafts

    def _list_information(self):
        """Let drafts list what was learned of their buyers and not told yet."""
        infos = self.env["credit.insurance.adverse.info"].search(
            [("partner_id", "in", self.partner_id.ids), ("date_end", "=", False)]
        )
        told = self._told_information(infos)
        for notice in self:
            notice.adverse_info_ids = infos.filtered(
                lambda info, notice=notice: (
                    info.partner_id == notice.partner_id
                    and (notice.policy_id, notice.company_id, info) not in told
                )
            )

    @api.model
    def _told_information(self, infos):
        """Return the (policy, company, information) that insurers were told."""
        sent = self.search(
            [
                ("adverse_info_ids", "in", infos.ids),
                ("state", "in", ("sent", "answered")),
            ]
        )
        return {
            (notice.policy_id, notice.company_id, info)
            for notice in sent
            for info in notice.adverse_info_ids
        }

    @api.model
    def _instalments_of(self, kind, company, buyers):
        # EXTENDS: what is settled is no more on the insurer's clock
        if kind != "resolved":
            return super()._instalments_of(kind, company, buyers)
        lines = self.env["credit.insurance.overdue.notice.line"].search(
            [
                ("company_id", "=", company.id),
                ("notice_id.partner_id", "in", buyers.ids),
                ("notice_id.state", "in", ("sent", "answered")),
            ],
            order="due_date, id",
        )
        found = {}
        for (policy, buyer), own in lines.grouped(
            lambda line: (line.notice_id.policy_id, line.notice_id.partner_id)
        ).items():
            if rows := own._rows_if_settled():
                found[policy.id, buyer.id] = rows
        return found

    @api.model
    def _propose_resolved(self, company):
        """Draft what is to be told of buyers who have settled all that was notified.

        Their cover, where a notice had stopped it, goes on from the day they paid.
        """
        sent = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("sent", "answered")),
                ("kind", "in", TELLING_KINDS),
            ]
        )
        settled = self._instalments_of("resolved", company, sent.partner_id)
        notices = self._prepare(set(settled), company, "resolved") if settled else self
        self._end_stops(
            [
                (notice.policy_id, notice.partner_id, notice.line_ids.move_line_id)
                for notice in notices.filtered(lambda each: each.kind == "resolved")
            ]
        )
        return notices

    # === COVER OF NEW DELIVERIES === #

    def action_send(self):
        # EXTENDS: what was learned is brought up to date; new deliveries are held
        drafts = self.filtered(lambda notice: notice.state == "draft")
        adverse = drafts.filtered(lambda notice: notice.kind == "adverse")
        adverse._list_information()
        for notice in adverse.filtered(lambda each: not each.adverse_info_ids):
            raise UserError(
                self.env._(
                    "%(notice)s lists no information that the insurer does not know "
                    "yet: delete it.",
                    notice=notice.display_name,
                )
            )
        result = super().action_send()
        self._hold_deliveries()
        return result

    def _hold_deliveries(self):
        """Stop the cover of new deliveries, where the policy or the insured wants so.

        Orders are held by the finding *cover stopped*, and follow-up goes on faster.
        """
        telling = self.filtered(
            lambda notice: (
                notice.kind in OVERDUE_KINDS and notice.policy_id.notice_stops_cover
            )
        )
        stops = self.env["credit.insurance.stop"]
        running = stops.search(
            [
                ("partner_id", "in", telling.partner_id.ids),
                ("cause", "=", "notified"),
                ("date_to", "=", False),
            ]
        )
        known = {(stop.policy_id, stop.partner_id) for stop in running}
        stops.create(
            [
                {
                    "policy_id": notice.policy_id.id,
                    "partner_id": notice.partner_id.id,
                    "date_from": notice.sent_on,
                    "cause": "notified",
                    "move_line_id": notice.line_ids[:1].move_line_id.id,
                    "note": self.env._("Notice %s to the insurer.", notice.name),
                }
                for notice in telling
                if (notice.policy_id, notice.partner_id) not in known
            ]
        )

    def action_withdraw(self):
        # EXTENDS: what the notice had stopped goes on
        result = super().action_withdraw()
        self._end_stops(
            [
                (notice.policy_id, notice.partner_id, notice.line_ids.move_line_id)
                for notice in self
                if notice.kind in OVERDUE_KINDS
            ]
        )
        return result

    @api.model
    def _end_stops(self, settled):
        """End what notices had stopped.

        :param settled: list of (policy, buyer, instalments)
        """
        buyers = self.env["res.partner"].union(
            *(buyer for _policy, buyer, _ in settled)
        )
        stops = self.env["credit.insurance.stop"].search(
            [
                ("partner_id", "in", buyers.ids),
                ("cause", "=", "notified"),
                ("date_to", "=", False),
            ]
        )
        items = {(policy, buyer): lines for policy, buyer, lines in settled}
        yesterday = self.env.company._credit_today() - timedelta(days=1)
        for stop in stops:
            lines = items.get((stop.policy_id, stop.partner_id))
            if lines is not None and stop.move_line_id in lines:
                stop.date_to = max(stop.date_from, yesterday)

    # === ANSWERS === #

    def action_answered(self):
        # EXTENDS: the insurer's answer to a request for extension
        for notice in self.filtered(lambda each: each.kind == "extension"):
            if notice.reply == "extended" and not notice.insurer_ref:
                raise UserError(
                    self.env._(
                        "Enter the insurer's reference: only what it agreed to in "
                        "writing moves its deadlines."
                    )
                )
        result = super().action_answered()
        for notice in self.filtered(lambda each: each.kind == "extension"):
            notice._answer_requests()
        return result

    def _answer_requests(self):
        requests = self.env["credit.insurance.extension"].search(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("state", "=", "requested"),
            ]
        )
        if self.reply not in ("extended", "rejected") or not requests:
            return
        requests.write(
            {"agreement_ref": self.insurer_ref or False, "agreed_on": self.reply_on}
        )
        if self.reply == "extended":
            requests.action_agree()
        else:
            requests.action_refuse()


class CreditInsuranceOverdueNoticeLine(models.Model):
    _inherit = "credit.insurance.overdue.notice.line"

    def _rows_if_settled(self):
        """Return what is to be told as settled of one buyer under one policy.

        Nothing as long as anything that was notified is open.

        :return: rows of :meth:`~.CreditInsuranceOverdueNotice._instalments_of`
        """
        told = self.filtered(lambda line: line.notice_id.kind in TELLING_KINDS)
        # sudo: whether they are paid, for controllers who read no invoices
        if not all(told.sudo().move_line_id.mapped("reconciled")):
            return []
        resolved = self.filtered(lambda line: line.notice_id.kind == "resolved")
        left = told.filtered(
            lambda line: line.move_line_id not in resolved.move_line_id
        )
        first = {}
        for line in left:
            first.setdefault(line.move_line_id, line)
        return [
            {"id": item.id, "due_date": line.due_date, "deadline": False}
            for item, line in first.items()
        ]
