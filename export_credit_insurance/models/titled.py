"""Warnings whose dialogue bears a title of ours instead of "Odoo Warning"."""


def titled(error, title):
    """Return an error with the title of the dialogue that tells it.

    The client reads it from the error's context: see ``static/src/credit_warning``.

    :param error: a ``UserError`` or ``RedirectWarning`` that is about to be raised
    :param title: few words, in the reader's language
    """
    error.context = {"credit_title": title}
    return error
