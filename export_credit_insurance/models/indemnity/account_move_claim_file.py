from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..groups import CREDIT_GROUP
from . import claim_file

CLAIM_FILE_STATES = [("incomplete", "Incomplete"), ("complete", "Complete")]


class AccountMove(models.Model):
    """Claim-readiness: what the claim file will need of an invoice, and is it there.

    See :func:`.claim_file.claim_file_select` for the rules. Looked at while the papers
    are still easy to get, not when the insurer asks for them.
    """

    _inherit = "account.move"

    credit_evidence_ids = fields.One2many(
        "credit.insurance.evidence",
        "move_id",
        string="Papers for the Claim File",
        copy=False,
        groups=CREDIT_GROUP,
    )
    claim_file_state = fields.Selection(
        CLAIM_FILE_STATES,
        string="Claim File",
        compute="_compute_claim_file",
        search="_search_claim_file_state",
        groups=CREDIT_GROUP,
        help="Whether what an insurer asks for with a claim is there for this invoice.",
    )
    claim_file_order = fields.Boolean(
        string="Order",
        compute="_compute_claim_file",
        groups=CREDIT_GROUP,
        help="Each order behind the invoice is confirmed and bears the customer's "
        "reference or signature, or an order or contract is filed.",
    )
    claim_file_acceptance = fields.Boolean(
        string="Accepted Terms",
        compute="_compute_claim_file",
        groups=CREDIT_GROUP,
        help="The customer signed the order on the portal, or signed terms or a "
        "contract are filed.",
    )
    claim_file_delivery = fields.Boolean(
        string="Delivery Proof",
        compute="_compute_claim_file",
        groups=CREDIT_GROUP,
        help="A delivery is done in the inventory, or a proof (CMR, bill of lading, "
        "signed slip) is filed.",
    )
    claim_file_retention = fields.Boolean(
        string="Retention of Title",
        compute="_compute_claim_file",
        groups=CREDIT_GROUP,
        help="The company's terms of sale (or this buyer's) retain title to the goods "
        "until they are paid, or such an agreement is filed. Not needed for services.",
    )
    claim_file_pdf = fields.Boolean(
        string="Invoice as Sent",
        compute="_compute_claim_file",
        groups=CREDIT_GROUP,
        help="The PDF that was sent or printed is kept with the invoice.",
    )
    claim_file_missing = fields.Char(
        string="Still Missing", compute="_compute_claim_file", groups=CREDIT_GROUP
    )

    @api.depends(
        "state", "credit_delivery_date", "partner_id", "credit_evidence_ids.kind"
    )
    def _compute_claim_file(self):
        """Read the claim files of all these invoices in one query."""
        found = self._claim_files()
        for move in self:
            parts = found.get(move._origin.id)
            missing = [part for part in claim_file.PARTS if parts and not parts[part]]
            for part in claim_file.PARTS:
                move[f"claim_file_{part}"] = bool(parts and parts[part])
            move.claim_file_missing = move._claim_file_names(missing)
            move.claim_file_state = parts and ("incomplete" if missing else "complete")

    def _claim_files(self):
        """Return {invoice id: {part: whether it is there}}, posted invoices alone."""
        if not self._origin.ids:
            return {}
        claim_file.flush(self.env)
        self.env.cr.execute(
            claim_file.claim_file_select(SQL("move.id = ANY(%s)", self._origin.ids))
        )
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _claim_file_names(self, parts):
        """Return the names of parts in the user's language, as one text."""
        names = (
            self._fields[f"claim_file_{part}"]._description_string(self.env)
            for part in parts
        )
        return ", ".join(names) or False

    def _search_claim_file_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        claim_file.flush(self.env)

        def to_sql(model, alias, query):
            model._check_field_access(model._fields["claim_file_state"], "read")
            return claim_file.state_condition(SQL.identifier(alias, "id"), value)

        return Domain.custom(to_sql=to_sql)

    def action_credit_file_paper(self):
        """Open the form that files a paper for this invoice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("File a Paper"),
            "res_model": "credit.insurance.evidence",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def action_credit_evidence_pack(self):
        """Download what proves these invoices of one buyer, as one ZIP.

        What takes long to print is left to a job.

        :raise UserError: where it cannot be made, before the download begins
        """
        if action := self.env["credit.insurance.evidence.job"]._queue_long(self):
            return action
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit/evidence_pack/{','.join(map(str, self.ids))}",
            "target": "self",
        }
