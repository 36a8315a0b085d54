"""Random calls of people who have no right to decide on credit.

A salesperson with an API key, a worker of the warehouse, a customer of the portal and a
payment form do at random what they may, with contexts and values that they may not.
Every call is one request: what fails is rolled back, as Odoo does.
"""

import random
from collections import Counter

from odoo import Command
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from .fuzz_values import FuzzValues

LIMIT = 130000.0
CONTEXTS = (
    {},
    {},
    {},
    {"tracking_disable": True, "mail_notrack": True},
    {"import_file": True, "install_mode": True},
    {"create_for_task_id": 1},
    {"create_for_employee_mapping": True},
    {"skip_sanity_check": True, "skip_backorder": True, "skip_readonly_check": True},
    {"credit_background_flow": "delivered", "credit_posting": True, "su": True},
    {"default_state": "sale", "default_credit_remainder_closed": True},
    {"default_qty_invoiced": 50, "default_amount_total": 1.0},
    {"sale_no_order_product": True, "send_email": True},
)


class Fuzzer(FuzzValues):
    """Act on the orders of two buyers that share one limit, in two companies.

    :param world: a test case with what is acted on
    """

    def __init__(self, world, seed):
        self.world = world
        self.random = random.Random(seed)
        self.counts = Counter()
        self.calls = []
        self.done = 0

    # === WHO ACTS ON WHAT === #

    def act(self):
        """Do one thing, chosen at random; return its name."""
        names = [name for name in dir(self) if name.startswith("do_")]
        name = self.random.choice(names)
        self.calls.append(name)
        getattr(self, name)()
        return name

    def call(self, user, model, method, ids=(), *args, **kwargs):
        """Make a call as a request of this user does; return what came of it."""
        context = {**self.random.choice(CONTEXTS), **kwargs.pop("context", {})}
        context["allowed_company_ids"] = self.world.companies.ids
        if self.random.random() < 0.2:
            context["allowed_company_ids"].reverse()
        env = self.world.env(user=user, su=False, context={})
        positional = [list(ids), *args] if ids else list(args)
        self.calls.append((user.login, model, method, positional, kwargs, context))
        return self.attempt(
            method,
            lambda: call_kw(
                env[model], method, positional, {**kwargs, "context": context}
            ),
        )

    def attempt(self, name, action):
        env = self.world.env
        env.flush_all()
        env.invalidate_all()
        try:
            with (
                mute_logger("odoo.sql_db", "odoo.models", "odoo.addons"),
                env.cr.savepoint(),
            ):
                result = action()
                env.flush_all()
                env.cr.precommit.run()
                env.flush_all()
        except Exception as error:  # whatever it is, the request fails
            env.invalidate_all(flush=False)
            env.cr.precommit.clear()
            self.counts[name, type(error).__name__] += 1
            self.calls.append(f"   {type(error).__name__}: {str(error)[:90]!r}")
            return None
        self.counts[name, "done"] += 1
        self.done += 1
        return result

    # === A SALESPERSON WITH AN API KEY === #

    def do_quote(self):
        pick = self.random.choice
        lines = [self.line_values() for _each in range(pick((1, 1, 2, 3)))]
        values = {
            "partner_id": pick(self.world.partners).id,
            "order_line": [Command.create(line) for line in lines],
            **(self.order_values() if self.random.random() < 0.4 else {}),
        }
        self.call(self.world.seller, "sale.order", "create", (), [values])

    do_quote_again = do_quote

    def do_confirm(self):
        orders = self.order("draft", "sent")
        if orders and self.random.random() < 0.2:
            orders |= self.order("draft", "sent")
        if orders:
            self.call(self.world.seller, "sale.order", "action_confirm", orders.ids)

    do_confirm_again = do_confirm_once_more = do_confirm

    def do_order_method(self):
        """Whatever a button does."""
        method = self.random.choice(
            (
                "action_cancel",
                "action_draft",
                "action_lock",
                "action_unlock",
                "action_quotation_sent",
                "action_update_prices",
                "action_update_taxes",
                "payment_action_capture",
                "payment_action_void",
                "copy",
                "unlink",
                "action_request_credit_release",
            )
        )
        if order := self.order():
            self.call(self.world.seller, "sale.order", method, order.ids)

    do_order_method_again = do_order_method

    def do_write_order(self):
        if (order := self.order()) and (values := self.order_values()):
            self.call(self.world.seller, "sale.order", "write", order.ids, values)

    do_write_order_again = do_write_order

    def do_copy_order(self):
        if order := self.order():
            values = self.order_values()
            self.call(self.world.seller, "sale.order", "copy", order.ids, values)

    def do_save_order(self):
        """The web client's own call, with commands on lines of any order."""
        if not (order := self.order()) or not (line := self.line()):
            return
        command = self.random.choice(
            (
                Command.update(line.id, self.line_values()),
                Command.delete(line.id),
                Command.unlink(line.id),
                Command.link(line.id),
                Command.set([line.id]),
                Command.create(self.line_values()),
            )
        )
        self.call(
            self.world.seller,
            "sale.order",
            "web_save",
            order.ids,
            {**self.order_values(), "order_line": [command]},
            {"state": {}},
        )

    def do_write_line(self):
        if line := self.line():
            values = self.line_values()
            for name in list(values):
                if self.random.random() < 0.6:
                    del values[name]
            if self.random.random() < 0.1:
                values["order_id"] = self.order().id
            self.call(self.world.seller, "sale.order.line", "write", line.ids, values)

    do_write_line_again = do_write_line_once_more = do_write_line

    def do_take_back(self):
        """What has left is said to be something else, then lowered or cancelled."""
        lines = self.world.orders("sale").order_line.filtered("qty_delivered")
        if not lines:
            return
        line = self.random.choice(lines)
        values = self.line_values()
        for name in ("product_id", "product_uom_qty", "price_unit"):
            values.pop(name, None)
        seller = self.world.seller
        if values:
            self.call(seller, "sale.order.line", "write", line.ids, values)
        lower = {"product_uom_qty": 0}
        self.call(seller, "sale.order.line", "write", line.ids, lower)
        self.call(seller, "sale.order", "action_cancel", line.order_id.ids)

    def do_add_line(self):
        if order := self.order("sale", "sent"):
            values = {**self.line_values(), "order_id": order.id}
            self.call(self.world.seller, "sale.order.line", "create", (), [values])

    def do_exchange(self):
        """Goods and as much off, in one save: the total stays, what is owed may not."""
        if order := self.order("sale"):
            pick = self.random.choice
            amount = pick((5000, 30000, 200000))
            lines = [
                Command.create({"product_id": pick(self.world.products).id, **values})
                for values in ({"price_unit": amount}, {"price_unit": -amount})
            ]
            values = {"order_line": lines}
            self.call(self.world.seller, "sale.order", "write", order.ids, values)

    def do_delete_line(self):
        if line := self.line():
            self.call(self.world.seller, "sale.order.line", "unlink", line.ids)

    def do_discount(self):
        if order := self.order():
            values = {
                "sale_order_id": order.id,
                **self.random.choice(
                    (
                        {"discount_type": "amount", "discount_amount": 30000.0},
                        {"discount_type": "so_discount", "discount_percentage": 0.9},
                        {"discount_type": "sol_discount", "discount_percentage": 0.5},
                    )
                ),
            }
            wizard = self.call(
                self.world.seller, "sale.order.discount", "create", (), [values]
            )
            if wizard:
                ids = wizard if isinstance(wizard, list) else [wizard]
                self.call(
                    self.world.seller,
                    "sale.order.discount",
                    "action_apply_discount",
                    ids,
                )

    def do_bill(self):
        """Drafts of invoices, which a salesperson makes; posted by somebody else."""
        if not (order := self.order("sale")):
            return
        method = self.random.choice(("delivered", "percentage", "fixed"))
        values = {
            "advance_payment_method": method,
            "amount": 50.0,
            "fixed_amount": 40000.0,
            "sale_order_ids": [Command.set(order.ids)],
        }
        wizard = self.call(
            self.world.seller, "sale.advance.payment.inv", "create", (), [values]
        )
        if wizard:
            self.call(
                self.world.seller, "sale.advance.payment.inv", "create_invoices", wizard
            )

    def do_cancel_all(self):
        if order := self.order():
            wizard = self.call(
                self.world.seller,
                "sale.mass.cancel.orders",
                "create",
                (),
                [{"sale_order_ids": [Command.set(order.ids)]}],
            )
            if wizard:
                self.call(
                    self.world.seller,
                    "sale.mass.cancel.orders",
                    "action_mass_cancel",
                    wizard,
                )

    def do_write_buyer(self):
        """What Odoo lets salespeople change of a customer."""
        values = self.random.choice(
            (
                {"is_company": False},
                {"country_id": self.world.companies[0].country_id.id},
                {"parent_id": self.world.partners[0].id},
                {"parent_id": False},
                {"active": False},
                {"active": True},
                {"sale_order_ids": [Command.create({"state": "sale"})]},
            )
        )
        partner = self.random.choice(self.world.partners)
        self.call(self.world.seller, "res.partner", "write", partner.ids, values)

    # === THE WAREHOUSE === #

    def do_ship(self):
        if not (picking := self.picking("confirmed", "assigned", "waiting")):
            return
        move = self.random.choice(picking.move_ids)
        quantity = self.random.choice((1, 5, move.product_uom_qty, 100))
        self.call(
            self.world.worker,
            "stock.move",
            "write",
            move.ids,
            {"quantity": quantity, "picked": True},
        )
        self.call(self.world.worker, "stock.picking", "button_validate", picking.ids)

    do_ship_again = do_ship_once_more = do_ship

    def do_write_move(self):
        if not (picking := self.picking("assigned", "confirmed", "done")):
            return
        move = self.random.choice(picking.move_ids)
        values = self.random.choice(
            (
                {"state": "done"},
                {"quantity": 1},
                {"quantity": 100},
                {"product_uom_qty": 100},
                {"sale_line_id": False},
                {"location_dest_id": self.world.shelf.id},
                {"product_id": self.random.choice(self.world.products).id},
                {"picked": True, "quantity": 3},
            )
        )
        self.call(self.world.worker, "stock.move", "write", move.ids, values)

    def do_return(self):
        if picking := self.picking("done"):
            wizard = self.call(
                self.world.worker,
                "stock.return.picking",
                "create",
                (),
                [{"picking_id": picking.id}],
            )
            if wizard:
                method = self.random.choice(
                    ("action_create_returns_all", "action_create_exchanges")
                )
                self.call(self.world.worker, "stock.return.picking", method, wizard)

    def do_picking_method(self):
        method = self.random.choice(
            ("action_assign", "do_unreserve", "action_cancel", "copy")
        )
        if picking := self.picking("confirmed", "assigned", "done"):
            self.call(self.world.worker, "stock.picking", method, picking.ids)

    # === CUSTOMERS AND THEIR MONEY === #

    def do_portal_call(self):
        """What no customer may do by a call."""
        method, args = self.random.choice(
            (("action_confirm", ()), ("write", ({"state": "sale"},)), ("copy", ()))
        )
        if order := self.order():
            self.call(self.world.customer, "sale.order", method, order.ids, *args)

    def do_sign(self):
        """As the page does after it has noted the signature."""
        if order := self.order("sent"):
            env = self.world.env(user=self.world.visitor, context={})
            self.attempt("sign", order.with_env(env).sudo()._validate_order)

    def do_pay(self):
        """A provider says that something was paid for an order, or for two."""
        if not (orders := self.order("sent", "draft", "sale")):
            return
        if self.random.random() < 0.2:
            orders |= self.order("sent", "draft", "sale")
        if len(orders.currency_id) > 1:
            return
        total = sum(orders.mapped("amount_total"))
        amount = total * self.random.choice((0.01, 0.3, 1.0, 1.0, 1.2))
        if amount > 0:
            self.attempt("pay", lambda: self.world.pay(orders, amount))

    # === WHO DECIDES === #

    def do_decide(self):
        """Somebody with the right to, of whom nobody tries to get more."""
        if hold := self.world.hold_to_decide(self.random):
            decision = self.random.choice(("release", "refuse"))
            self.attempt(decision, lambda: self.world.decide(hold, decision))

    # === AS TIME GOES BY === #

    def do_jobs(self):
        self.attempt("jobs", self.world.run_jobs)
