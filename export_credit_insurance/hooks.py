from odoo.tools.sql import drop_constraint

ADDON = "export_credit_insurance"
# Where the documents of the demo story are, and all they refer to.
BOOKS = (
    "account.%",
    "product.%",
    "res.company",
    "res.currency.rate",
    "res.partner",
    "res.partner.bank",
    "sale.%",
    "stock.%",
)


def pre_init_hook(env):
    """Fill the stored columns on Odoo's own tables with one UPDATE each.

    The ORM would recompute them invoice by invoice (91 s on 864,000 moves). Open
    customer invoices take their present due date as the original one.
    """
    env.cr.execute(
        """
        ALTER TABLE account_move
            ADD COLUMN IF NOT EXISTS insured_due_date date,
            ADD COLUMN IF NOT EXISTS credit_shipment_date date,
            ADD COLUMN IF NOT EXISTS credit_delivery_date date,
            ADD COLUMN IF NOT EXISTS credit_dispute_amount numeric,
            ADD COLUMN IF NOT EXISTS credit_followup_step_id integer,
            ADD COLUMN IF NOT EXISTS credit_followup_next_date date,
            ADD COLUMN IF NOT EXISTS credit_claim_id integer
        """
    )
    env.cr.execute(
        """
        UPDATE account_move
           SET insured_due_date = invoice_date_due
         WHERE state = 'posted'
           AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
           AND payment_state NOT IN ('paid', 'reversed')
           AND insured_due_date IS NULL
        """
    )


def uninstall_hook(env):
    """Prepare for the removal of the tables, and drop what the ORM does not know of.

    History that may never be deleted row by row goes with its tables: without their
    foreign keys it stands in the way of no other's removal, nor of a sector's.
    """
    leave_books(env, ADDON)
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "in", _activity_types(env).ids)]
    ).unlink()
    # the addresses of formats of limit files, which their tables refer to
    profiles = env["credit.insurance.limit.profile"].with_context(active_test=False)
    aliases = profiles.search([("alias_id", "!=", False)]).alias_id
    profiles.search([]).alias_id = False
    aliases.unlink()
    tables = [
        model._table
        for model in env.registry.values()
        if model._original_module == ADDON and model._auto and not model._abstract
    ]
    env.cr.execute(
        """
        SELECT conrelid::regclass::text, conname
          FROM pg_constraint
         WHERE contype = 'f'
           AND (confrelid = ANY(%(tables)s::regclass[])
                OR conrelid = ANY(%(tables)s::regclass[]))
        """,
        {"tables": tables},
    )
    for table, constraint in env.cr.fetchall():
        drop_constraint(env.cr, table, constraint)
    # the running total behind the cover
    env.cr.execute(
        """
        DROP AGGREGATE IF EXISTS credit_insurance_fill(numeric, numeric);
        DROP FUNCTION IF EXISTS credit_insurance_fill_step(numeric, numeric, numeric)
        """
    )


def leave_books(env, addon):
    """Leave the demo story's documents as the database's own, all of them.

    Posted invoices, what they bill and whom cannot be deleted: Odoo would try each, and
    leave half of a house. The next installation with demo data makes a new one, so the
    old one gives up its name.
    """
    if house := env.ref(f"{addon}.demo_company", raise_if_not_found=False):
        house.name = f"{house.name} ({house.id})"
    env.cr.execute(
        "DELETE FROM ir_model_data WHERE module = %s AND model LIKE ANY(%s)",
        [addon, list(BOOKS)],
    )


def _activity_types(env):
    """The kinds of activity that are of this add-on, wherever they are planned."""
    records = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "mail.activity.type")]
    )
    return env["mail.activity.type"].browse(records.mapped("res_id"))
