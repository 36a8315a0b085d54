from odoo.tests import HttpCase, tagged

SUITE = "@export_credit_insurance/day"


def hoot_id(name):
    """The number that Odoo's test runner gives to a suite: a hash of its name."""
    number = 0
    for character in name:
        number = ((number << 5) - number + ord(character)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestMyDayJs(HttpCase):
    """The component of My Day: `static/tests/day/*.test.js`, in Odoo's own runner."""

    def test_component(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={hoot_id(SUITE)}",
            code="",
            ready="",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
