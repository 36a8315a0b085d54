"""What an insurer asks for with a claim, per invoice (DOMAIN.md 1.13, *File*)."""

from odoo.tools import SQL

from ..ledger.untaxed_share import BILLS

# Parts of the claim file, each a field ``claim_file_...`` of the invoice.
PARTS = ("order", "acceptance", "delivery", "retention", "pdf")

# What the query reads: pending changes of these are written before.
READ_FIELDS = {
    "account.move": (
        "state",
        "move_type",
        "company_id",
        "commercial_partner_id",
        "credit_delivery_date",
    ),
    "account.move.line": ("move_id", "product_id", "display_type", "sale_line_ids"),
    "sale.order": ("state", "client_order_ref", "signed_on"),
    "sale.order.line": ("order_id",),
    "product.product": ("product_tmpl_id",),
    "product.template": ("type",),
    "ir.attachment": ("res_model", "res_id", "res_field"),
    "res.company": ("credit_retention_of_title",),
    "res.partner": ("credit_retention_of_title",),
    "credit.insurance.evidence": ("kind", "move_id", "order_id"),
}


def flush(env):
    """Write what the query reads."""
    for model, names in READ_FIELDS.items():
        env[model].flush_model(names)


def claim_file_select(condition):
    """SQL of one row per invoice: which parts of its claim file are there.

    - *order*: every order behind the lines is confirmed and bears the customer's
      reference or signature, or an order or contract is filed for it; for invoices
      without an order, one is filed on the invoice;
    - *acceptance* of the terms: signed on the portal, or filed (a contract is);
    - *delivery*: filed, or done according to the inventory;
    - *retention* of title: the company's terms, unless the buyer's differ, or filed;
      nothing is retained of services;
    - *pdf*: the invoice as it was sent.

    :param condition: SQL on ``move``
    """
    return SQL(
        """
        SELECT move.id,
               COALESCE(billed.ordered, FALSE)
                   OR filed.kinds && '{order,contract}' AS "order",
               COALESCE(billed.accepted, FALSE)
                   OR filed.kinds && '{acceptance,contract}' AS acceptance,
               move.credit_delivery_date IS NOT NULL
                   OR COALESCE(billed.delivered, FALSE)
                   OR filed.kinds && '{delivery_proof}' AS delivery,
               %(retained)s AS retention,
               EXISTS (SELECT FROM ir_attachment printed
                        WHERE printed.res_model = 'account.move'
                          AND printed.res_id = move.id
                          AND printed.res_field = 'invoice_pdf_report_file') AS pdf
          FROM account_move move
          JOIN res_company company ON company.id = move.company_id
          JOIN res_partner buyer ON buyer.id = move.commercial_partner_id
          CROSS JOIN LATERAL (
              SELECT COALESCE(array_agg(kind), '{}') AS kinds
                FROM credit_insurance_evidence WHERE move_id = move.id) filed
          CROSS JOIN LATERAL (%(billed)s) billed
         WHERE move.state = 'posted' AND move.move_type IN %(bills)s
           AND %(condition)s
        """,
        retained=_is_title_retained(),
        billed=_billed_orders(),
        bills=BILLS,
        condition=condition,
    )


def _is_title_retained():
    """Whether the goods stay the seller's until they are paid, or there are none."""
    return SQL(
        """COALESCE(billed.retained, FALSE)
                   OR filed.kinds && '{retention_of_title}'
                   OR CASE buyer.credit_retention_of_title
                          WHEN 'agreed' THEN TRUE
                          WHEN 'excluded' THEN FALSE
                          ELSE company.credit_retention_of_title IS TRUE END
                   OR NOT (%s)""",
        _has_goods(),
    )


def _has_goods():
    return SQL(
        """EXISTS (
            SELECT FROM account_move_line line
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template
                ON template.id = product.product_tmpl_id
             WHERE line.move_id = move.id AND line.display_type = 'product'
               AND template.type IS DISTINCT FROM 'service')"""
    )


def _billed_orders():
    """What all orders that the invoice bills say; NULL without one."""
    return SQL(
        """
        SELECT bool_and(so.state = 'sale' AND (
                   COALESCE(so.client_order_ref, '') <> '' OR so.signed_on IS NOT NULL
                   OR papers.kinds && '{order,contract}')) AS ordered,
               bool_and(so.signed_on IS NOT NULL
                   OR papers.kinds && '{acceptance,contract}') AS accepted,
               bool_and(papers.kinds && '{delivery_proof}') AS delivered,
               bool_and(papers.kinds && '{retention_of_title}') AS retained
          FROM (SELECT DISTINCT sol.order_id
                  FROM account_move_line line
                  JOIN sale_order_line_invoice_rel link
                    ON link.invoice_line_id = line.id
                  JOIN sale_order_line sol ON sol.id = link.order_line_id
                 WHERE line.move_id = move.id) behind
          JOIN sale_order so ON so.id = behind.order_id
          CROSS JOIN LATERAL (
              SELECT COALESCE(array_agg(kind), '{}') AS kinds
                FROM credit_insurance_evidence WHERE order_id = so.id) papers
        """
    )


def state_condition(move_id, values):
    """SQL that tells whether an invoice's claim file is in one of these states.

    :param move_id: SQL of the invoice's id
    :param values: states, False for documents that need no claim file
    """
    complete = SQL(" AND ").join(SQL.identifier("file", part) for part in PARTS)
    select = claim_file_select(SQL("move.id = %s", move_id))
    state = SQL(
        "(SELECT CASE WHEN %s THEN 'complete' ELSE 'incomplete' END FROM (%s) file)",
        complete,
        select,
    )
    wanted = [value for value in values if value]
    found = SQL("%s = ANY(%s)", state, wanted)
    return SQL("(%s OR %s IS NULL)", found, state) if False in values else found
