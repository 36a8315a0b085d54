"""Writing to somebody in their own language."""

import dataclasses

from odoo import models


def env_for(records, user):
    """Return an environment that translates and formats for who will read.

    Several readers of a note read it in the language that they share, else in their
    company's.

    :param user: who reads; the language at hand where there is nobody
    """
    languages = set(user.mapped("lang"))
    lang = user[:1].lang if len(languages) == 1 else user.company_id[:1].partner_id.lang
    return records.with_context(lang=lang or records.env.lang).env


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
