"""The index of an evidence pack: every file, and what is missing, as a sheet."""

import tempfile
from typing import Any, NamedTuple

import xlsxwriter


class Paper(NamedTuple):
    """One file of the pack, before it is written."""

    section: str
    folders: tuple
    name: str
    content: bytes
    document: str = ""
    date: Any = None
    remark: str = ""


def write_index(stream, env, files, moves):
    """Write the index: one sheet of the files, one of what is missing per invoice.

    :param files: (path in the ZIP, :class:`Paper` without its content) pairs
    :param moves: the invoices of the pack
    """
    book = xlsxwriter.Workbook(stream, {"tmpdir": tempfile.gettempdir()})
    with book:
        formats = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
        }
        _write_sheet(book, env._("Files"), *_file_table(env, files), formats)
        _write_sheet(book, env._("Invoices"), *_invoice_table(env, moves), formats)


def _file_table(env, files):
    """Return column names and rows of the sheet of files."""
    heads = [
        env._("Section"),
        env._("File"),
        env._("Document"),
        env._("Date"),
        env._("Remark"),
    ]
    return heads, (
        [paper.section, path, paper.document, paper.date, paper.remark]
        for path, paper in files
    )


def _invoice_table(env, moves):
    """Return column names and rows of the sheet of invoices, and what they lack."""
    heads = [
        env._("Invoice"),
        env._("Invoice Date"),
        env._("Original Due Date"),
        env._("Currency"),
        env._("Total"),
        env._("Open Amount"),
        env._("Still Missing"),
    ]
    return heads, (
        [
            move.name,
            move.invoice_date,
            move.insured_due_date or move.invoice_date_due,
            move.currency_id.name,
            move.amount_total,
            move.amount_residual,
            move.claim_file_missing or "",
        ]
        for move in moves
    )


def _write_sheet(book, name, heads, rows, formats):
    sheet = book.add_worksheet(name)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, formats["head"])
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):  # never a formula
                sheet.write_string(number, column, cell)
            elif isinstance(cell, float):
                sheet.write_number(number, column, cell, formats["amount"])
            elif cell:
                sheet.write_datetime(number, column, cell, formats["day"])
    sheet.autofit()
    sheet.freeze_panes(1, 0)
