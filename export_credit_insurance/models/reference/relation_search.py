"""Searching relations that are computed, not stored."""


def searched_ids(comodel, operator, value):
    """Return the ids that a search on a relation to ``comodel`` asks for.

    :return: ids, False among them for no record; None for an operator that has to be
        asked the other way round
    """
    if operator == "in":
        return set(value)
    if operator in ("any", "any!"):
        records = comodel.with_context(active_test=False)
        # sudo: "any!" is how the ORM asks to leave access aside
        records = records.sudo(operator == "any!" or comodel.env.su)
        return set(records.search(value).ids)
    return None
