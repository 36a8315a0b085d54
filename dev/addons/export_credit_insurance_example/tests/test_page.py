import re
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import BaseCase

PAGE = Path("docs/developer.md")
QUOTED = re.compile(r"^`(\S+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class TestPage(BaseCase):
    """What the developer's guide shows is what runs here."""

    def test_quotes_the_example(self):
        addon = Path(get_module_path("export_credit_insurance_example")).resolve()
        page = (addon.parents[2] / PAGE).read_text()
        quoted = dict(QUOTED.findall(page))
        shown = [
            "models/credit_insurance_check.py",
            "models/credit_insurance_position.py",
            "models/example_progress_claim.py",
            "data/credit_insurance_check_rule_data.xml",
            "data/credit_insurance_limit_profile_data.xml",
        ]
        self.assertEqual(sorted(quoted), sorted(shown))
        for name, text in quoted.items():
            self.assertEqual(text, (addon / name).read_text(), name)
