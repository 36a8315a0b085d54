from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import html_escape

from ...models.collection import message_body
from ...models.collection.message_body import kept
from .common import SendingCommon

ANY = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.differing_executors],
)
#: what people call themselves and their invoices, and what they might try
words = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "A & B",
            "<b>bold</b>",
            "-- ",
            "--\nBob",
            "> quoted",
            "\n> quoted",
            "1\xa0000,00\u202f€",
            "'x' \"y\"",
            "&nbsp;",
            "creditplace0z",
            "شركة ألفا",
            "阿尔法",
        ]
    ),
)
rows = st.lists(st.tuples(words, words), max_size=4)


def mail(greeting, lines, total):
    """A mail as ours are: words, a table of invoices, a foot."""
    cells = "".join(
        f'<tr style="page-break-inside: avoid;"><td style="padding: 4px;">'
        f"<bdi>{html_escape(name)}</bdi></td>\n<td>{html_escape(amount)}</td></tr>\n"
        for name, amount in lines
    )
    return (
        '<html lang="fr" dir="ltr"><head><title>T</title></head><body>'
        '<div dir="ltr" style="max-width: 760px;">'
        f"<p>{html_escape(greeting)}<br/>Us</p>"
        f"<table><thead><tr><th>No.</th></tr></thead><tbody>{cells}</tbody><tbody><tr>"
        f"<td>{html_escape(total)}</td></tr></tbody></table></div></body></html>"
    )


@tagged("post_install", "-at_install")
class TestMessageBody(SendingCommon):
    """The chatter keeps what Odoo would keep, though each form is sanitized once."""

    def setUp(self):
        super().setUp()
        self.field = self.env["mail.message"]._fields["body"]

    def sanitized(self, html):
        return self.field.convert_to_cache(html, self.env["mail.message"])

    @given(words, rows, words)
    @ANY
    def test_whatever_the_words(self, greeting, lines, total):
        html = mail(greeting, lines, total)
        self.assertEqual(kept(self.field, html), self.sanitized(html))

    def test_unusual_mails(self):
        """Quotes, signatures, scripts and odd tables are seen as a whole."""
        for html in (
            "",
            "words alone",
            "<p>a</p><p>b</p>",
            "<p>a<script>alert(1)</script></p>",
            '<p onclick="x()">a <a href="javascript:x()">b</a></p>',
            '<p title="a > b">c</p>',
            "<blockquote>a</blockquote><p>b</p>",
            '<div class="gmail_quote">a<p>b</p></div>',
            "<p>-- <br/>Bob</p>",
            "<p>a\n&gt; b</p>",
            "<p>a <b>-</b>- </p>",
            "<!-- c --><p>a</p>",
            "<p>&copy; &#x27;</p>",
            "<p>\x0b\x85</p>",
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
            "<p>a<tr><td>b</td></tr></p>",
            "<table><tr><td>a</table>",
        ):
            with self.subTest(html=html):
                self.assertEqual(kept(self.field, html), self.sanitized(html))

    def test_each_form_once(self):
        """Other words, other languages, more rows: nothing new for the sanitizer."""
        message_body._form.cache_clear()
        seen = []

        def look(field, html):
            seen.append(html)
            return sanitize(field, html)

        sanitize = message_body._sanitize
        with patch.object(message_body, "_sanitize", look):
            kept(self.field, mail("Dear ALFA", [("INV/1", "10")], "10"))
            first = len(seen)
            other = mail("Dear BETA", [("INV/2", "20"), ("INV/3", "5")], "25")
            kept(self.field, other.replace('lang="fr"', 'lang="de"'))
        # the mail, the row of the head, that of an invoice, that of the total
        self.assertEqual((first, len(seen)), (4, 4))

    def test_what_the_chatter_keeps(self):
        """As if Odoo had sanitized the very mail; a hostile name included."""
        self.alfa.name = "<b>A & B</b> --"
        self.overdue()
        self.overdue(30)
        mail = self.send().sudo().mail_id
        message = mail.mail_message_id
        self.assertEqual(message.body, self.sanitized(mail.body_html))
        self.assertIn("&lt;b&gt;A &amp; B&lt;/b&gt;", message.body)
