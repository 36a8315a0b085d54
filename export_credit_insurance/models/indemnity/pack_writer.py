"""The ZIP file of an evidence pack: safe names, one file at a time."""

import re
import unicodedata
import zipfile

# What no file system or archiver takes in a name; format and control characters too.
FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
# Names that Windows keeps for devices.
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
LONGEST = 100


def safe_name(name):
    """Return a name that is a plain file in its folder, wherever it is unpacked.

    >>> safe_name("INV/2026/00001.pdf")
    'INV_2026_00001.pdf'
    >>> safe_name("../../etc/passwd")
    '_.._etc_passwd'
    >>> safe_name("C:\\\\temp\\\\cmr.pdf"), safe_name("con.txt")
    ('C__temp_cmr.pdf', '_con.txt')
    >>> safe_name("Überweisung – 5 €.pdf"), safe_name(" .. "), safe_name(False)
    ('Überweisung – 5 €.pdf', 'file', 'file')
    >>> safe_name("evil\\u202efdp.exe"), len(safe_name("x" * 300 + ".pdf"))
    ('evilfdp.exe', 100)
    """
    text = unicodedata.normalize("NFC", str(name or ""))
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")
    text = FORBIDDEN.sub("_", " ".join(text.split())).strip(". ")
    if RESERVED.match(text):
        text = f"_{text}"
    if len(text) > LONGEST:
        stem, dot, extension = text.rpartition(".")
        if not dot or len(extension) > 10:
            stem, extension = text, ""
        tail = f"{dot if extension else ''}{extension}"
        text = stem[: LONGEST - len(tail)].rstrip(". ") + tail
    return text or "file"


class PackWriter:
    """Write files into a ZIP as they come; only the one being written is in memory.

    :param stream: an open binary file
    """

    def __init__(self, stream):
        self.archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        self.taken = set()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.archive.close()

    def add(self, folders, name, content):
        """Write one file; a name that is taken gets a number. Return its path."""
        folder = "/".join(safe_name(part) for part in folders)
        path = self._free_path(folder, safe_name(name))
        self.archive.writestr(path, content)
        return path

    def _free_path(self, folder, name):
        stem, dot, extension = name.rpartition(".")
        if not stem:
            stem, dot, extension = name, "", ""
        number, path = 1, None
        while path is None or path.casefold() in self.taken:
            numbered = name if number == 1 else f"{stem} ({number}){dot}{extension}"
            path = f"{folder}/{numbered}" if folder else numbered
            number += 1
        self.taken.add(path.casefold())
        return path
