"""What an XLSX may hold before it is read: a file of 100 KB can unpack to gigabytes."""

import io
import re
import zipfile
from xml.parsers import expat

#: bytes of all parts together, once unpacked
MAX_UNPACKED = 256 * 1024 * 1024
#: elements of XML in all parts together: a cell has two to four; each takes some 130
#: bytes where a reader keeps them, 0.9 GB in all
MAX_ELEMENTS = 7_000_000
#: beyond these it is looked at where they are: the cells of one row take 290 bytes each
MANY_ELEMENTS = 3_000_000
#: children of one element in such a book, ...
MAX_CHILDREN = 100_000
#: ... but for those that hold the rows and the texts, which are read one by one
LONG = ("sheetData", "sst")
#: files in the archive: a book has some twenty
MAX_PARTS = 2000
CHUNK = 1024 * 1024
#: entities that grow and files of the server come with a document type, in whatever
#: encoding; no book has one
DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)
LONGEST_DOCTYPE = 18


class BookTooLarge(Exception):
    """More is in the file than anybody means to import.

    Its argument is the limit that was met: ``parts``, ``size`` or ``cells``.
    """


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
            raise BookTooLarge("parts")
        size = elements = 0
        for part in archive.infolist():
            for piece in _pieces(archive, part):
                size += len(piece)
                elements += piece.count(b"<") - piece.count(b"</")
                if size > MAX_UNPACKED:
                    raise BookTooLarge("size")
                if elements > MAX_ELEMENTS:
                    raise BookTooLarge("cells")
        if elements > MANY_ELEMENTS:
            for part in archive.infolist():
                _check_children(archive, part)


def _check_children(archive, part):
    """Refuse a part in which one row, or another element, holds too many.

    Counted is as the reader of sheets parses: what stands in a comment is no row.

    :raise BookTooLarge: when one does
    """
    names, counts = [""], [0]

    def start(name, _attributes):
        counts[-1] += 1
        if counts[-1] > MAX_CHILDREN and names[-1] not in LONG:
            raise BookTooLarge("cells")
        names.append(name.rpartition(":")[2])
        counts.append(0)

    def end(_name):
        names.pop()
        counts.pop()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        for piece in _pieces(archive, part):
            parser.Parse(piece)
    except expat.ExpatError:
        return  # a picture; or nobody reads further than this either


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
