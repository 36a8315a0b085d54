import io
import zipfile

import openpyxl

from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryEvidence(DeliveryCommon):
    """What the inventory proves for the claim file (DOMAIN 1.13)."""

    def test_done_deliveries(self):
        """The slip of what has left is in the pack, of what waits is not."""
        self.make_alfa_limits()
        order = self.make_sold(10.0)
        picking = order.picking_ids
        self.ship(picking, quantity=4.0)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertTrue(invoice.claim_file_delivery)
        pack = self.env["credit.insurance.evidence.pack"].with_company(self.company)
        archive = zipfile.ZipFile(pack._make(invoice))
        slips = [name for name in archive.namelist() if "Delivery Slips" in name]
        stem = picking.name.replace("/", "_")
        self.assertEqual(slips, [f"4 Papers/Delivery Slips/{stem}.html"])
        book = openpyxl.load_workbook(io.BytesIO(archive.read("0 Index.xlsx")))
        files = {row[1]: row for row in book.worksheets[0].values}
        self.assertEqual(files[slips[0]][2], order.name)

    def test_the_day_is_the_company_s(self):
        """Left on 1 October, 20:00 UTC: the 2nd in Tokyo, as the shipment date says."""
        self.make_alfa_limits()
        order = self.make_sold(10.0)
        picking = order.picking_ids
        self.ship(picking, quantity=10.0)
        invoice = order._create_invoices()
        invoice.action_post()
        picking.date_done = "2026-10-01 20:00:00"
        self.company.partner_id.tz = "Asia/Tokyo"
        pack = self.env["credit.insurance.evidence.pack"].with_company(self.company)
        archive = zipfile.ZipFile(pack._make(invoice))
        book = openpyxl.load_workbook(io.BytesIO(archive.read("0 Index.xlsx")))
        (slip,) = [
            row for row in book.worksheets[0].values if "Delivery Slips" in row[1]
        ]
        self.assertEqual(str(slip[3])[:10], "2026-10-02")
