"""A report as a workbook that keeps its formats.

Dates are dates, amounts numbers in the format of their currency, totals formulas that
follow the filter; texts are written as texts, so that none is run as a formula.
"""

import io
from collections.abc import Iterable
from typing import NamedTuple

import xlsxwriter

DAY_FORMAT = "yyyy-mm-dd"
#: rows of a table that a sheet takes: Excel's, without title, headings and total
MOST_ROWS = 1_048_576 - 8
# Sheets and totals: what a spreadsheet sums of the rows that its filter shows.
VISIBLE_SUM = 109
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class Money(NamedTuple):
    """An amount in a currency of its own, for a column of several currencies."""

    amount: float
    format: str


class Column(NamedTuple):
    """A column of a sheet.

    :param heading: what stands above it
    :param kind: ``text``, ``day``, ``number`` or ``amount``
    :param has_total: whether the last row sums it
    """

    heading: str
    kind: str = "text"
    has_total: bool = False


class Sheet(NamedTuple):
    """A sheet: lines of text on top, a table with its total below.

    :param name: at most 31 characters are kept
    :param titles: lines above the table
    :param columns: of :class:`Column`; none for a sheet of text alone
    :param rows: of values in the order of the columns, :class:`Money` where the
        currency is the row's own; False, None: empty. Read once, row by row: a
        generator will do; at most :data:`MOST_ROWS`
    :param money_format: number format of the amounts, see :func:`money_format`
    :param total: what the last row is called
    """

    name: str
    titles: tuple
    columns: tuple = ()
    rows: Iterable = ()
    money_format: str = "#,##0.00"
    total: str = ""


def money_format(symbol, digits, is_before=False):
    """Return a spreadsheet's number format for a currency.

    >>> money_format("€", 2)
    '#,##0.00 "€"'
    >>> money_format("¥", 0, is_before=True)
    '"¥"#,##0'
    """
    number = "#,##0" + (f".{'0' * digits}" if digits else "")
    name = symbol.replace('"', "")
    if not name:
        return number
    return f'"{name}"{number}' if is_before else f'{number} "{name}"'


def write_report(sheets):
    """Return the workbook of these sheets.

    A row leaves the memory once it is written: cells are written in the order of rows,
    columns are set up before.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        for sheet in sheets:
            _SheetWriter(book, sheet).fill()
    return content.getvalue()


class _SheetWriter:
    """Writes one sheet."""

    def __init__(self, book, sheet):
        self.book = book
        self.sheet = sheet
        name = sheet.name.translate(FORBIDDEN_IN_NAMES)[:31]
        self.page = book.add_worksheet(name)
        self.formats = {}
        self.sums = [0.0] * len(sheet.columns)

    def fill(self):
        self._set_up_columns()
        bold = self._format(bold=True)
        for number, line in enumerate(self.sheet.titles):
            self.page.write_string(number, 0, line, None if number else bold)
        if self.sheet.columns:
            head = len(self.sheet.titles) + 1
            self._set_up_page(head, self._write_table(head))

    def _write_table(self, head):
        """Write headings, rows and totals; return the number of the last row."""
        headings = self._format(bold=True, bottom=1, text_wrap=True, valign="top")
        for place, column in enumerate(self.sheet.columns):
            self.page.write_string(head, place, column.heading, headings)
        last = head
        for last, row in enumerate(self.sheet.rows, start=head + 1):
            for place, column in enumerate(self.sheet.columns):
                self._write_cell(last, place, column.kind, row[place])
                if column.has_total:
                    self.sums[place] += row[place] or 0.0
        if last > head:
            self._write_totals(head + 1, last)
        return last

    def _write_cell(self, number, place, kind, value):
        if value is None or value is False:
            return
        if isinstance(value, Money):
            money = self._format(num_format=value.format)
            self.page.write_number(number, place, value.amount, money)
        elif kind == "amount":
            money = self._format(num_format=self.sheet.money_format)
            self.page.write_number(number, place, value, money)
        elif kind == "number":
            self.page.write_number(number, place, value)
        elif kind == "day":
            day = self._format(num_format=DAY_FORMAT)
            self.page.write_datetime(number, place, value, day)
        else:
            self.page.write_string(number, place, value)

    def _write_totals(self, first, last):
        """Sum what is shown; a spreadsheet that does not reckon shows the value."""
        self.page.write_string(last + 1, 0, self.sheet.total, self._format(bold=True))
        total = self._format(bold=True, top=1, num_format=self.sheet.money_format)
        for place, column in enumerate(self.sheet.columns):
            if not column.has_total:
                continue
            letter = xlsxwriter.utility.xl_col_to_name(place)
            self.page.write_formula(
                last + 1,
                place,
                f"=SUBTOTAL({VISIBLE_SUM},{letter}{first + 1}:{letter}{last + 1})",
                total,
                round(self.sums[place], 6),
            )

    def _set_up_columns(self):
        if not self.sheet.columns:
            self.page.set_column(0, 0, 110, self._format(text_wrap=True))
            return
        self.page.set_column(0, 0, 32)
        for place, column in enumerate(self.sheet.columns[1:], start=1):
            self.page.set_column(place, place, 12 if column.kind == "day" else 17)

    def _set_up_page(self, head, last):
        """Keep headings in sight, offer filters, print on one page's width."""
        self.page.freeze_panes(head + 1, 1)
        self.page.autofilter(head, 0, max(last, head + 1), len(self.sheet.columns) - 1)
        self.page.set_landscape()
        self.page.set_paper(9)  # A4
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(head)

    def _format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]
