from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base': a buyer has one reminder of each kind; Odoo would drop all of
        # the contact's for the sake of a double one
        # sudo: the job's records, whoever merges
        reminders = self.env["credit.insurance.deadline.reminder"].sudo()
        found = reminders.search(
            [("partner_id", "in", (src_partners | dst_partner).ids)]
        ).sorted(lambda each: (each.partner_id != dst_partner, each.id))
        kept = set()
        for reminder in found:
            key = (reminder.company_id, reminder.policy_id, reminder.kind)
            if key in kept:
                reminders |= reminder
            kept.add(key)
        reminders.unlink()  # the next night's job reminds of what is left
        return super()._update_foreign_keys(src_partners, dst_partner)
