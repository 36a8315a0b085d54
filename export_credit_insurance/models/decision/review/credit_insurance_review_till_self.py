"""What customers may say of a sale that they send from a kiosk or their own phone.

Odoo takes it in as superuser, with every field and command that was sent: it would
settle orders, give back what was sold to others, make credit notes or change any record
by its number.
"""

from odoo import Command

# No customer says what is paid or billed, given back, or settled of orders.
UNSAID = {
    "pos.order": {"account_move", "is_refund", "payment_ids"},
    "pos.order.line": {
        "down_payment_details",
        "order_id",
        "refunded_orderline_id",
        "sale_order_line_id",
        "sale_order_origin_id",
    },
}
# What a sale brings along itself, and what it only names, by model.
PARTS = {"pos.order.line": {"custom_attribute_value_ids", "pack_lot_ids"}}
LISTS = {"pos.order.line": {"attribute_value_ids", "tax_ids"}}
# What tells new lines which of them make a set.
LINES_BY_UUID = "relations_uuid_mapping"
OF_SETS = {"combo_line_ids", "combo_parent_id"}


def said_by_customer(env, order):
    """Return of a sale what its customer may say: lines of its own, and plain values.

    :param order: what was sent of one ``pos.order``
    """
    receipts = env["pos.order"]
    own = receipts.lines
    if order.get("uuid"):
        own = receipts.search(
            [("uuid", "=", order["uuid"]), ("state", "=", "draft")]
        ).lines
    said = _plain(receipts, order)
    said["lines"] = [*_own_commands(own, order.get("lines"))]
    if LINES_BY_UUID in order:
        said[LINES_BY_UUID] = {own._name: _sets(order[LINES_BY_UUID].get(own._name))}
    return said


def _own_commands(own, commands):
    """Yield the commands that make lines, or change these."""
    for code, number, *values in commands or ():
        if code == Command.CREATE:
            yield Command.create(_plain(own, values[0]))
        elif code == Command.UPDATE and number in own.ids:
            yield Command.update(number, _plain(own, values[0]))
        elif code in (Command.DELETE, Command.UNLINK) and number in own.ids:
            yield (code, number, 0)


def _plain(records, vals):
    """Return values that change no other record, and link none that is not listed."""
    model, plain = records._name, {}
    for name, value in vals.items():
        field = records._fields.get(name)
        if name in UNSAID.get(model, ()):
            continue
        if not field or field.type not in ("one2many", "many2many"):
            plain[name] = value
        elif name in LISTS.get(model, ()):
            plain[name] = [Command.set(_named(value))]
        elif name in PARTS.get(model, ()):
            parts = records.env[field.comodel_name]
            plain[name] = [
                Command.create(_plain(parts, command[2]))
                for command in value or ()
                if command[0] == Command.CREATE
            ]
    return plain


def _named(value):
    """Return the numbers that a list names, by themselves or by commands."""
    numbers = []
    for each in value or ():
        if isinstance(each, int):
            numbers.append(each)
        elif each[0] == Command.SET:
            numbers += each[2]
        elif each[0] == Command.LINK:
            numbers.append(each[1])
    return numbers


def _sets(by_uuid):
    """Return which of the lines make a set, and nothing else of them."""
    return {
        uuid: {name: value for name, value in names.items() if name in OF_SETS}
        for uuid, names in (by_uuid or {}).items()
    }
