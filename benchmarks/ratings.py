"""Rate the buyers of a generated ledger: agencies, payments measured, industries.

Seven buyers in ten have a score of Creditsafe, in two editions; one in five one of D&B
besides; half have their payments measured, in twelve monthly editions; two in five work
in an industry that is rated. Countries have the OECD's grades, which come with the
add-on, and two editions of Coface's on top.
"""

import pathlib

from . import harness

SQL = pathlib.Path(__file__).with_name("ratings.sql")


def fill(configuration, database, today):
    """Write the ratings into ``database`` and commit."""
    from odoo.modules.registry import Registry

    harness.start(configuration)
    with Registry(database).cursor() as cr:
        cr.execute(SQL.read_text(), {"today": today, "company": 1})
