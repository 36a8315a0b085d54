"""The file of a notice that an insurer's portal or clerk takes.

Two layouts: *readable*, with headings in the reader's language, and *canonical*, the
columns of DOMAIN 6.3 under fixed names, for programs.
"""

import csv
import io

import xlsxwriter

# A spreadsheet would run a cell that begins so.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


# Columns of the canonical layout, in their order.
CANONICAL = (
    "policy_no",
    "insurer_buyer_id",
    "name",
    "country",
    "invoice_ref",
    "invoice_date",
    "due_date",
    "original_due_date",
    "currency",
    "net_amount",
    "gross_amount",
    "open_amount",
    "delivery_date",
    "reason",
    "extension_until",
    "comment",
)
# Adverse information that is an unpaid means of payment.
BOUNCED = {"bounced_cheque", "failed_debit", "unpaid_bill"}


def columns(env, layout):
    """Return the headings, in the order of the cells of :func:`rows`."""
    if layout == "canonical":
        return list(CANONICAL)
    return [
        env._("Policy"),
        env._("Insurer's Buyer Number"),
        env._("Own Reference"),
        env._("Buyer"),
        env._("Country"),
        env._("VAT Number"),
        env._("Registry Number"),
        env._("Kind of Notice"),
        env._("Invoice"),
        env._("Invoice Date"),
        env._("Original Due Date"),
        env._("Currency"),
        env._("Owed, Tax Included"),
        env._("Owed before Tax"),
        env._("Notify By"),
    ]


def rows(notices, layout):
    """Return one row of cells per instalment: texts, dates and numbers.

    A notice that lists none has one row of its own.
    """
    # sudo: the invoices' numbers, for controllers who read no invoices
    make = _canonical_row if layout == "canonical" else _readable_row
    return [
        make(notice, line)
        for notice in notices.sudo()
        for line in notice.line_ids or [notice.line_ids]
    ]


def _readable_row(notice, line):
    kinds = dict(notice._fields["kind"]._description_selection(notice.env))
    buyer = notice.partner_id
    return [
        notice.policy_id.number,
        notice.insurer_buyer_ref or "",
        buyer.ref or "",
        buyer.name,
        buyer.country_id.code or "",
        buyer.vat or "",
        buyer.company_registry or "",
        kinds[notice.kind],
        line.move_id.name or "",
        line.invoice_date,
        line.due_date,
        line.currency_id.name or "",
        line.gross_amount,
        line.net_amount,
        line.deadline or notice.deadline,
    ]


def _canonical_row(notice, line):
    """Net and gross as invoiced, and what of it is open, in the invoice's currency."""
    item = line.move_line_id
    return [
        notice.policy_id.number,
        notice.insurer_buyer_ref or "",
        notice.partner_id.name,
        notice.partner_id.country_id.code or "",
        line.move_id.name or "",
        line.invoice_date,
        item.date_maturity,
        line.due_date,
        line.currency_id.name or "",
        line.invoiced_net,
        line.invoiced_amount,
        line.gross_amount,
        line.move_id.insured_shipment_date,
        reason_of(notice, line),
        line.extension_until,
        notice.note or "",
    ]


def reason_of(notice, line):
    """Return the code of the canonical layout that says why the insurer is told."""
    if notice.kind == "adverse":
        kinds = set(notice.adverse_info_ids.mapped("kind"))
        return "bounced" if kinds & BOUNCED else "adverse"
    if notice.kind in ("insolvency", "extension", "resolved"):
        return notice.kind
    return "dispute" if line.move_id.credit_dispute_amount else "overdue"


def to_csv(notices, layout):
    """Return the file as CSV: UTF-8, semicolons, dates YYYY-MM-DD, decimal points."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns(notices.env, layout))
    for row in rows(notices, layout):
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell):
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return cell or ""


def to_xlsx(notices, layout):
    """Return the file as a sheet, dates and amounts as such."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        amount = book.add_format({"num_format": "#,##0.00"})
        sheet.write_row(
            0, 0, columns(notices.env, layout), book.add_format({"bold": True})
        )
        for number, row in enumerate(rows(notices, layout), start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif isinstance(cell, float):
                    sheet.write_number(number, column, cell, amount)
                elif cell:
                    sheet.write_datetime(number, column, cell, day)
        sheet.autofit()
        sheet.freeze_panes(1, 0)
    return content.getvalue()
