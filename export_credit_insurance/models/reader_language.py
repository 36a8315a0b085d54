"""Writing to somebody in their own language."""

import dataclasses

from odoo import models


def env_for(records, user):
    """Return an environment that translates and formats for who will read.

    :param user: the reader; the language at hand where there is none
    """
    return records.with_context(lang=user[:1].lang or records.env.lang).env


def env_for_all(records, users, company):
    """Return an environment for what several read, one note for all of them.

    In the language that they share, else in their company's.

    :param users: the readers
    :param company: whose language it is where they share none
    """
    one_language = len(set(users.mapped("lang"))) == 1
    return env_for(records, users if one_language else company.partner_id)


def in_language(values, lang):
    """Return plain values whose records translate and format in another language.

    :param values: a dataclass of records, numbers and further dataclasses
    :param lang: code of a language
    """
    changes = {}
    for field in dataclasses.fields(values):
        value = getattr(values, field.name)
        if isinstance(value, models.BaseModel):
            changes[field.name] = value.with_context(lang=lang)
        elif dataclasses.is_dataclass(value):
            changes[field.name] = in_language(value, lang)
    return dataclasses.replace(values, **changes)
