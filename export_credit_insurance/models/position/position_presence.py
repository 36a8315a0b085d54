from typing import NamedTuple

from odoo.tools import SQL


class Presence(NamedTuple):
    """What there is at all among the buyers asked about."""

    adjusted_orders: bool = False
    shared_numbers: bool = False
    blind_limits: bool = False
    stops: bool = False
    insolvencies: bool = False
    extensions: bool = False
    securities: bool = False
    disputes: bool = False
    credits: bool = False
    credit_notes: bool = False
    till_sales: bool = False
    kept_money: bool = False
    deposits: bool = False


# What the exposure alone depends on.
OF_EXPOSURE = ("adjusted_orders", "till_sales")


def stood_on(day):
    """SQL of whether a security ``state`` stood on a day, be it closed since."""
    return SQL("(state = 'active' OR closed_on > %s)", day)


class PositionPresence:
    """Look first, then compute: most of what can happen has happened to few buyers.

    PostgreSQL would plan and run the steps for stops, securities, shared limits and so
    on whether there are any or not; planning alone takes longer than answering for one
    buyer. One cheap statement of the same transaction says which steps there are.
    """

    def presence(self, names):
        """Return the query of one row: these columns of :class:`Presence`.

        It also keeps PostgreSQL from compiling what the transaction asks after it: the
        query of all buyers is dear enough for that by its cost, and compiling its many
        expressions takes several times as long as answering.
        """
        ctes = self.scope_ctes()
        if self.partners is not None:
            ctes["scope_order"] = self.scope_order_cte()
        probes = {
            # UNION alone would read all of them before it answers
            "adjusted_orders": SQL(" UNION ALL ").join(self.adjusted_order_selects()),
            "shared_numbers": self.shared_number_select(),
            "blind_limits": self._of_buyers(
                "credit_insurance_limit", SQL("kind = 'discretionary'")
            ),
            "stops": self._of_buyers("credit_insurance_stop"),
            "insolvencies": self._of_buyers("credit_insurance_insolvency"),
            "extensions": self._of_buyers(
                "credit_insurance_extension", SQL("state = 'agreed'")
            ),
            "securities": self._of_buyers(
                "credit_insurance_security", stood_on(self.day)
            ),
            # every ledger as a whole has some; looking for one would read it all
            "credits": SQL("SELECT")
            if self.partners is None
            else self.credit_item_select(SQL("TRUE")),
            "credit_notes": self.credit_item_select(
                SQL(
                    "line.move_id IN (SELECT id FROM account_move"
                    " WHERE reversed_entry_id IS NOT NULL)"
                )
            ),
            "till_sales": self.sold_on_account_select()
            if self.facts.has_till
            else SQL("SELECT WHERE FALSE"),
            "kept_money": SQL("SELECT WHERE FALSE")
            if self.orders is None
            else self.paid_online_select(),
            "disputes": SQL("SELECT FROM account_move WHERE credit_dispute_amount > 0"),
            "deposits": self.deposit_probe(),
        }
        select = SQL(
            "SELECT %s",
            SQL(", ").join(SQL("EXISTS (%s)", probes[name]) for name in names),
        )
        return SQL(
            "SET LOCAL jit = off; %s", self._with(ctes, select) if ctes else select
        )

    def _of_buyers(self, table, condition=None):
        return SQL(
            "SELECT FROM %s WHERE %s AND %s",
            SQL.identifier(table),
            self.in_scope("partner_id", "scope_partner"),
            condition or SQL("TRUE"),
        )


def nothing(**columns):
    """Return a fragment without rows; PostgreSQL leaves out whatever joins it.

    :param columns: {name: SQL type}
    """
    names = ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns.items())
    return SQL(f"(SELECT {names} WHERE FALSE)")
