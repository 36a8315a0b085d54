"""Texts that users edit without code.

A text of a step may name these placeholders, ``{{ buyer }}`` or, with a default,
``{{ contact ||| Madam, Sir }}``, and nothing else: they are names, not expressions, so
whoever may edit a text gets at no record. Odoo's own reader of inline templates finds
them; each text is read once, however many buyers get it.
"""

import re
from functools import lru_cache

from markupsafe import Markup

from odoo.tools.rendering_tools import INLINE_TEMPLATE_REGEX, parse_inline_template

#: texts that are kept as they were read: those of a few plans in a dozen languages
READ_TEXTS = 1024

#: a mail server's answer, as Python's library shows it
ANSWER = re.compile(r"\((\d{3}), b?['\"](.*?)['\"]\)", re.DOTALL)

#: see ``credit.followup.step._placeholder_labels`` for what they stand for
PLACEHOLDERS = frozenset(
    {
        "buyer",
        "contact",
        "company",
        "company_address",
        "reference",
        "today",
        "items",
        "items_text",
        "item_count",
        "total_due",
        "total_overdue",
        "interest",
        "fees",
        "total_claimed",
        "oldest_due_date",
        "days_late",
        "deadline",
        "previous_reminders",
        "responsible",
        "responsible_phone",
        "responsible_email",
        "signer",
        "bank_account",
        "receipt_amount",
        "receipt_date",
        "balance",
    }
)


def unknown_placeholders(text):
    """Return the placeholders of a text that do not exist, in their order.

    >>> unknown_placeholders("Dear {{ contact ||| Sir }}, {{ user.password }}")
    ['user.password']
    """
    return [name for name in used_placeholders(text) if name not in PLACEHOLDERS]


def used_placeholders(text):
    """Return the placeholders of a text, in their order.

    >>> used_placeholders("Dear {{ contact ||| Sir }}, {{ user.password }}")
    ['contact', 'user.password']
    """
    return list(_names(str(text or "")))


@lru_cache(READ_TEXTS)
def _names(text):
    # the web editor may leave non-breaking spaces inside the braces
    return tuple(
        match.group(1).replace("\xa0", " ").strip()
        for match in INLINE_TEMPLATE_REGEX.finditer(text)
    )


def render_text(text, values):
    """Fill in the placeholders of a plain text, on one line.

    >>> render_text("{{ buyer }}: {{ total_due ||| nothing }}", {"buyer": "A & B"})
    'A & B: nothing'
    >>> render_text("Dear {{ contact ||| Sir }},", {})
    'Dear Sir,'
    >>> render_text("{{ company_address }}", {"company_address": "1 Quay\\nLyon"})
    '1 Quay, Lyon'
    """
    lines = {
        name: ", ".join(str(value).splitlines()) if value else ""
        for name, value in values.items()
    }
    return _render(str(text or ""), lines)


def server_answer(text):
    """Return what a mail server said, as people read it.

    Python tells of a refusal with the code and the bytes of each recipient, and of a
    connection in two lines.

    >>> server_answer("Failed.\\n{'a@b.example': (550, b'5.1.1 no such user')}")
    '550 5.1.1 no such user'
    >>> server_answer("111\\nConnection refused")
    '111 Connection refused'
    """
    answers = [" ".join(answer) for answer in ANSWER.findall(text or "")]
    said = "; ".join(dict.fromkeys(answers)) or text or ""
    return " ".join(said.replace("\\n", " ").split())


def on_one_line(text):
    """Return a head of a mail: what follows a line break would be another one.

    >>> on_one_line('"Alfa\\r\\nBcc: x@example.com" <a@example.com>')
    '"Alfa Bcc: x@example.com" <a@example.com>'
    """
    return " ".join((text or "").splitlines())


def render_html(html, values):
    """Fill in the placeholders of HTML: values are escaped unless they are markup.

    >>> render_html("<p>{{ buyer }}</p>", {"buyer": "A & B"})
    Markup('<p>A &amp; B</p>')

    Lines of a value stay lines.

    >>> render_html("{{ company_address }}", {"company_address": "1 Quay\\nLyon"})
    Markup('1 Quay<br/>Lyon')

    What there is not leaves nothing behind.

    >>> render_html("<p>{{ bank_account }}</p>", {"bank_account": False})
    Markup('<p></p>')
    """
    escaped = {name: _as_html(value) for name, value in values.items()}
    filled = _render(str(html or ""), escaped)
    return Markup(filled)  # nosec B704


def _as_html(value):
    """Return the value as markup, its lines apart; markup stays as it is."""
    if isinstance(value, Markup):
        return value
    return Markup("<br/>").join(str(value or "").splitlines())


def _render(text, values):
    if names := unknown_placeholders(text):
        raise ValueError(", ".join(names))
    return "".join(
        f"{words}{values.get(name) or default}" for words, name, default in _read(text)
    )


@lru_cache(READ_TEXTS)
def _read(text):
    """Return a text as (words, the placeholder after them, its default), in order."""
    text = text.replace("\xa0}}", " }}").replace("{{\xa0", "{{ ")
    return tuple(
        (words, name, default.strip())
        for words, name, default in parse_inline_template(text)
    )
