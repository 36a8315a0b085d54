import json

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# What the statements read: pending changes are written before.
READ_FIELDS = {
    "stock.move": (
        "state",
        "date",
        "quantity",
        "sale_line_id",
        "product_id",
        "product_uom",
        "location_id",
        "location_dest_id",
        "company_id",
        "origin_returned_move_id",
    ),
    "sale.order.line": (
        "product_id",
        "product_uom_id",
        "qty_delivered",
        "qty_invoiced",
        "insured_shipment_date",
        "invoice_lines",
    ),
    "account.move": ("state", "move_type", "invoice_date", "payment_state"),
    "account.move.line": ("move_id", "quantity", "product_uom_id"),
}


class CreditInsuranceShipment(models.AbstractModel):
    """When goods left: the shipment dates of order lines and invoices.

    The limit in force on the day of shipment decides the cover (DOMAIN 1.5). An order
    line carries the day of its latest delivery; an invoice that of the latest one of
    what it bills, in the company's time zone (DESIGN 4, *Covered*).

    What an invoice bills of a line is told by quantity, first delivered first billed:
    of 10 units delivered 4 on the 1st and 6 on the 15th, an invoice of 4 was shipped
    on the 1st and the next one, of 6, on the 15th; one of all 10 on the 15th. What was
    returned of a delivery is left out. Parts of a kit all count for the whole kit.

    One statement for any number of documents.
    """

    _name = "credit.insurance.shipment"
    _description = "Shipment Dates"

    @api.model
    def _date_lines(self, line_ids):
        """Date these order lines and the invoices that bill them."""
        if line_ids:
            self._date_documents(SQL("%s::int[]", list(line_ids)))

    @api.model
    def _date_open_documents(self, companies):
        """Date all of these companies that is not paid yet."""
        self._count_left(companies)
        self.env["sale.order.line"].flush_model(["credit_left_qty"])
        self._date_documents(
            SQL(
                """ARRAY(
                SELECT sol.id FROM sale_order_line sol
                 WHERE sol.company_id = ANY(%s) AND sol.state = 'sale'
                   AND (GREATEST(sol.qty_delivered, NULLIF(sol.credit_left_qty, 0))
                            > sol.qty_invoiced OR EXISTS (
                       SELECT FROM sale_order_line_invoice_rel link
                         JOIN account_move_line billed
                           ON billed.id = link.invoice_line_id
                         JOIN account_move invoice ON invoice.id = billed.move_id
                        WHERE link.order_line_id = sol.id
                          AND invoice.payment_state NOT IN ('paid', 'reversed')))
                )""",
                companies.ids,
            )
        )

    @api.model
    def _count_left(self, companies):
        """Note what has left of kits that are not complete, and to replace others."""
        moves = Domain("origin_returned_move_id", "!=", False)
        if "bom_line_id" in self.env["stock.move"]._fields:
            moves |= Domain("bom_line_id", "!=", False)
        lines = self.env["sale.order.line"].search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "sale"),
                ("invoice_status", "!=", "invoiced"),
                ("move_ids", "any", Domain("state", "=", "done") & moves),
            ]
        )
        lines._note_credit_left()

    @api.model
    def _date_documents(self, lines):
        """Date order lines and invoices.

        :param lines: SQL of an array of order lines
        """
        for model, names in READ_FIELDS.items():
            self.env[model].flush_model(names)
        self.env.cr.execute(self._order_line_statement(lines))
        self.env.cr.execute(self._invoice_statement(lines))
        self.env["sale.order.line"].invalidate_model(["insured_shipment_date"])
        self.env["account.move"].invalidate_model(
            ["credit_delivery_date", "insured_shipment_date"]
        )

    @api.model
    def _order_line_statement(self, lines):
        return SQL(
            """
            WITH delivery AS (%s)
            UPDATE sale_order_line sol
               SET insured_shipment_date = latest.day
              FROM (SELECT line_id, max(day) AS day
                      FROM delivery GROUP BY line_id) latest
             WHERE sol.id = latest.line_id
               AND sol.insured_shipment_date IS DISTINCT FROM latest.day
            """,
            self._delivery_select(lines),
        )

    @api.model
    def _invoice_statement(self, lines):
        """Match what is billed with what was delivered, line by line in turn.

        Credit notes take back the quantities that invoices before them billed.
        """
        return SQL(
            """
            WITH invoice AS MATERIALIZED (
                SELECT DISTINCT billed.move_id AS id
                  FROM sale_order_line_invoice_rel link
                  JOIN account_move_line billed ON billed.id = link.invoice_line_id
                  JOIN account_move move ON move.id = billed.move_id
                 WHERE link.order_line_id = ANY(%(lines)s)
                   AND move.move_type IN ('out_invoice', 'out_receipt')
            ), line AS MATERIALIZED (
                SELECT DISTINCT link.order_line_id AS id
                  FROM invoice
                  JOIN account_move_line billed ON billed.move_id = invoice.id
                  JOIN sale_order_line_invoice_rel link
                    ON link.invoice_line_id = billed.id
            ), delivery AS (
                SELECT *, sum(quantity) OVER (PARTITION BY line_id ORDER BY date, id)
                           AS upto
                  FROM (%(delivery)s) delivery
            ), bill AS (
                SELECT *, sum(quantity) OVER (
                           PARTITION BY line_id ORDER BY invoice_date, move_id, id)
                           AS upto
                  FROM (%(bill)s) bill
            )
            UPDATE account_move move
               SET credit_delivery_date = shipped.day
              FROM (
                SELECT invoice.id, max(delivery.day) AS day
                  FROM invoice
                  LEFT JOIN bill ON bill.move_id = invoice.id AND bill.quantity > 0
                  LEFT JOIN delivery ON delivery.line_id = bill.line_id
                       AND (delivery.quantity IS NULL
                            OR delivery.upto - delivery.quantity < bill.upto
                               AND delivery.upto > bill.upto - bill.quantity)
                 GROUP BY invoice.id
              ) shipped
             WHERE move.id = shipped.id
               AND move.credit_delivery_date IS DISTINCT FROM shipped.day
            """,
            lines=lines,
            delivery=self._delivery_select(SQL("ARRAY(SELECT id FROM line)")),
            bill=self._bill_select(),
        )

    @api.model
    def _delivery_select(self, lines):
        """Deliveries to customers, less what was returned of each.

        The quantity is in the order line's unit, NULL for a part of a kit.
        """
        quantity = SQL(
            "move.quantity * (unit.factor / own.factor)::numeric"
            " - COALESCE(returned.quantity * (1 / own.factor)::numeric, 0)"
        )
        return SQL(
            """
            SELECT move.id, move.sale_line_id AS line_id, move.date,
                   (move.date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS day,
                   CASE WHEN move.product_id = sol.product_id
                        THEN round(%(quantity)s, 6) END AS quantity
              FROM stock_move move
              JOIN sale_order_line sol ON sol.id = move.sale_line_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom own ON own.id = sol.product_uom_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN jsonb_to_recordset(%(zones)s) AS zone(company_id int, name text)
                ON zone.company_id = sol.company_id
              LEFT JOIN LATERAL (
                SELECT sum(back.quantity * back_unit.factor::numeric) AS quantity
                  FROM stock_move back
                  JOIN uom_uom back_unit ON back_unit.id = back.product_uom
                 WHERE back.origin_returned_move_id = move.id AND back.state = 'done'
              ) returned ON TRUE
             WHERE move.sale_line_id = ANY(%(lines)s) AND move.state = 'done'
               AND %(to_customer)s AND NOT (%(from_customer)s AND %(returned)s)
               AND round(%(quantity)s, 6) > 0
            """,
            quantity=quantity,
            zones=self._time_zones(),
            lines=lines,
            to_customer=self._is_customer("target"),
            from_customer=self._is_customer("source"),
            returned=SQL("target.usage <> 'customer'"),
        )

    @api.model
    def _is_customer(self, location):
        """Whether a location is a customer's, as ``stock.location._is_outgoing``."""
        between = self.env["ir.model.data"]._xmlid_to_res_id(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
        return SQL(
            "(%(location)s.usage = 'customer' OR EXISTS ("
            "SELECT FROM stock_location home WHERE home.id = %(between)s"
            " AND starts_with(%(location)s.parent_path, home.parent_path)))",
            location=SQL(location),
            between=between or 0,
        )

    @api.model
    def _bill_select(self):
        """What invoices bill of the order lines, negative on credit notes."""
        return SQL(
            """
            SELECT billed.id, link.order_line_id AS line_id, billed.move_id,
                   COALESCE(move.invoice_date, 'infinity'::date) AS invoice_date,
                   round(billed.quantity * (unit.factor / own.factor)::numeric
                         * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END, 6)
                       AS quantity
              FROM line
              JOIN sale_order_line sol ON sol.id = line.id
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
              JOIN account_move_line billed ON billed.id = link.invoice_line_id
              JOIN account_move move ON move.id = billed.move_id
              JOIN uom_uom unit ON unit.id = billed.product_uom_id
              JOIN uom_uom own ON own.id = sol.product_uom_id
             WHERE move.state <> 'cancel'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """
        )

    @api.model
    def _time_zones(self):
        """Return JSON of the companies' time zones."""
        companies = self.env["res.company"].sudo()  # of all whose orders are checked
        return json.dumps(
            [
                {
                    "company_id": company_id,
                    "name": companies._credit_time_zone(company_id),
                }
                for company_id in companies._credit_check_modes()
            ]
        )
