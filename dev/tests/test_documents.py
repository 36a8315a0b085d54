"""What the guides link to is there."""

import re
import unittest

from dev.settings import ADDON, ROOT

LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
IMAGE = re.compile(r'<img[^>]*\bsrc="([^"]+)"')


class TestDocuments(unittest.TestCase):
    def pages(self):
        yield from sorted(ROOT.glob("*.md"))
        yield from sorted((ROOT / "docs").glob("*.md"))

    def test_links_of_the_guides_lead_somewhere(self):
        dead = [
            f"{page.name}: {link}"
            for page in self.pages()
            for link in LINK.findall(page.read_text())
            if "://" not in link and not (page.parent / link).exists()
        ]
        self.assertFalse(dead)

    def test_every_guide_is_in_the_list(self):
        index = (ROOT / "docs/README.md").read_text()
        for page in sorted((ROOT / "docs").glob("*.md")):
            if page.name != "README.md":
                self.assertIn(f"({page.name})", index, page.name)

    def test_pictures_of_the_page_in_apps_are_there(self):
        folder = ROOT / ADDON / "static/description"
        pictures = IMAGE.findall((folder / "index.html").read_text())
        self.assertGreater(len(pictures), 3)
        for picture in pictures:
            self.assertTrue((folder / picture).is_file(), picture)
