"""What the chatter keeps of a mail, sanitized by Odoo once for each form of mail.

Odoo sanitizes every message by itself: it parses the HTML, looks at each tag, attribute
and quote, and writes it anew. That took a third of the time of a reminder, and mails of
one step differ in words, figures and the number of their rows alone, which pass
unchanged. So Odoo's sanitizer sees the *form* of a mail once, its tags with a place for
each run of words, and the form of a row likewise; then the words are put in again.
Where words could matter to it (quotes, signatures, comments, unusual entities), it sees
the whole mail: the outcome is the same, to the letter.
"""

import re
from functools import lru_cache

from markupsafe import Markup

#: forms that are kept; some kilobytes each
FORMS = 512
TAG = re.compile(r"""(<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>)""")
#: tags that Odoo's sanitizer takes away: mails of several languages have one form
HTML_TAG = re.compile(r"<html\b[^>]*>")
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
ROWS = re.compile(rf"{ROW.pattern}(?:\s*{ROW.pattern})*", re.DOTALL)
PLACE = re.compile(r"creditplace(\d+)z")
#: what stands for a run of rows, and what is around a row that is looked at alone
STAND_IN = "<tr><td>creditrows{}z</td></tr>"
TABLE, TABLE_END = "<table><tbody>", "</tbody></table>"
#: tags: whose words are read otherwise, that quote or sign, and what is no tag
OPAQUE = re.compile(
    r"<(?:script|style|pre|textarea|noscript|svg|math|blockquote|[!?])"
    r"|quote|signature|appendonsend|rplyfwdmsg|stopspelling|skydrive|gmail_",
    re.IGNORECASE,
)
CHARACTERS = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&#34;": '"',
    "&quot;": '"',
    "&#39;": "'",
    "&nbsp;": "\xa0",
}
ENTITY = re.compile("|".join(CHARACTERS))
WRITTEN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"})
#: characters that XML has not, words that may quote or sign, with those beside them
ODD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
    r"|--|\n&gt;|>\s*(?:&gt;|-)|-\s*<|^\s*(?:&gt;|-)|-\s*$"
)
BLANKS = " \t\n"


class _Unusual(Exception):
    """The sanitizer must see the words, too."""


def kept(field, html):
    """Return what an HTML field would keep of some HTML, sanitized as it says.

    :param field: one whose sanitizing does not depend on who writes
    """
    html = str(html)
    try:
        return Markup(_kept(field, html))  # nosec B704
    except _Unusual:
        return _sanitize(field, html)


def _kept(field, html):
    if "creditplace" in html or "creditrows" in html or ODD.search(html):
        raise _Unusual
    runs = []

    def set_aside(run):
        before = run.string[: run.start()]
        if before.count("<table") <= before.count("</table"):
            raise _Unusual
        runs.append(run.group())
        return STAND_IN.format(len(runs) - 1)

    result = _filled(field, ROWS.sub(set_aside, HTML_TAG.sub("<html>", html, count=1)))
    for number, run in enumerate(runs):
        stand_in = STAND_IN.format(number)
        if stand_in not in result:
            raise _Unusual
        rows = ROW.sub(lambda row: _kept_row(field, row.group()), run)
        result = result.replace(stand_in, rows)
    return result


def _kept_row(field, row):
    if row.count("<tr") > 1 or "<table" in row or "</table" in row:
        raise _Unusual
    table = _filled(field, f"{TABLE}{row}{TABLE_END}")
    if not (table.startswith(TABLE) and table.endswith(TABLE_END)):
        raise _Unusual
    return table[len(TABLE) : -len(TABLE_END)]


def _filled(field, html):
    """Sanitize the form of some HTML, and put its words in."""
    pieces = TAG.split(html)  # words and tags in turn
    words = []
    for number in range(0, len(pieces), 2):
        if not pieces[number].strip():
            continue
        text = _plain(pieces[number])
        word = text.strip(BLANKS)
        before, _word, after = text.partition(word)
        pieces[number] = f"{before}creditplace{len(words)}z{after}"
        words.append(word)
    form = _form(field, "".join(pieces))
    if form is None:
        raise _Unusual
    parts = list(form)
    for number in range(1, len(parts), 2):
        parts[number] = _escape(words[int(parts[number])])
    return "".join(parts)


@lru_cache(FORMS)
def _form(field, html):
    """Return a sanitized form: parts of it, and between them the numbers of places.

    None where its tags say that words matter.
    """
    return None if OPAQUE.search(html) else tuple(PLACE.split(_sanitize(field, html)))


def _sanitize(field, html):
    return field.convert_to_cache(html, None)


def _plain(text):
    """Return the characters that a text stands for."""
    if "<" in text or ">" in text:
        raise _Unusual
    if "&" in text:
        if "&" in ENTITY.sub("", text):
            raise _Unusual
        return ENTITY.sub(lambda match: CHARACTERS[match.group()], text)
    return text


def _escape(text):
    """Write the characters of a text as the sanitizer does."""
    return text.translate(WRITTEN)
