from odoo.addons.export_credit_insurance.hooks import leave_books

ADDON = "export_credit_insurance_stock"


def post_init_hook(env):
    """Date what was delivered before the bridge came, where orders are checked."""
    companies = env["res.company"].browse(env["res.company"]._credit_check_modes())
    env["credit.insurance.shipment"]._date_open_documents(companies)


def uninstall_hook(env):
    """Remove the reminders on transfers: their kind goes with the bridge."""
    leave_books(env, ADDON)
    # nobody would keep it up any more
    env.cr.execute(
        "UPDATE sale_order_line SET credit_left_qty = NULL WHERE credit_left_qty <> 0"
    )
    env["sale.order.line"].invalidate_model(["credit_left_qty"])
    kind = env.ref(
        f"{ADDON}.mail_activity_type_delivery_decision", raise_if_not_found=False
    )
    if kind:
        activities = env["mail.activity"].with_context(active_test=False)
        activities.search([("activity_type_id", "=", kind.id)]).unlink()
