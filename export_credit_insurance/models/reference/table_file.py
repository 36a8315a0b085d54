"""Read the table that a user brings: CSV in UTF-8, or the first sheet of an XLSX."""

import csv
import io
import zipfile
import zlib
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from odoo.exceptions import UserError

XLSX_SIGNATURE = b"PK\x03\x04"
#: a row's cells beyond the last column stand under this key
BEYOND = ""
#: what a sheet shows where a formula went wrong: data, and no comment
SHEET_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


def read_table(env, content):
    """Return the columns and rows of a file, cells as stripped text.

    Dates in cells of a sheet come as YYYY-MM-DD, whole numbers without decimals. Blank
    lines and lines that begin with # are left out. Commas or semicolons separate.

    :param bytes content: the file
    :return: column names in lower case, and ``[(line number, {column: text})]``; under
        ``BEYOND`` what a line has beyond the last column
    :raise UserError: when the file is no such table, or names a column twice
    """
    lines = _sheet_lines if content.startswith(XLSX_SIGNATURE) else _csv_lines
    lines = [
        (number, cells)
        for number, cells in lines(env, content)
        if any(cells) and not _is_comment(cells[0])
    ]
    columns = _columns(env, lines[0][1]) if lines else []
    return columns, [(number, _row(columns, cells)) for number, cells in lines[1:]]


def _is_comment(cell):
    return cell.startswith("#") and cell not in SHEET_ERRORS


def _columns(env, cells):
    """Return the names of the first line; empty ones at its end are none."""
    columns = [cell.lower() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UserError(
            env._(
                "The first line names these columns twice: %(columns)s. Leave one of"
                " each.",
                columns=", ".join(twice),
            )
        )
    return columns


def _row(columns, cells):
    missing = [""] * (len(columns) - len(cells))
    row = dict(zip(columns, cells + missing, strict=False))
    row[BEYOND] = ", ".join(filter(None, cells[len(columns) :]))
    return row


def _csv_lines(env, content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(
            env._("The file is not UTF-8: save it as CSV UTF-8 or XLSX and try again.")
        ) from None
    header = next((line for line in text.split("\n") if _has_cells(line)), "")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UserError(
            env._(
                "Line %(number)s cannot be read: %(error)s",
                number=reader.line_num,
                error=error,
            )
        ) from None


def _has_cells(line):
    return line.strip(' ,;"\t\r') and not line.lstrip(' "').startswith("#")


def _sheet_lines(env, content):
    from openpyxl import load_workbook  # as slow to load as it is rarely needed

    try:
        sheet = load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        ).worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell_text(cell) for cell in cells]
    # what openpyxl lets through of a damaged or foreign file differs by its damage
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        LookupError,
        OSError,
        ValueError,
    ):
        raise UserError(
            env._("The file cannot be read as XLSX: save it again, or as CSV UTF-8.")
        ) from None


def _cell_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
