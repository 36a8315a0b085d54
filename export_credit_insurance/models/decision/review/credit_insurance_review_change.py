from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...groups import CONTROLLER_GROUP
from ..check.address_country import country_of
from ..check.credit_finding import SANCTION_CODES
from .credit_insurance_review_run import READ_BY_QUERY

# What a buyer's or an address's new country may bring about.
COUNTRY_CODES = frozenset({*SANCTION_CODES, "country_off_cover"})


class Changed(NamedTuple):
    """The orders that a change of partners concerns."""

    former_ids: set  # who owed them before
    moved: Any  # confirmed, with another debtor than they were cleared for
    relocated: Any  # confirmed, with addresses or a debtor in another country
    joined: Any  # confirmed, of a debtor who was merged with another
    settled: Any  # confirmed, nothing is left to be stopped
    quotations: Any  # of partners with another debtor


class CreditInsuranceReview(models.Model):
    """Buyers that change: an order owes to another, or goes to another country.

    Looked at once, in the change's own transaction: from then on the new buyer owes.
    Nothing is refused (DESIGN 4, *The buyer changes*); where nobody would be asked for
    credit then, the order stays with who has it.
    """

    _inherit = "credit.insurance.review"

    @api.model
    def _review_changed(self, partners, cause, **how):
        """Check the open orders of partners that belong to another buyer by now.

        An order is concerned if it differs from its clearance; so it does not matter
        how the change came about, and looking twice finds nothing the second time.

        :param partners: those that changed; contacts below them follow
        :param cause: one of CHANGE_CAUSES
        :param how: ``moved``, those with another commercial partner, ``relocated``,
            those in another country, ``merged``, buyers who owe what two owed
        """
        changed = self._find_changed(partners, **how)
        # who owed and who owes, before anything of their positions is read
        self.env["credit.insurance.anchor"]._bump(
            self.env["res.partner"].browse(changed.former_ids)
            | (changed.moved | changed.joined)._credit_debtor()
        )
        if self._leave_with_credit(changed.moved):
            changed = self._find_changed(partners, **how)
        orders = changed.moved | changed.relocated | changed.joined | changed.quotations
        for company, group in orders.grouped("company_id").items():
            review = self.create(
                {
                    "cause": cause,
                    "company_id": company.id,
                    "partner_ids": [(6, 0, partners.ids)],
                    "state": "done",
                }
            )
            of_company = changed._replace(
                moved=changed.moved & group,
                relocated=changed.relocated & group,
                joined=changed.joined & group,
                quotations=changed.quotations & group,
            )
            review._in_readers_language()._review_change(of_company)
            review._tell()
            if not review.line_ids:
                review.unlink()
        self.env["credit.insurance.clearance"]._follow(changed.settled)

    def _review_change(self, changed):
        """Check, record what passes, hold and list what does not."""
        checks = self.env["credit.insurance.check"]
        clearances = self.env["credit.insurance.clearance"]
        confirmed = changed.moved | changed.relocated | changed.joined
        cleared = clearances._get_cleared(confirmed) if confirmed else {}
        found = checks._assess(changed.moved | changed.joined, cleared=cleared)
        passing = changed.moved.filtered(lambda order: found[order].passes)
        clearances._record(
            {order: order._prepare_credit_clearance(found[order]) for order in passing}
        )
        clearances._follow(changed.moved - passing, allowed=False)
        clearances._follow(changed.relocated)
        holds = self.env["credit.insurance.hold"]
        holds._settle_confirmed(passing)
        accepted = holds._accepted_of_former_buyers(changed.quotations)
        holds._close_of_former_buyers(changed.moved - passing | changed.quotations)
        self._hold_and_list(
            {
                **found,
                **checks._assess(
                    changed.relocated,
                    together=False,
                    codes=dict.fromkeys(changed.relocated, COUNTRY_CODES),
                    cleared=cleared,
                ),
                **checks._assess(changed.quotations, together=False),
            }
        )
        accepted._go_on_with_new_buyers()

    @api.model
    def _leave_with_credit(self, orders):
        """Leave orders with insured buyers where nobody would be asked for credit else.

        A contact that leaves its company is a private person; below a neighbour whom no
        policy insures it is one, too. What it has ordered for the company would use no
        credit any more. The contact goes, the company is billed.

        :param orders: confirmed, with another debtor than they were cleared for
        :return: those that stay, unless credit control moves the contact
        """
        employee = self.env["sale.order"]._acting_employee()
        if not orders or not employee or employee.has_group(CONTROLLER_GROUP):
            return orders.browse()
        modes = self.env["res.company"]._credit_check_modes()
        orders = orders.filtered(
            lambda order: not modes[order.company_id.id].observation
        )
        checks = self.env["credit.insurance.check"]
        positions = checks._get_positions(orders)
        unasked = orders.filtered(
            lambda order: (
                checks._scope(order, order._credit_debtor(), positions[order])
                != "insured"
            )
        )
        return unasked._stay_with_insured()

    # === WHICH ORDERS === #

    @api.model
    def _review_merged(self, partners):
        """Check what the buyers of merged contacts have ordered, now that they are one.

        What was cleared for one of two may be too much for both together.
        """
        buyers = partners.commercial_partner_id
        self._review_changed(partners | buyers, "merge", moved=partners, merged=buyers)

    @api.model
    def _find_changed(self, partners, moved=None, relocated=None, merged=None):
        """Return the :class:`Changed` orders of these partners, in one query."""
        nobody = partners.browse()
        moved, relocated = moved or nobody, relocated or nobody
        merged = merged or nobody
        checked = list(self.env["res.company"]._credit_check_modes())
        for model, names in READ_BY_QUERY.items():
            self.env[model].flush_model(names)
        self.env["res.partner"].flush_model(["parent_id", "is_company"])
        self.env["credit.insurance.clearance"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE family AS (
                    SELECT id, id = ANY(%(moved)s) AS is_moved
                      FROM res_partner WHERE id = ANY(%(partners)s)
                     UNION
                    SELECT below.id, above.is_moved AND below.is_company IS NOT TRUE
                      FROM res_partner below
                      JOIN family above ON above.id = below.parent_id
                )
                SELECT o.id, o.state, c.partner_id,
                       c.partner_id <> invoice.commercial_partner_id AS is_moved,
                       invoice.commercial_partner_id = ANY(%(merged)s) AS is_joined,
                       %(to_deliver)s AS to_deliver, %(to_invoice)s AS to_invoice
                  FROM sale_order o
                  JOIN res_partner invoice ON invoice.id = o.partner_invoice_id
                  JOIN res_partner delivery ON delivery.id = o.partner_shipping_id
             LEFT JOIN credit_insurance_clearance c ON c.order_id = o.id
                 WHERE o.company_id = ANY(%(companies)s)
                   AND (o.partner_invoice_id = ANY(ARRAY(SELECT id FROM family))
                     OR o.partner_shipping_id = ANY(ARRAY(SELECT id FROM family)))
                   AND (
                       o.state = 'sale' AND (
                           c.partner_id <> invoice.commercial_partner_id
                        OR c.invoice_country_id IS DISTINCT FROM %(invoice_country)s
                        OR c.delivery_country_id IS DISTINCT FROM %(delivery_country)s
                        OR invoice.commercial_partner_id = ANY(%(relocated)s)
                        OR invoice.commercial_partner_id = ANY(%(merged)s)
                       ) AND c.order_id IS NOT NULL
                    OR o.state IN ('draft', 'sent')
                       AND (o.validity_date IS NULL OR o.validity_date >= %(today)s)
                       AND o.partner_invoice_id = ANY(
                           ARRAY(SELECT id FROM family WHERE is_moved))
                   )
                 ORDER BY o.id
                """,
                partners=partners.ids,
                moved=moved.ids,
                invoice_country=country_of("invoice"),
                delivery_country=country_of("delivery"),
                relocated=relocated.ids,
                merged=merged.ids,
                companies=checked,
                today=self.env.company._credit_today(),
                to_deliver=self._has_line_beyond("qty_delivered"),
                to_invoice=self._has_line_beyond("qty_invoiced"),
            )
        )
        return self._sort_changed(rows)

    @api.model
    def _sort_changed(self, rows):
        groups = {name: [] for name in Changed._fields if name != "former_ids"}
        former_ids = set()
        for order_id, state, former_id, is_moved, is_joined, *is_open in rows:
            if state != "sale":
                groups["quotations"].append(order_id)
            elif is_moved and any(is_open):
                groups["moved"].append(order_id)
                former_ids.add(former_id)
            elif is_open[0]:
                groups["joined" if is_joined else "relocated"].append(order_id)
            else:
                groups["settled"].append(order_id)
        orders = self.env["sale.order"].browse
        return Changed(
            former_ids, **{name: orders(ids) for name, ids in groups.items()}
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _stay_with_insured(self):
        """Bill the buyers whom these orders were cleared for, if a policy insures them.

        :return: the orders that stay with them
        """
        # sudo: whoever changes a partner need not read clearances
        clearances = self.env["credit.insurance.clearance"].sudo()
        cleared = clearances.search([("order_id", "in", self.ids)])
        checks = self.env["credit.insurance.check"]
        # sudo: as the check does
        engine = self.env["credit.insurance.position"].sudo()
        stay = cleared.browse()
        for company, rows in cleared.grouped("company_id").items():
            positions = engine._get_credit_position(rows.partner_id, company)
            for row in rows:
                buyer = row.partner_id
                scope = checks._own_scope(row.order_id, buyer, positions[buyer])
                if scope == "insured":
                    stay += row
        for buyer, rows in stay.grouped("partner_id").items():
            rows.order_id._bill_former_buyer(buyer)
        return stay.order_id

    def _bill_former_buyer(self, buyer):
        self.partner_invoice_id = buyer
        told = self.env._(
            "The invoice address belongs to %(buyer)s no more, whose credit the order "
            "uses: %(buyer)s itself is billed now.",
            buyer=buyer.display_name,
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, told))


class CreditInsuranceHold(models.Model):
    _inherit = "credit.insurance.hold"

    def _close_of_former_buyers(self, orders):
        """Close what was asked of these orders while another buyer owed them.

        It could be neither released nor asked for again: the new request speaks of the
        whole order. A refusal keeps its reason.
        """
        # sudo: who changes the buyer need not read holds
        holds = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("kind", "!=", "delivery"),
                *self._closable_domain(),
            ]
        )
        former = holds.filtered(
            lambda hold: hold.partner_id != hold.order_id._credit_debtor()
        )
        asked = former.filtered(lambda hold: hold.state == "open")
        (former - asked).write({"state": "obsolete"})
        asked._set_obsolete(
            lambda env: env._("Another buyer is invoiced now: ask again if need be."),
            tell=False,
        )
