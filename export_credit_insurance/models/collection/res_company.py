from odoo import api, fields, models
from odoo.tools import html2plaintext, ormcache

from ..groups import CREDIT_GROUP, SETTINGS

#: of Odoo's letterheads: what stands above the company's details, one line of them (mm)
LETTERHEAD_LOGO = 38
LETTERHEAD_LINE = 6


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_followup_daily = fields.Boolean(
        string="Follow-up Every Day",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Each day's reminders are prepared and sent by themselves, but those to "
        "approve and those of buyers with money not allocated, which wait for review.",
    )

    def _credit_letterhead_height(self):
        """Return the height in mm that the letterhead needs on every page.

        Odoo's own margin holds three lines of company details under the logo; a fourth
        lies over the text from the second page on.
        """
        lines = [3]
        for company in self:
            details = company.company_details
            if company.is_company_details_empty or not details:
                details = company.partner_id._display_address()
            text = html2plaintext(str(details)).strip()
            lines.append(len(text.splitlines()))
        return LETTERHEAD_LOGO + LETTERHEAD_LINE * max(lines)

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
