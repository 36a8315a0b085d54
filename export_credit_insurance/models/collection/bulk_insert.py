import functools
import json

from odoo.tools import SQL, float_round


def insert_rows(model, vals_list):
    """Write many rows of a model with one statement, and return them as records.

    For rows that the server alone writes, by thousands. ``create`` spends most of its
    time on the currency of each amount. Here amounts are rounded alike; the
    database's constraints and the right to create hold as ever, and what is computed
    from the rows is worked out anew. No default is filled in, no Python constraint
    asked and no message posted: models that need it take ``create``.

    :param vals_list: values of columns, the same columns for all; the amounts are in
        the currency of ``currency_id``
    """
    model.check_access("create")
    if not vals_list:
        return model.browse()
    ids = _new_ids(model, len(vals_list))
    amounts = [name for name in vals_list[0] if model._fields[name].type == "monetary"]
    currencies = model.env["res.currency"].browse(
        {vals["currency_id"] for vals in vals_list}
    )
    rounded = {
        currency.id: functools.partial(
            float_round, precision_rounding=currency.rounding
        )
        for currency in currencies
    }
    rows = []
    for id_, vals in zip(ids, vals_list, strict=True):
        to_currency = rounded[vals["currency_id"]]
        sums = {name: to_currency(vals[name]) for name in amounts if vals[name]}
        rows.append({"id": id_, **vals, **sums})
    model.env.execute_query(_insertion(model, rows))
    model.invalidate_model()
    records = model.browse(ids)
    records.modified(rows[0], create=True)
    return records


def _new_ids(model, number):
    rows = model.env.execute_query(
        SQL(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id'))::regclass)"
            " FROM generate_series(1, %s)",
            model._table,
            number,
        )
    )
    return [id_ for (id_,) in rows]


def _insertion(model, rows):
    """Return the statement; PostgreSQL reads the values by the table's own types.

    What is the same in all rows is said once.
    """
    first = rows[0]
    names = [
        name for name, value in first.items() if all(row[name] == value for row in rows)
    ]
    common = {name: first[name] for name in names}
    different = [name for name in first if name not in common]
    return SQL(
        """
        INSERT INTO %(table)s (%(columns)s, create_uid, write_uid, create_date,
                               write_date)
        SELECT %(columns)s, %(user)s, %(user)s, %(now)s, %(now)s
          FROM json_populate_recordset(
                   json_populate_record(NULL::%(table)s, %(common)s), %(rows)s)
     RETURNING id
        """,
        table=SQL.identifier(model._table),
        columns=SQL(", ").join(map(SQL.identifier, first)),
        user=model.env.uid,
        now=model.env.cr.now(),
        common=json.dumps(common, default=str),
        rows=json.dumps(
            [{name: row[name] for name in different} for row in rows], default=str
        ),
    )
