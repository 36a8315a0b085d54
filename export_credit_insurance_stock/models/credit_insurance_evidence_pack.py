from odoo import api, models

from odoo.addons.export_credit_insurance.models.indemnity.pack_index import Paper

SLIP_REPORT = "stock.action_report_delivery"


class CreditInsuranceEvidencePack(models.AbstractModel):
    """The slips of done deliveries are papers of the claim file, too."""

    _inherit = "credit.insurance.evidence.pack"

    @api.model
    def _filed_papers(self, moves, orders):
        # EXTENDS 'export_credit_insurance'
        yield from super()._filed_papers(moves, orders)
        section = self._papers_section()
        folder = self.env._("Delivery Slips")
        done = orders.picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.picking_type_code == "outgoing"
            )
        )
        for picking, content, kind in self._print(SLIP_REPORT, done):
            yield Paper(
                section,
                (section, folder),
                f"{picking.name}.{kind}",
                content,
                document=picking.origin or "",
                date=picking.company_id._credit_day_of(picking.date_done),
                remark=self.env._("As the inventory recorded it."),
            )
