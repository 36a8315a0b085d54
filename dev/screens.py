"""The main screens, for ``make shots``: add a line, run it, look at the pictures."""

from typing import NamedTuple


class Screen(NamedTuple):
    """One screen, taken in every language.

    :param name: of the file: NAME-en.png, NAME-fr.png
    :param path: what stands behind the host in the address bar;
        ``/odoo/action-MODULE.ACTION`` opens an action by its XML id, and ``{id}`` is
        the id of `record`
    :param login: a demo user, whose password is like the login
    :param clicks: CSS selectors to click, one after the other
    :param record: XML id of a demo record
    """

    name: str
    path: str
    login: str = "admin"
    clicks: tuple = ()
    record: str = ""


CUSTOMERS = "/odoo/action-account.res_partner_action_customer"

SCREENS = (
    Screen("apps", "/odoo/apps"),
    Screen("quotations", "/odoo/sales", login="demo"),
    Screen("quotation", "/odoo/sales/{id}", login="demo", record="sale.sale_order_1"),
    Screen("customers", CUSTOMERS),
    Screen("customer", f"{CUSTOMERS}/{{id}}", record="base.res_partner_2"),
    Screen("invoices", "/odoo/customer-invoices"),
)
