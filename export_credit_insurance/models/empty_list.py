"""What a list says that a method opens, where nothing is in it."""

from markupsafe import Markup

EMPTY = Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>')


def empty_list(title, text):
    """Return the ``help`` of an action that lists records.

    :param title: what is not there, in few words
    :param text: why, and what to do next
    """
    return EMPTY % (title, text)
