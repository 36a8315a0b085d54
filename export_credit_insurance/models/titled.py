"""Warnings whose dialogue bears a title of ours instead of "Odoo Warning"."""

import logging


def titled(error, title):
    """Return an error with the title of the dialogue that tells it.

    The client reads it from the error's context: see ``static/src/credit_warning``. The
    server logs a line, as of any ``UserError``: a refusal is no fault of the program.

    :param error: a ``UserError`` or ``RedirectWarning`` that is about to be raised
    :param title: few words, in the reader's language
    """
    error.context = {"credit_title": title}
    error.loglevel = logging.WARNING
    return error
