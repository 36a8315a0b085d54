"""What every add-on of ours promises of its texts: nothing missing, nothing broken."""

import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tools.translate import TranslationModuleReader

COMPLETE_LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")
# of what stands in {{ }}, a default after ||| is text
PLACEHOLDER = re.compile(r"%\(\w+\)[-.\d]*[a-zA-Z]|%[sdf]|%%|\{\{[^|}]*|\{\w*\}")
# a language may break lines of its own
TAG = re.compile(r"</?(?!br\b)[a-zA-Z][^<>]*>")
# what French sets off from the word before it, with a space that may end a line
LOOSE_FRENCH = re.compile(r" [:;?!»](?!\S)|« |[\ds] %(?![(\w])")
# an attribute that is read is translated, too
READ_ATTRIBUTE = re.compile(r'\b(title|aria-label|placeholder|alt|string)="[^"]*"')


def placeholders(text):
    return sorted(part.strip() for part in PLACEHOLDER.findall(text))


def tags(text):
    return sorted(READ_ATTRIBUTE.sub(r"\1", tag) for tag in TAG.findall(text))


class TextChecks:
    """For a test case with an environment that names the `addon`."""

    addon = None
    allow_inherited_tests_method = True  # or Odoo's runner skips those of this class

    def po_file(self, name):
        return polib.pofile(Path(get_module_path(self.addon), "i18n", name))

    def all_translations(self):
        for path in sorted(Path(get_module_path(self.addon), "i18n").glob("*.po")):
            yield path.stem, polib.pofile(path)

    def test_every_text_is_exported(self):
        reader = TranslationModuleReader(self.env.cr, modules=[self.addon])
        texts = {source for _module, _type, _name, _id, source, *_rest in reader}
        exported = {entry.msgid for entry in self.po_file(f"{self.addon}.pot")}
        self.assertGreater(len(texts), 50)
        self.assertFalse(texts - exported, "make i18n exports them")

    def test_every_translation_finds_its_record(self):
        """A colon and a number at the end of a record's name is read as a line's."""
        entries = self.po_file(f"{self.addon}.pot")
        places = [place for entry in entries for place in entry.occurrences]
        self.assertFalse(
            [place for place, line in places if place.startswith("model") and line]
        )

    def test_no_sentence_is_cut_by_a_field(self):
        """The end of one and all of the next cannot be translated well."""
        texts = [entry.msgid for entry in self.po_file(f"{self.addon}.pot")]
        self.assertFalse([text for text in texts if re.match(r"\.\s", text)])

    def test_complete_languages_translate_every_text(self):
        exported = {entry.msgid for entry in self.po_file(f"{self.addon}.pot")}
        for language in COMPLETE_LANGUAGES:
            with self.subTest(language=language):
                entries = self.po_file(f"{language}.po")
                done = {entry.msgid for entry in entries if entry.translated()}
                self.assertFalse(exported - done)

    def test_no_placeholder_is_broken(self):
        self.assertFalse(self._changed_by_translation(placeholders))

    def test_no_tag_is_broken(self):
        self.assertFalse(self._changed_by_translation(tags))

    def test_french_signs_stay_with_their_word(self):
        """A line does not begin with a colon: the space before it does not break."""
        entries = self.po_file("fr.po").translated_entries()
        loose = [e.msgstr for e in entries if LOOSE_FRENCH.search(e.msgstr)]
        self.assertFalse(loose)

    def _changed_by_translation(self, parts):
        """Each translation whose `parts` are not those of its text."""
        return [
            (language, entry.msgid, entry.msgstr)
            for language, entries in self.all_translations()
            for entry in entries.translated_entries()
            if parts(entry.msgstr) != parts(entry.msgid)
        ]
