from typing import NamedTuple

from markupsafe import Markup


class ReminderText(NamedTuple):
    """The words of one reminder, ready to send, or why there are none."""

    subject: str = ""
    text: Markup = Markup()  # the words alone, as a letter has them
    body: Markup = Markup()  # the same as a mail
    error: str = ""
