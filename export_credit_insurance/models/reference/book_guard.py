"""What an XLSX may hold before it is read: a file of 100 KB can unpack to gigabytes."""

import io
import re
import zipfile

#: bytes of all parts together, once unpacked
MAX_UNPACKED = 256 * 1024 * 1024
#: elements of XML in all parts together: a cell has two; each takes some 200 bytes
MAX_ELEMENTS = 3_000_000
#: files in the archive: a book has some twenty
MAX_PARTS = 2000
CHUNK = 1024 * 1024
#: entities that grow and files of the server come with a document type, in whatever
#: encoding; no book has one
DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)
LONGEST_DOCTYPE = 18


class BookTooLarge(Exception):
    """More is in the file than anybody means to import."""


def check_book(content):
    """Refuse a book that would fill the memory, before a reader of XML sees it.

    Counted is what really unpacks, not what the archive says of itself.

    :param bytes content: the file
    :raise BookTooLarge: when it holds too much
    :raise ValueError: when it has a document type
    :raise zipfile.BadZipFile: when it is none, or says something wrong of itself
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if len(archive.infolist()) > MAX_PARTS:
            raise BookTooLarge
        size = elements = 0
        for part in archive.infolist():
            for piece in _pieces(archive, part):
                size += len(piece)
                elements += piece.count(b"<") - piece.count(b"</")
                if size > MAX_UNPACKED or elements > MAX_ELEMENTS:
                    raise BookTooLarge


def _pieces(archive, part):
    """Unpack a part piece by piece.

    :raise ValueError: when it has a document type
    """
    end = b""
    with archive.open(part) as file:
        while piece := file.read(CHUNK):
            if DOCTYPE.search(end + piece):
                raise ValueError("a document type in a book")
            yield piece
            end = piece[-LONGEST_DOCTYPE:]
