"""Odoo's ordinary work, and its queries: TASK DATABASE CONFIGURATION, for `lifecycle`.

Runs inside the virtual environment. The work is done by an employee with rights on
sales and invoices and no credit group, through the forms and lists as their views are,
fields of the add-on included.
"""

import json
import sys
from datetime import date, timedelta

LOGIN = "lifecycle"
GROUPS = ("sales_team.group_sale_manager", "account.group_account_manager")
CUSTOMER = "Lifecycle customer"
REPETITIONS = 4  # the first ones fill the caches of the process


def start(database, configuration):
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", configuration, "--no-http", "--log-level=warn"])
    registry = Registry(database)
    cursor = registry.cursor()
    return Environment(cursor, SUPERUSER_ID, {})


# === HISTORY === #


def make_history(env):
    """A user, a customer, a confirmed order, open and paid invoices."""
    env.company.country_id = env.ref("base.fr")
    env["account.chart.template"].try_loading("generic_coa", env.company)
    env["res.users"].create(
        {
            "name": LOGIN,
            "login": LOGIN,
            "group_ids": [(6, 0, [env.ref(name).id for name in GROUPS])],
        }
    )
    customer = env["res.partner"].create(
        {"name": CUSTOMER, "is_company": True, "country_id": env.ref("base.br").id}
    )
    product = env["product.product"].create(
        {"name": "Lifecycle product", "type": "consu", "taxes_id": [(5,)]}
    )
    orders = env["sale.order"].create(
        [order_values(customer, product, 100.0 * number) for number in range(1, 11)]
    )
    orders[:6].action_confirm()
    invoices = orders[:4]._create_invoices(grouped=True)
    invoices += env["account.move"].create(
        [invoice_values(customer, product, 100.0) for _ in range(6)]
    )
    invoices[:8].action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices[0].ids
    ).create({}).action_create_payments()


def order_values(customer, product, amount):
    return {
        "partner_id": customer.id,
        "order_line": [
            (
                0,
                0,
                {
                    "product_id": product.id,
                    "product_uom_qty": 1,
                    "qty_delivered": 1,
                    "price_unit": amount,
                },
            )
        ],
    }


def invoice_values(customer, product, amount):
    today = date.today()
    return {
        "move_type": "out_invoice",
        "partner_id": customer.id,
        "invoice_date": today,
        "invoice_date_due": today + timedelta(days=30),
        "invoice_line_ids": [
            (0, 0, {"product_id": product.id, "price_unit": amount, "tax_ids": [(5,)]})
        ],
    }


# === QUERIES === #


def count_queries(env):
    """The queries of each piece of work, {name: number}; nothing of it stays."""
    user = env["res.users"].search([("login", "=", LOGIN)])
    env = env(user=user)
    return {name: measure(env, work) for name, work in WORK.items()}


def measure(env, work):
    """The smallest number of queries of several turns, each rolled back."""
    cr, found = env.cr, []
    for _ in range(REPETITIONS):
        with cr.savepoint(flush=False) as savepoint:
            action = work(env)
            env.flush_all()
            env.invalidate_all()
            before = cr.sql_log_count
            action()
            env.flush_all()
            found.append(cr.sql_log_count - before)
            env.invalidate_all(flush=False)
            savepoint.rollback()
    return min(found)


def customer_and_product(env):
    customer = env["res.partner"].search([("name", "=", CUSTOMER)])
    product = env["product.product"].search([("name", "=", "Lifecycle product")])
    return customer, product


def draft_order(env):
    return env["sale.order"].create(order_values(*customer_and_product(env), 500.0))


def draft_invoice(env):
    return env["account.move"].create(invoice_values(*customer_and_product(env), 500.0))


def create_order(env):
    values = order_values(*customer_and_product(env), 500.0)
    return lambda: env["sale.order"].create(values)


def confirm_order(env):
    return draft_order(env).action_confirm


def confirm_many(env):
    orders = env["sale.order"].search([("state", "=", "draft")])
    return orders.action_confirm


def cancel_order(env):
    order = env["sale.order"].search([("state", "=", "sale")], limit=1)
    order.locked = False
    return lambda: order._action_cancel()


def enlarge_order(env):
    order = draft_order(env)
    order.action_confirm()
    return lambda: order.order_line.write({"product_uom_qty": 2})


def post_invoice(env):
    return draft_invoice(env).action_post


