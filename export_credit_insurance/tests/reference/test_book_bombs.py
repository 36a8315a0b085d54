import io
import zipfile

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.export_credit_insurance.models.reference.table_file import read_table

SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
# ten times ten times ... "ha": 2 x 10^11 letters
LAUGHS = b'<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10)
    for level in range(1, 12)
)


def sheet(rows, before=b""):
    return b"%s<worksheet %s><sheetData>%s</sheetData></worksheet>" % (
        before,
        SPACE,
        rows,
    )


def text(content):
    return b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % content


def book(parts):
    """A book with a head and a row, these parts in the place of its own or beside."""
    plain = Workbook()
    plain.active.append(["buyer", "score"])
    plain.active.append(["ALFA", 80])
    saved, changed = io.BytesIO(), io.BytesIO()
    plain.save(saved)
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return changed.getvalue()


@tagged("post_install", "-at_install")
class TestBookBombs(TransactionCase):
    """Small files that grow when they are read: refused before anything reads them.

    One row of 26 million empty cells, 104 KB as a file, took 7 GB and a minute.
    """

    def assertRefused(self, parts, words):
        content = book(parts)
        self.assertLess(len(content), 1 << 20, "a bomb is small")
        with self.assertRaises(UserError) as refusal:
            read_table(self.env, content)
        self.assertIn(words, str(refusal.exception))

    def test_an_ordinary_book(self):
        columns, rows = read_table(self.env, book({}))
        self.assertEqual(columns, ["buyer", "score"])
        self.assertEqual(rows, [(2, {"buyer": "ALFA", "score": "80", "": ""})])

    def test_elements_without_end(self):
        """4 million of each: 3 million are read at most."""
        number = 4_000_000
        bombs = {
            "one row of empty cells": {
                SHEET: sheet(b'<row r="1">' + b"<c/>" * number + b"</row>")
            },
            "the same row again and again": {SHEET: sheet(b'<row r="1"/>' * number)},
            "styles": {
                "xl/styles.xml": b"<styleSheet %s>%s</styleSheet>"
                % (SPACE, b"<x/>" * number)
            },
            "texts": {
                "xl/sharedStrings.xml": b"<sst %s>%s</sst>"
                % (SPACE, b"<si><t/></si>" * (number // 2))
            },
            "in two parts that are small alone": {
                SHEET: sheet(b'<row r="1">' + b"<c/>" * (number // 2) + b"</row>"),
                "xl/styles.xml": b"<styleSheet %s>%s</styleSheet>"
                % (SPACE, b"<x/>" * (number // 2)),
            },
        }
        for title, parts in bombs.items():
            with self.subTest(title):
                self.assertRefused(parts, "too large")

    def test_bytes_without_end(self):
        """300 MB of blanks."""
        self.assertRefused({SHEET: sheet(b" " * (300 << 20))}, "too large")

    def test_parts_without_end(self):
        many = {f"xl/media/{number}.bin": b"" for number in range(3000)}
        self.assertRefused(many, "too large")

    def test_entities(self):
        """Neither do they grow, nor do they read files of the server."""
        for title, entities, cell in (
            ("billion laughs", LAUGHS, b"&a11;"),
            ("one long entity", b'<!ENTITY a "%s">' % (b"x" * 100000), b"&a;" * 5000),
            ("a file", b'<!ENTITY a SYSTEM "file:///etc/passwd">', b"&a;"),
            ("another server", b'<!ENTITY a SYSTEM "http://127.0.0.1/">', b"&a;"),
            ("parameter", b'<!ENTITY % a SYSTEM "file:///etc/passwd">%a;', b""),
        ):
            rows = text(b"buyer") + text(cell)
            content = sheet(rows, b"<!DOCTYPE worksheet [%s]>" % entities)
            for coding in ("utf-8", "utf-16"):
                with self.subTest(title, coding=coding):
                    encoded = content.decode().encode(coding)
                    self.assertRefused({SHEET: encoded}, "cannot be read")

    def test_a_document_type_across_two_pieces(self):
        """Wherever in the part it stands; pieces have 1 MiB."""
        for blanks in range((1 << 20) - 12, (1 << 20) + 2, 3):
            content = sheet(text(b"buyer"), b" " * blanks + b"<!DOCTYPE worksheet []>")
            with self.subTest(blanks=blanks):
                self.assertRefused({SHEET: content}, "cannot be read")

    def test_an_archive_that_lies_about_its_size(self):
        """A directory that says 10 bytes of a part of 40 MB: no more is unpacked."""
        content = bytearray(book({SHEET: sheet(b" " * (40 << 20))}))
        entry = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
        size = slice(entry + 24, entry + 28)
        self.assertEqual(content[entry : entry + 4], b"PK\x01\x02")
        self.assertGreater(int.from_bytes(content[size], "little"), 40 << 20)
        content[size] = (10).to_bytes(4, "little")
        with self.assertRaises(UserError):
            read_table(self.env, bytes(content))
