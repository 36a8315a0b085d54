import hashlib
import itertools
import weakref

# {cursor: {purpose: (digest of the text, name it was prepared under)}}; Odoo's pool
# discards what was prepared whenever it hands a connection to the next cursor
_prepared = weakref.WeakKeyDictionary()
# A name is used once: whether a failed attempt left it prepared need not be known.
_numbers = itertools.count(1)


class PreparedStatement:
    """A query that PostgreSQL plans once per cursor.

    Planning the position of one buyer takes ten times longer than running it, and a
    salesperson waits for it at every confirmation. The text is fixed for a company
    and a day; only the sets of buyers and orders change.

    Preparing outlives a rollback. A new text for the same purpose (the next day, a
    changed policy) replaces the old one, so that a cursor holds one per purpose.

    :param purpose: what the statement is for, an identifier
    :param query: its SQL, with ``$1`` for buyers and ``$2`` for orders
    """

    def __init__(self, purpose, query):
        self.purpose = purpose
        self.query = query
        self.digest = hashlib.sha256(repr(query).encode()).hexdigest()

    def run(self, cr, partner_ids, order_ids):
        """Return the rows as dicts, with one query to the server."""
        prepared = _prepared.setdefault(cr._obj, {})
        digest, name = prepared.pop(self.purpose, (None, None))
        # Generic plans for prepared statements alone; nothing else prepares any.
        text = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL jit = off; "
        if digest != self.digest:
            if name:
                text += f"DEALLOCATE {name}; "
            name = f"credit_{self.purpose}_{next(_numbers)}"
            query = cr.mogrify(self.query.code, self.query.params).decode()
            text += f"PREPARE {name}(int[], int[]) AS {query}; "
        text += cr.mogrify(
            f"EXECUTE {name}(%s::int[], %s::int[])", [partner_ids, order_ids]
        ).decode()
        cr.execute(text)
        prepared[self.purpose] = (self.digest, name)
        return cr.dictfetchall()
