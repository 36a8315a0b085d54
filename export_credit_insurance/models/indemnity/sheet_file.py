"""Tables for insurers as CSV or sheets, safe to open in a spreadsheet."""

import csv
import io

import xlsxwriter

# A spreadsheet would run a cell that begins so; the wide signs count in Asia.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(headings, lines):
    """Return a table as CSV: UTF-8, semicolons, dates YYYY-MM-DD, decimal points.

    :param lines: rows of texts, dates and numbers
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_plain(heading) for heading in headings])
    for row in lines:
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell):
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return cell or ""


def write_xlsx(headings, lines):
    """Return a table as a sheet, dates and amounts as such."""
    return write_book({"": (headings, lines)})


def write_book(sheets):
    """Return tables as the sheets of one book.

    :param sheets: {name of the sheet, "" for the usual one: (headings, rows)}
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, (headings, lines) in sheets.items():
            _fill_sheet(book, book.add_worksheet(name or None), headings, lines)
    return content.getvalue()


def _fill_sheet(book, sheet, headings, lines):
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    amount = book.add_format({"num_format": "#,##0.00"})
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(lines, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif isinstance(cell, float):
                sheet.write_number(number, column, cell, amount)
            elif cell:
                sheet.write_datetime(number, column, cell, day)
    sheet.autofit()
    sheet.freeze_panes(1, 0)
