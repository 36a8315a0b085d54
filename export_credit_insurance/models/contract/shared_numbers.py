from odoo.tools import SQL


def sharing_buyers(buyers):
    """Return the query of these buyers, and of all that an insurer takes for them.

    Partners that carry one insurer's number are one buyer to that insurer, so they
    share its limit and their exposure (DESIGN 4, *Buyer*). With two numbers, or two
    insurers, they form chains: whoever shares with one of them shares with all.

    :param buyers: query of the ids of commercial partners, one column
    """
    return SQL(
        """
        WITH RECURSIVE sharing (id) AS (
            %s
            UNION
            SELECT mate.partner_id
              FROM sharing
              JOIN credit_insurance_limit own ON own.partner_id = sharing.id
              JOIN credit_insurance_limit mate
                ON mate.insurer_buyer_ref = own.insurer_buyer_ref
               AND mate.insurer_id = own.insurer_id
             WHERE own.insurer_buyer_ref IS NOT NULL
        )
        SELECT id FROM sharing
        """,
        buyers,
    )


def has_mate(line):
    """Return the condition that the number of a limit stands for other partners too.

    :param line: SQL of the alias of a row of limits
    """
    return SQL(
        """
        (%(line)s.insurer_buyer_ref IS NOT NULL AND EXISTS (
            SELECT FROM credit_insurance_limit mate
             WHERE mate.insurer_buyer_ref = %(line)s.insurer_buyer_ref
               AND mate.insurer_id = %(line)s.insurer_id
               AND mate.partner_id <> %(line)s.partner_id))
        """,
        line=line,
    )


def shares_number(buyer):
    """Return the condition that an insurer takes this buyer for other partners too.

    :param buyer: SQL of the id of a commercial partner
    """
    return SQL(
        "EXISTS (SELECT FROM credit_insurance_limit own"
        " WHERE own.partner_id = %s AND %s)",
        buyer,
        has_mate(SQL("own")),
    )


def shared_groups(buyers):
    """Return the query of who is one buyer with whom: ``(id, ids of all of them)``.

    Only those of the buyers who share a number with another partner.

    :param buyers: query of the ids of commercial partners, one column
    """
    return SQL(
        """
        WITH RECURSIVE sharing (id, mate_id) AS (
            SELECT asked.id, asked.id FROM (%s) AS asked (id)
            UNION
            SELECT sharing.id, mate.partner_id
              FROM sharing
              JOIN credit_insurance_limit own ON own.partner_id = sharing.mate_id
              JOIN credit_insurance_limit mate
                ON mate.insurer_buyer_ref = own.insurer_buyer_ref
               AND mate.insurer_id = own.insurer_id
             WHERE own.insurer_buyer_ref IS NOT NULL
        )
        SELECT id, array_agg(mate_id ORDER BY mate_id)
          FROM sharing
         GROUP BY id
        HAVING count(*) > 1
        """,
        buyers,
    )
