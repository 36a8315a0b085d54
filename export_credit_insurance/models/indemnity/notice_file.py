"""The file of a notice that an insurer's portal or clerk takes.

Two layouts: *readable*, with headings in the reader's language, and *canonical*, the
columns of DOMAIN 6.3 under fixed names, for programs.
"""

from .sheet_file import write_csv, write_xlsx

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
        env._("Owed Before Tax"),
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
    """Return the file of the notices as CSV."""
    return write_csv(columns(notices.env, layout), rows(notices, layout))


def to_xlsx(notices, layout):
    """Return the file of the notices as a sheet."""
    return write_xlsx(columns(notices.env, layout), rows(notices, layout))
