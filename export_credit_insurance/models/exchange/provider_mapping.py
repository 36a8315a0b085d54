"""Mappings that administrators write down: one ``name = value`` per line."""


def read_mapping(text):
    """Return {name: value}; names in lower case, lines without a sign left out.

    >>> read_mapping("APPROVED = approved\\namount = result.amount")
    {'approved': 'approved', 'amount': 'result.amount'}
    """
    pairs = (line.partition("=") for line in (text or "").splitlines())
    return {
        name.strip().lower(): value.strip()
        for name, sign, value in pairs
        if sign and name.strip()
    }


def value_at(answer, path):
    """Return what stands at a dotted path of nested dicts, None where nothing does.

    >>> value_at({"cover": {"amount": 5}}, "cover.amount")
    5
    >>> value_at({"cover": 5}, "cover.amount")
    """
    for step in path.split("."):
        if not isinstance(answer, dict):
            return None
        answer = answer.get(step)
    return None if isinstance(answer, (dict, list)) else answer
