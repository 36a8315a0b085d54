"""SQL of facts of the ledger, which all rooms judge alike."""

from odoo.tools import SQL


def is_insolvent_on(insolvency, day):
    """Return whether proceedings go on, from the judgment to the day they end.

    :param insolvency: alias of ``credit_insurance_insolvency``
    :param day: a date, or SQL of one
    """
    table = SQL.identifier(insolvency)
    return SQL(
        "(%(table)s.judgment_date <= %(day)s"
        " AND (%(table)s.date_end IS NULL OR %(table)s.date_end >= %(day)s))",
        table=table,
        day=day,
    )


def is_handed_over_on(partner, line, day):
    """Return whether collection has an instalment, by itself or with all of its buyer.

    A hand-over that was withdrawn has ended: follow-up goes on, and what the policy
    asks for is to be done.

    :param partner: SQL of the buyer's id
    :param line: SQL of the instalment's id
    :param day: a date, or SQL of one
    """
    return SQL(
        """EXISTS (SELECT FROM credit_insurance_stop stop
            WHERE stop.partner_id = %(partner)s
              AND stop.cause = 'handed_over'
              AND (stop.move_line_id IS NULL OR stop.move_line_id = %(line)s)
              AND stop.date_from <= %(day)s
              AND (stop.date_to IS NULL OR stop.date_to >= %(day)s))""",
        partner=partner,
        line=line,
        day=day,
    )
