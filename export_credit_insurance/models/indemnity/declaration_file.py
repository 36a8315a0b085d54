"""The file of a declaration: totals as the insurer reads them, and the documents.

The first sheet has the columns of DOMAIN 6.3, in the insurers' own words whatever the
reader's language; the second lists each document.
"""

from .sheet_file import write_book, write_csv

COLUMNS = [
    "period",
    "country_group",
    "kind",
    "amount_ex_vat",
    "excluded_amount",
    "exclusion_reason",
]


def rows(declarations):
    """Return the totals: what is insurable, then what is left out by reason.

    The sums of both columns together are what was invoiced before tax.
    """
    # sudo: sums and lines, whoever may read the declaration
    return [
        row
        for declaration in declarations.sudo()
        for group in declaration.group_ids
        for row in _group_rows(declaration, group)
    ]


def _group_rows(declaration, group):
    lines = declaration.line_ids.filtered(lambda line: line.group_id == group)
    period = f"{declaration.date_from}/{declaration.date_to}"
    place = group.country_id.code or group.zone_id.code or group.kind
    currency = declaration.currency_id
    for is_adjustment in (False, True):
        own = lines.filtered(lambda line: (line.kind != "document") is is_adjustment)  # noqa: B023
        if not own:
            continue
        kind = "adjustment" if is_adjustment else declaration.basis
        base = currency.round(sum(own.mapped("base_amount")))
        yield [period, place, kind, base, 0.0, ""]
        for reason, left_out in own.grouped("exclusion_reason").items():
            if reason:
                amount = currency.round(sum(left_out.mapped("excluded_amount")))
                yield [period, place, kind, 0.0, amount, reason]


def detail_columns(env):
    """Return the headings of the documents."""
    return [
        env._("Policy"),
        env._("Company"),
        env._("Document"),
        env._("Invoice Date"),
        env._("Buyer"),
        env._("Own Reference"),
        env._("Country"),
        env._("Country Group"),
        env._("Kind"),
        env._("Currency"),
        env._("Before Tax"),
        env._("Exchange Rate"),
        env._("Currency of the Policy"),
        env._("Declared Amount"),
        env._("Excluded Amount"),
        env._("Left Out Because"),
        env._("All the Same, Why"),
        env._("Rate (%)"),
    ]


def detail_rows(declarations):
    """Return one row of cells per document."""
    env = declarations.env
    line_fields = env["credit.insurance.declaration.line"]._fields
    kinds = dict(line_fields["kind"]._description_selection(env))
    reasons = dict(line_fields["exclusion_reason"]._description_selection(env))
    return [
        [
            declaration.policy_id.number,
            declaration.company_id.name,
            line.document_name or "",
            line.document_date,
            line.partner_id.name or "",
            line.partner_id.ref or "",
            line.country_id.code or "",
            line.group_id.display_name,
            kinds[line.kind],
            line.document_currency_id.name,
            line.amount_currency,
            _exchange_rate(line),
            declaration.currency_id.name,
            line.amount,
            line.excluded_amount,
            reasons.get(line.exclusion_reason, ""),
            line.override_note or "",
            f"{line.rate:g}",
        ]
        # sudo: names of buyers and documents, for controllers who read no invoices
        for declaration in declarations.sudo()
        for line in declaration.line_ids
    ]


def _exchange_rate(line):
    """Return what one unit of the document's currency counts in the policy's.

    As the amounts were declared: an amount of 0 has none.
    """
    if line.document_currency_id == line.currency_id:
        return "1"
    if not line.amount_currency:
        return ""
    return f"{line.amount / line.amount_currency:.6g}"


def to_csv(declarations):
    """Return the totals as CSV."""
    return write_csv(COLUMNS, rows(declarations))


def to_xlsx(declarations):
    """Return the totals and the documents as two sheets."""
    env = declarations.env
    return write_book(
        {
            env._("Declaration"): (COLUMNS, rows(declarations)),
            env._("Documents"): (detail_columns(env), detail_rows(declarations)),
        }
    )
