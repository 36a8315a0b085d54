from odoo.tools import SQL

from .open_items import READ_OF_PAST
from .position_fields import READ_FIELDS
from .position_presence import nothing
from .position_query import PositionQuery

# What the books of a past day are read from, besides.
READ_FIELDS_OF_PAST = {
    **READ_FIELDS,
    **READ_OF_PAST,
    "account.move.line": (
        *READ_FIELDS["account.move.line"],
        *READ_OF_PAST["account.move.line"],
    ),
    "credit.insurance.extension": (
        *READ_FIELDS["credit.insurance.extension"],
        "agreed_on",
    ),
    "credit.insurance.limit": (
        *READ_FIELDS["credit.insurance.limit"],
        "request_date",
        "conditions_met_on",
    ),
}


class PastPositionQuery(PositionQuery):
    """The same steps over the books as they stood at the end of a past day.

    An item counts if its accounting date is not later; what was matched with a later
    entry is open again, as in Odoo's own aged receivables. Disputes, sales to factors,
    the insurer's agreements and conditions met count from their own day. Everything
    that the contract decides goes by the day anyway.

    Odoo keeps no history of what orders had delivered and invoiced, nor of drafts:
    orders, deliveries not invoiced and drafts are left out, not guessed.

    :param disputes: SQL of what was contested that day, ``move_id`` and ``amount``
    """

    def __init__(self, *args, disputes, **kwargs):
        super().__init__(*args, **kwargs)
        self.disputes = disputes
        self.opened_on = self.day
        self.draft_company_ids = []

    def unposted_selects(self):
        # OVERRIDES PositionQuery: what was in no books that day is not known
        return []

    def order_ctes(self, parts=()):
        # OVERRIDES PositionOrders
        columns = {
            "id": "int",
            "order_id": "int",
            "partner_id": "int",
            "company_id": "int",
            "currency_id": "int",
            "rate": "numeric",
            "shipment_date": "date",
            "invoice_date": "date",
            "is_deferred": "bool",
            "is_candidate": "bool",
            "open_ordered": "numeric",
            "open_ordered_untaxed": "numeric",
            "open_delivered": "numeric",
            "open_delivered_untaxed": "numeric",
        }
        return {
            "order_open": nothing(**columns),
            "order_delivered": nothing(**columns),
        }

    # ------------------------------------------------------------ the books

    def shipped_on(self, move="move"):
        # EXTENDS PositionShipment: what left later had not left yet
        return SQL(
            "CASE WHEN %(shipped)s > %(day)s"
            " THEN COALESCE(move.invoice_date, move.date) ELSE %(shipped)s END",
            shipped=super().shipped_on(move),
            day=self.day,
        )

    def disputed_amount(self):
        # EXTENDS PositionSources
        return SQL("COALESCE(contested.amount, 0)")

    def dispute_join(self):
        # EXTENDS PositionSources
        return SQL(
            "LEFT JOIN (%s) contested ON contested.move_id = move.id", self.disputes
        )

    # --------------------------------------------------------- the contract

    def agreed(self):
        # EXTENDS PositionClock
        return SQL("%s AND agreed_on <= %s", super().agreed(), self.day)

    def is_paid(self):
        # EXTENDS PositionAllocation
        return SQL(
            """(unpaid.reconciled AND NOT EXISTS (
                SELECT FROM account_partial_reconcile later
                 WHERE later.debit_move_id = unpaid.id AND later.max_date > %s))""",
            self.day,
        )

    def stop_ended_on(self):
        # EXTENDS PositionAllocation: one that ended later was in force
        return SQL("CASE WHEN stop.date_to < %s THEN stop.date_to END", self.day)

    def decision_state(self):
        # EXTENDS PositionLimits: what was answered later was still asked for
        return SQL(
            """CASE WHEN line.state = 'requested' AND line.request_date > %(day)s
                    THEN 'draft'
                    WHEN line.request_date <= %(day)s
                         AND COALESCE(line.date_from, line.decision_date) > %(day)s
                         AND line.decision_date > %(day)s
                    THEN 'requested' ELSE line.state END""",
            day=self.day,
        )

    def conditions_met(self):
        # EXTENDS PositionLimits
        return SQL(
            "(line.conditions_met AND COALESCE(line.conditions_met_on <= %s, TRUE))",
            self.day,
        )
