from odoo import models
from odoo.exceptions import UserError

from .notice_file import to_csv, to_xlsx


class CreditInsuranceOverdueNotice(models.Model):
    """The files of notices, in the layout that their insurer takes."""

    _inherit = "credit.insurance.overdue.notice"

    def _layout(self):
        """Return the layout of the notices' insurers.

        :raise UserError: if they do not take the same
        """
        layouts = set(self.insurer_id.mapped("notice_layout"))
        if len(layouts) > 1:
            raise UserError(
                self.env._(
                    "These insurers take files of different layouts: download the "
                    "notices insurer by insurer."
                )
            )
        return layouts.pop() if layouts else "readable"

    def action_download_csv(self):
        """Hand out the invoices of the notices as CSV."""
        return self._download("csv", to_csv(self, self._layout()))

    def action_download_xlsx(self):
        """Hand out the invoices of the notices as a sheet."""
        return self._download("xlsx", to_xlsx(self, self._layout()))

    def _totals(self):
        """Return the sums of the notice, one dict per currency."""
        self.ensure_one()
        # sudo: sums of the lines, whoever prints them
        return [
            {
                "currency": currency,
                "net": sum(lines.mapped("net_amount")),
                "gross": sum(lines.mapped("gross_amount")),
            }
            for currency, lines in self.sudo().line_ids.grouped("currency_id").items()
        ]

    def _file_name(self):
        """Say what a file holds: the number and the buyer, of a draft what it is."""
        self.ensure_one()
        buyer = self.partner_id.name
        name = (
            f"{self.name} {buyer}"
            if self.name
            else self.env._("Notice to the insurer %(buyer)s (draft)", buyer=buyer)
        )
        return name.replace("/", "-")

    def _download(self, extension, content):
        self.check_access("read")
        name = self._file_name() if len(self) == 1 else self.env._("Overdue notices")
        # sudo: whoever reads notices takes their file, which is kept with the first
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{name}.{extension}",
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self[:1].id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }
