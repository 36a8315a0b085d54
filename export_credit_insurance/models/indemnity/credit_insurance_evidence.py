from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

EVIDENCE_KINDS = [
    ("contract", "Contract"),
    ("order", "Customer's Order"),
    ("acceptance", "Accepted Terms"),
    ("delivery_proof", "Delivery Proof"),
    ("retention_of_title", "Retention of Title"),
    ("debt_acknowledgement", "Acknowledgement of Debt"),
    ("insolvency_proof", "Proof of Insolvency"),
    ("correspondence", "Correspondence"),
    ("other", "Other"),
]


class CreditInsuranceEvidence(models.Model):
    """A paper that proves a debt, filed by kind on an invoice or an order.

    A file of its own, or a document that hangs on the invoice or order already. What
    is filed here is meant for the insurer: it goes into the evidence pack.
    """

    _name = "credit.insurance.evidence"
    _description = "Paper for a Claim File"
    _order = "date desc, id desc"

    kind = fields.Selection(EVIDENCE_KINDS, required=True, index=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt')),"
        " ('state', '=', 'posted')]",
    )
    order_id = fields.Many2one(
        "sale.order", string="Order", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_document", store=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        compute="_compute_document",
        store=True,
        index=True,
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char()
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document There",
        ondelete="restrict",
        index="btree_not_null",
        help="A document that is attached to the invoice or order already.",
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="The day that the paper bears.",
    )
    author_id = fields.Many2one(
        "res.users",
        string="Added By",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    note = fields.Char(help="Remark for the insurer; it is in the pack's index.")

    _of_one_document = models.Constraint(
        "CHECK ((move_id IS NULL) <> (order_id IS NULL))",
        "A paper is filed on one invoice or on one order.",
    )

    @api.depends("move_id.commercial_partner_id", "order_id.partner_invoice_id")
    def _compute_document(self):
        # sudo: the buyer alone, for controllers who read neither invoices nor orders
        for paper in self.sudo():
            move, order = paper.move_id, paper.order_id
            debtor = order.partner_invoice_id.commercial_partner_id
            paper.company_id = move.company_id or order.company_id
            paper.partner_id = move.commercial_partner_id or debtor

    @api.depends("kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for paper in self:
            if not paper.kind:
                paper.display_name = False
                continue
            paper.display_name = self.env._(
                "%(kind)s of %(day)s",
                kind=kinds.get(paper.kind, ""),
                day=format_date(self.env, paper.date),
            )

    @api.constrains("file", "attachment_id", "move_id", "order_id")
    def _check_paper(self):
        for paper in self:
            document = paper.attachment_id
            if bool(paper.file) == bool(document):
                raise ValidationError(
                    self.env._(
                        "Choose what to file: a file of your own, or one document that "
                        "is attached to the invoice or order already."
                    )
                )
            if document and not paper._hangs_on_document():
                raise ValidationError(
                    self.env._(
                        "%(document)s is attached to another document. Attach it to "
                        "the invoice or order first, or upload the file.",
                        document=document.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        papers = super().create(vals_list)
        papers._check_readable()
        return papers

    def write(self, vals):
        res = super().write(vals)
        if "attachment_id" in vals:
            self._check_readable()
        return res

    def _check_readable(self):
        """Who may not read a document does not hand it to the insurer."""
        self.attachment_id.check_access("read")

    def _hangs_on_document(self):
        """Whether the document there belongs to this invoice or order."""
        self.ensure_one()
        document = self.attachment_id.sudo()  # sudo: where it hangs, nothing else
        owner = self.move_id or self.order_id
        return (document.res_model, document.res_id) == (owner._name, owner.id)

    def _paper(self):
        """Return the paper's (name, attachment)."""
        self.ensure_one()
        if self.attachment_id:
            return self.attachment_id.name, self.attachment_id
        stored = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", "file"),
            ],
            limit=1,
        )
        return self.file_name or self.display_name, stored
