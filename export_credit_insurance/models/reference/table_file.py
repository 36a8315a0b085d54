"""Read the table that a user brings: CSV, or the first sheet of an XLSX."""

import csv
import io
import struct
import zipfile
import zlib
from datetime import date, datetime
from typing import NamedTuple

from odoo.exceptions import UserError

from .book_guard import BookTooLarge, check_book

XLSX_SIGNATURE = b"PK\x03\x04"
#: a row's cells beyond the last column stand under this key
BEYOND = ""
#: what a sheet shows where a formula went wrong: data, and no comment
SHEET_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")
#: what a file may hold; beyond it no table is meant
MAX_BYTES = 32 * 1024 * 1024
MAX_LINES = 200_000
MAX_COLUMNS = 200


class Layout(NamedTuple):
    """How a file is written.

    ``delimiter`` empty: commas or semicolons, whichever the first line has more of.
    ``header_row`` is the line that names the columns, those before it are passed over.
    Fractions in cells of a sheet are written with the ``decimal`` mark.
    """

    encoding: str = "utf-8"
    delimiter: str = ""
    header_row: int = 1
    decimal: str = "."


def read_table(env, content, layout=None):
    """Return the columns and rows of a file, cells as stripped text.

    Dates in cells of a sheet come as YYYY-MM-DD, whole numbers without decimals. Blank
    lines and lines that begin with # are left out.

    :param bytes content: the file
    :param Layout layout: UTF-8 with its names on the first line, where not given
    :return: column names in lower case, and ``[(line number, {column: text})]``; under
        ``BEYOND`` what a line has beyond the last column
    :raise UserError: when the file is no such table, names a column twice or is too
        large
    """
    layout = layout or Layout()
    if len(content) > MAX_BYTES:
        raise UserError(_too_large(env))
    lines = _sheet_lines if content.startswith(XLSX_SIGNATURE) else _csv_lines
    lines = [
        (number, cells)
        for number, cells in lines(env, content, layout)
        if number >= layout.header_row and any(cells) and not _is_comment(cells[0])
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


def _too_large(env):
    return env._(
        "The file is too large: at most %(lines)s lines, %(columns)s columns and"
        " %(size)s MB are read. Divide it.",
        lines=MAX_LINES,
        columns=MAX_COLUMNS,
        size=MAX_BYTES // 1024 // 1024,
    )


def _decode(env, content, encoding):
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8":
            message = env._(
                "The file is not UTF-8: save it as CSV UTF-8 or XLSX and try again."
            )
        else:
            message = env._(
                "The file is not written in %(encoding)s: correct the encoding, or save"
                " it as XLSX.",
                encoding=encoding,
            )
        raise UserError(message) from None


def _csv_lines(env, content, layout):
    text = _decode(env, content, layout.encoding)
    header = next((line for line in text.split("\n") if _has_cells(line)), "")
    guessed = ";" if header.count(";") > header.count(",") else ","
    delimiter = layout.delimiter or guessed
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for count, cells in enumerate(reader, start=1):
            if count > MAX_LINES or len(cells) > MAX_COLUMNS:
                raise UserError(_too_large(env))
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


def _sheet_lines(env, content, layout):
    from openpyxl import load_workbook  # as slow to load as it is rarely needed

    try:
        check_book(content)
        sheet = load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        ).worksheets[0]
        if (sheet.max_column or 0) > MAX_COLUMNS:
            raise UserError(_too_large(env))
        for number, cells in enumerate(
            sheet.iter_rows(max_row=MAX_LINES + 1, values_only=True), start=1
        ):
            if number > MAX_LINES or len(cells) > MAX_COLUMNS:
                raise UserError(_too_large(env))
            yield number, [_cell_text(cell, layout.decimal) for cell in cells]
    except BookTooLarge:
        raise UserError(_too_large(env)) from None
    # what openpyxl lets through of a damaged or foreign file differs by its damage
    except (
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        OSError,
        RuntimeError,
        SyntaxError,  # of XML
        TypeError,
        ValueError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
    ):
        raise UserError(
            env._("The file cannot be read as XLSX: save it again, or as CSV UTF-8.")
        ) from None


def _cell_text(cell, decimal):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        whole = cell.is_integer()
        return str(int(cell)) if whole else str(cell).replace(".", decimal)
    return str(cell).strip()
