import operator as operators

from odoo.fields import Domain
from odoo.tools import SQL

COMPARISONS = {
    "<": (SQL("<"), operators.lt),
    ">": (SQL(">"), operators.gt),
    "<=": (SQL("<="), operators.le),
    ">=": (SQL(">="), operators.ge),
}


def search_position(name, operator, value):
    """Search a field whose SQL the model's ``_field_to_sql`` gives.

    :return: a domain, or NotImplemented for operators that do not apply
    """
    if operator in ("in", "not in"):
        return _is_one_of(name, set(value), operator == "in")
    if operator not in COMPARISONS:
        return NotImplemented
    sql_operator, compare = COMPARISONS[operator]

    def to_sql(model, alias, query):
        column = model._field_to_sql(alias, name, query)
        return SQL("%s %s %s", column, sql_operator, value)

    return Domain.custom(
        to_sql=to_sql,
        predicate=lambda record: (
            _comparable(record[name], value) and compare(record[name], value)
        ),
    )


def _is_one_of(name, values, positive):
    wanted = [value for value in values if value is not False and value is not None]
    with_empty = len(wanted) < len(values)

    def to_sql(model, alias, query):
        column = model._field_to_sql(alias, name, query)
        if model._fields[name].type == "monetary" and with_empty:
            found = SQL("%s = ANY(%s)", column, [*wanted, 0])
        else:
            found = SQL("%s = ANY(%s)", column, wanted) if wanted else SQL("FALSE")
            if with_empty:
                found = SQL("(%s OR %s IS NULL)", found, column)
        return found if positive else SQL("(%s) IS NOT TRUE", found)

    def predicate(record):
        value = record[name]
        return (value in values or (not value and with_empty)) is positive

    return Domain.custom(to_sql=to_sql, predicate=predicate)


def _comparable(value, other):
    """A missing date is neither before nor after any other; 0 is an amount."""
    return value is not False or isinstance(other, (int, float))
