from odoo import api, fields, models
from odoo.tools import ormcache

CREDIT_GROUP = "export_credit_insurance.group_credit_user"


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_followup_daily = fields.Boolean(
        string="Follow-up Every Day",
        groups=CREDIT_GROUP,
        help="Each day's reminders are prepared and sent by themselves, but those to "
        "approve and those of buyers with money not allocated, which wait for review.",
    )

    @api.model
    @ormcache(cache="stable")
    def _followup_companies(self):
        """Return the ids of the companies that have used follow-up at all.

        The first line of whatever follow-up adds to Odoo's own work: nothing is added
        where it is not used (DESIGN 4, *Installing changes nothing*).
        """
        # sudo: one answer for all users, as the cache it lives in
        runs = self.env["credit.followup.run"].sudo()._read_group([], ["company_id"])
        promises = (
            self.env["credit.followup.promise"].sudo()._read_group([], ["company_id"])
        )
        return frozenset(company.id for (company,) in [*runs, *promises])

    @api.model
    def _note_followup_use(self, companies):
        """Forget the answer where a company begins."""
        if set(companies.ids) - self._followup_companies():
            self.env.registry.clear_cache("stable")
