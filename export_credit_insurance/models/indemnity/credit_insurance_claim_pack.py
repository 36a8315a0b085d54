from odoo import models
from odoo.exceptions import UserError


class CreditInsuranceClaim(models.Model):
    """The evidence pack of a claim: kept with it as it was handed to the insurer."""

    _inherit = "credit.insurance.claim"

    def action_make_evidence_pack(self):
        """Make the ZIP anew, keep it with the claim and download it.

        Earlier ones stay: each is what was handed out on its day. What takes long to
        print is left to a job.

        :raise UserError: for a claim without an invoice
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: controllers of the claim need read no invoices
        moves = self.sudo().line_ids.move_id.sudo(False)
        if not moves:
            raise UserError(
                self.env._(
                    "%s lists no invoice: add what is claimed first.", self.display_name
                )
            )
        pack = self.env["credit.insurance.evidence.pack"].with_company(self.company_id)
        jobs = self.env["credit.insurance.evidence.job"]
        if action := jobs._queue_long(moves, claim=self):
            return action
        with pack._make(moves) as stream:
            content = stream.read()
        attachment = self._keep_evidence_pack(pack._file_name(moves), content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _keep_evidence_pack(self, name, content):
        """Keep a pack with the claim, and note it; return its attachment."""
        number = (self.name or "").replace("/", "-")
        # sudo: kept with the claim, which the user may write
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{number} {name}".strip(),
                    "raw": content,
                    "mimetype": "application/zip",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.message_post(
            body=self.env._("Evidence pack made: %s", attachment.name),
            subtype_xmlid="mail.mt_note",
        )
        return attachment
