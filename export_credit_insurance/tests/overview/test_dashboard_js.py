from odoo.tests import HttpCase, tagged

SUITE = "@export_credit_insurance"


def hoot_id(name):
    """The number that Odoo's test runner gives to a suite: a hash of its name."""
    number = 0
    for character in name:
        number = ((number << 5) - number + ord(character)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestDashboardJs(HttpCase):
    """The components of the dashboard: `static/tests/dashboard/*.test.js`."""

    def test_components(self):
        """Each suite of the add-on runs in Odoo's own runner, on a desktop's browser.

        The runner stops with an error at the first log of level error; a filter that
        finds no suite is one, too.
        """
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