def pay_invoice(env):
    move = draft_invoice(env)
    move.action_post()
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    )
    return lambda: wizard.create({}).action_create_payments()


def write_partner(env):
    customer = customer_and_product(env)[0]
    return lambda: customer.write({"name": "Another name", "ref": "4711"})


def open_form(find):
    """Read a record as its form does, with the fields of the view."""

    def work(env):
        record = find(env)
        view = record.get_views([(False, "form")])["views"]["form"]["arch"]
        spec = specification(record, view)
        return lambda: record.web_read(spec)

    return work


def open_list(model):
    def work(env):
        records = env[model]
        view = records.get_views([(False, "list")])["views"]["list"]["arch"]
        spec = specification(records, view)
        return lambda: records.web_search_read([], spec, limit=80)

    return work


def specification(records, arch):
    """The fields that a view shows, as the web client asks for them."""
    from lxml import etree

    def of(node, model):
        found = {}
        for child in node.iterchildren(tag=etree.Element):
            if child.tag != "field" or not child.get("name"):
                found |= of(child, model)
                continue
            field = model._fields[child.get("name")]
            below = {}
            if field.type in ("one2many", "many2many"):
                views = of(child, model.env[field.comodel_name])
                below = {"fields": views or {"display_name": {}}}
            elif field.type == "many2one":
                below = {"fields": {"display_name": {}}}
            found[field.name] = below
        return found

    return of(etree.fromstring(arch), records)


WORK = {
    "create an order": create_order,
    "confirm an order": confirm_order,
    "confirm four orders": confirm_many,
    "enlarge a confirmed order": enlarge_order,
    "cancel an order": cancel_order,
    "post an invoice": post_invoice,
    "pay an invoice": pay_invoice,
    "rename a customer": write_partner,
    "open a quotation": open_form(draft_order),
    "open an invoice": open_form(draft_invoice),
    "open a customer": open_form(lambda env: customer_and_product(env)[0]),
    "list orders": open_list("sale.order"),
    "list invoices": open_list("account.move"),
    "list customers": open_list("res.partner"),
}


# === USE === #


def use(env):
    """Insure the customer, have an order refused, asked for, released, confirmed.

    So that there are rows, messages, activities and files to uninstall.
    """
    customer, product = customer_and_product(env)
    euro = env.ref("base.EUR")
    euro.active = True
    env["res.currency.rate"].create(  # without one its orders wait
        {"currency_id": euro.id, "company_id": env.company.id, "rate": 0.9}
    )
    insurer = env["credit.insurance.insurer"].search([], limit=1)
    policy = env["credit.insurance.policy"].create(
        {
            "name": "LIFE",
            "number": "LIFE",
            "insurer_id": insurer.id,
            "company_ids": [(6, 0, env.company.ids)],
            "currency_id": euro.id,
            "date_start": date.today().replace(month=1, day=1),
        }
    )
    policy.action_activate()
    policy.write({"observation": False})
    env["credit.insurance.limit"].create(
        {
            "policy_id": policy.id,
            "partner_id": customer.id,
            "state": "approved",
            "amount": 5000.0,
            "date_from": date.today(),
        }
    )
    seller = env["res.users"].search([("login", "=", LOGIN)])
    orders = env["sale.order"].with_user(seller)
    within = orders.create(order_values(customer, product, 600.0))
    within.action_confirm()
    beyond = orders.create(order_values(customer, product, 90000.0))
    waiting = beyond.copy()
    (beyond + waiting).action_request_credit_release(reason="Paid on Friday")
    manager = env.ref("base.user_admin")
    decision = env["credit.insurance.hold.decision"].with_user(manager)
    decision.create(
        {
            "hold_id": beyond.sudo().credit_hold_id.id,
            "decision": "release",
            "reason": "Good customer",
            "attachment_ids": [(0, 0, {"name": "letter.txt", "raw": b"agreed"})],
        }
    ).action_confirm()
    beyond.action_confirm()
    if not env["credit.insurance.clearance"].search([("order_id", "=", beyond.id)]):
        raise AssertionError("a released order was confirmed and not cleared")


def main(task, database, configuration):
    env = start(database, configuration)
    if task == "history":
        make_history(env)
    if task == "use":
        use(env)
        env.cr.commit()
    else:
        env.cr.commit()
        print(json.dumps(count_queries(env)))
        env.cr.rollback()
    env.cr.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
