"""Write a ledger into a database: the SQL of this package, in order."""

import pathlib
import time

from . import sizes
from .verify import verify

SQL = pathlib.Path(__file__).parent / "sql"

SHARES = {
    "share_not_due": 0.20,
    "share_overdue": 0.10,
    "share_part_paid": 0.10,  # of the open invoices
    "share_orders_invoiced": 0.35,  # of the orders: half of each line is invoiced
    "share_on_account": 0.02,  # of the customers
}
PRODUCTS = 200

# Tables whose secondary indexes are dropped and made again afterwards.
BIG_TABLES = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "res_partner",
    "sale_order",
    "sale_order_line",
)
# Every table that gets rows with ids of our own.
TABLES = (
    *BIG_TABLES,
    "account_full_reconcile",
    "account_payment_term",
    "account_payment_term_line",
    "product_pricelist",
    "product_product",
    "product_template",
    "res_currency_rate",
)


def fill(connection, size, today, seed=19, say=print):
    """Fill the database of ``connection`` with a ledger of ``size``, and commit.

    Foreign keys are not checked while inserting, so the user must be a superuser of
    PostgreSQL; :func:`verify` checks references and balances before the commit.

    :param connection: psycopg2 connection to an Odoo database with ``sale`` and
        ``account``, a chart of accounts, company 1 in USD and no journal entry
    :param today: the day that *overdue* is relative to
    :raise SystemExit: when the database does not qualify
    """
    with connection, connection.cursor() as cr:
        prepare_session(cr, seed)
        ids = find_references(cr)
        params = {
            **ids,
            **SHARES,
            "products": PRODUCTS,
            "today": today,
            "customers": size.customers,
            "invoices": size.invoices,
            "orders": size.orders,
        }
        indexes = drop_indexes(cr)
        fill_markets(cr)
        for path in sorted(SQL.glob("[0-9]*.sql")):
            start = time.perf_counter()
            cr.execute(path.read_text(), params)
            say(f"  {path.stem:24} {time.perf_counter() - start:6.1f} s")
        start = time.perf_counter()
        for definition in indexes:
            cr.execute(definition)
        advance_sequences(cr, size)
        verify(cr, ids["receivable"])
        say(f"  {'indexes and checks':24} {time.perf_counter() - start:6.1f} s")


def prepare_session(cr, seed):
    """Set the session up: no triggers, more memory, and u(), our random draw.

    u(row, purpose) is uniform in [0, 1) and the same for the same arguments.
    """
    cr.execute("SET session_replication_role = replica")
    cr.execute("SET work_mem = '256MB'")
    cr.execute("SET maintenance_work_mem = '512MB'")
    cr.execute(
        f"""
        CREATE FUNCTION pg_temp.u(i bigint, purpose int) RETURNS float8
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT (hashint8extended($1, {int(seed)} * 1000 + $2)
                    & 4503599627370495)::float8 / 4503599627370496
        $$
        """
    )


def find_references(cr):
    """Return the ids of what the database already holds, and each table's last id."""

    def value(query, *args):
        cr.execute(query, args)
        row = cr.fetchone()
        return row and row[0]

    def account(field):
        default = value(
            """
            SELECT d.json_value FROM ir_default d
            JOIN ir_model_fields f ON f.id = d.field_id
            WHERE f.name = %s AND d.company_id = 1 AND d.user_id IS NULL
            """,
            field,
        )
        return default and int(default)

    def journal(kind, column):
        return value(
            f"""
            SELECT {column} FROM account_journal WHERE type = %s AND company_id = 1
            ORDER BY sequence, id LIMIT 1
            """,
            kind,
        )

    if value("SELECT count(*) FROM account_move"):
        raise SystemExit("The database already has journal entries.")
    company_currency = value(
        """
        SELECT currency.name FROM res_company company
        JOIN res_currency currency ON currency.id = company.currency_id
        WHERE company.id = 1
        """
    )
    if company_currency != "USD":
        raise SystemExit(f"Company 1 must be in USD, not {company_currency}.")
    ids = {
        "receivable": account("property_account_receivable_id"),
        "income": account("property_account_income_categ_id"),
        "sale_journal": journal("sale", "id"),
        "sale_code": journal("sale", "code"),
        "bank_journal": journal("bank", "id"),
        "bank_code": journal("bank", "code"),
        "bank": journal("bank", "default_account_id"),
        "user": value("SELECT id FROM res_users WHERE login = 'admin'"),
        "team": value("SELECT id FROM crm_team ORDER BY sequence, id LIMIT 1"),
        "uom": value("SELECT id FROM uom_uom WHERE name->>'en_US' = 'Units'"),
        "usd": value("SELECT id FROM res_currency WHERE name = 'USD'"),
    }
    missing = [name for name, found in ids.items() if found is None]
    if missing:
        raise SystemExit(f"Not found in the database: {', '.join(missing)}.")
    # The id of a new row is its table's last id plus a counter from 1.
    for table in TABLES:
        ids[table] = value(f"SELECT coalesce(max(id), 0) FROM {table}")
    return ids


def drop_indexes(cr):
    """Drop the plain indexes of the big tables; return how to make them again."""
    cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index
        WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        """,
        [list(BIG_TABLES)],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes]


def fill_markets(cr):
    """Make the temporary tables of countries and of rates."""
    cr.execute(
        """
        CREATE TEMP TABLE gen_market (code text, share_from float8, share_to float8,
                                      days int, currency text);
        CREATE TEMP TABLE gen_rate (code text, rate numeric);
        """
    )
    cr.executemany(
        "INSERT INTO gen_market VALUES (%s, %s, %s, %s, %s)", list(sizes.markets())
    )
    cr.executemany(
        "INSERT INTO gen_rate VALUES (%s, %s)", [("USD", 1), *sizes.RATES.items()]
    )


def advance_sequences(cr, size):
    """Let what is created through Odoo later continue after our rows."""
    for table in TABLES:
        cr.execute(
            f"""
            SELECT setval(pg_get_serial_sequence('{table}', 'id'),
                          greatest((SELECT max(id) FROM {table}), 1))
            """
        )
    cr.execute(
        """
        SELECT setval('ir_sequence_' || lpad(id::text, 3, '0'), %s)
        FROM ir_sequence
        WHERE code = 'sale.order' AND company_id IS NULL
          AND implementation = 'standard'
        """,
        [size.orders + 1],
    )
