"""What an export of translations leaves out, taken over from the file before it.

Runs inside the virtual environment (polib). Odoo exports a text whose translation is
the text itself, such as *Date* in French, as if it had none.
"""

import sys
from pathlib import Path

import polib

from .settings import COMPLETE_LANGUAGES


def take_over(old_file, new_file):
    """Fill the empty translations of the new file with those of the old one, if any.

    What a language has not translated is left out, unless it shall be complete.
    """
    old = polib.pofile(old_file) if Path(old_file).exists() else ()
    known = {entry.msgid: entry.msgstr for entry in old}
    new = polib.pofile(new_file, wrapwidth=78)
    for entry in new.untranslated_entries():
        entry.msgstr = known.get(entry.msgid, "")
        if not entry.msgstr and Path(new_file).stem not in COMPLETE_LANGUAGES:
            new.remove(entry)
    new.save(new_file)


if __name__ == "__main__":
    take_over(*sys.argv[1:])
