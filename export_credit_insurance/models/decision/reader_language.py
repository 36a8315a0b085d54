"""Writing to somebody in their own language."""


def env_for(records, user):
    """Return an environment that translates and formats for who will read.

    :param user: the reader; the language at hand where there is none
    """
    return records.with_context(lang=user[:1].lang or records.env.lang).env
