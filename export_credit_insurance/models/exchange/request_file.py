"""The file of requests that an insurer's portal or clerk takes.

The columns are those of the recommended interchange (DOMAIN 6.3), the kinds of request
the codes of UN/EDIFACT RECECO 4505. An insurer that wants other columns has a layout of
its own: its columns, in its order, under its headings (``request_columns``).
"""

from ..indemnity.sheet_file import write_csv, write_xlsx

#: RECECO 4505
REQUEST_CODES = {
    "new": "2",
    "increase": "3",
    "cancel": "6",
    "reduce": "7",
    "prolong": "8",
}

COLUMNS = {
    "insurer_code": lambda request: request.insurer_id.code,
    "policy_no": lambda request: request.policy_id.number or "",
    "insurer_buyer_id": lambda request: _buyer_number(request),
    "our_ref": lambda request: request.partner_id.ref or "",
    "name": lambda request: request.partner_id.name or "",
    "country_iso2": lambda request: request.partner_id.country_id.code or "",
    "id_type": lambda request: _legal_id(request)[0],
    "id_value": lambda request: _legal_id(request)[1],
    "product": lambda request: request.limit_kind,
    "request_type": lambda request: request.request_type,
    "request_code": lambda request: REQUEST_CODES[request.request_type],
    "requested_amount": lambda request: request.amount,
    "current_amount": lambda request: request.current_amount,
    "currency": lambda request: request.currency_id.name,
    "request_date": lambda request: (
        request.sent_on or request.company_id._credit_today()
    ),
    "needed_from": lambda request: request.date_from,
    "needed_until": lambda request: request.date_to,
    "payment_days": lambda request: str(request.payment_days),
    "forecast_turnover": lambda request: request.forecast_turnover,
    "request_ref": lambda request: f"REQ-{request.id}",
    "comment": lambda request: request.note or "",
}


def parse_columns(text):
    """Return [(column, heading)] of a layout, one ``column = heading`` per line.

    >>> parse_columns("policy_no = Police")
    [('policy_no', 'Police')]
    >>> parse_columns("name")
    [('name', 'name')]

    :raise KeyError: for a column that does not exist
    """
    layout = []
    for line in (text or "").splitlines():
        column, _sign, heading = (part.strip() for part in line.partition("="))
        if not column:
            continue
        if column not in COLUMNS:
            raise KeyError(column)
        layout.append((column, heading or column))
    return layout


def _layout(requests):
    own = parse_columns(requests.insurer_id.request_columns)
    return own or [(column, column) for column in COLUMNS]


def _rows(requests, layout):
    # sudo: the insurer's numbers on earlier limits, for whoever sends requests
    return [
        [COLUMNS[column](request) for column, _heading in layout]
        for request in requests.sudo()
    ]


def to_csv(requests):
    """Return the requests to one insurer as CSV, in its layout."""
    layout = _layout(requests)
    return write_csv([heading for _name, heading in layout], _rows(requests, layout))


def to_xlsx(requests):
    """Return the requests to one insurer as a sheet, in its layout."""
    layout = _layout(requests)
    return write_xlsx([heading for _name, heading in layout], _rows(requests, layout))


def _buyer_number(request):
    """The number under which the insurer knows the buyer, '' while it does not."""
    lines = request.partner_id.insured_limit_line_ids.filtered(
        lambda line: line.insurer_id == request.insurer_id and line.insurer_buyer_ref
    )
    return lines.sorted("id")[-1:].insurer_buyer_ref or ""


def _legal_id(request):
    """The kind and the value of the number that identifies the legal person."""
    buyer = request.partner_id
    if buyer.vat:
        return "VAT", buyer.vat
    if buyer.company_registry:
        is_french = buyer.country_id.code == "FR"
        return "SIREN" if is_french else "other", buyer.company_registry
    return "", ""
