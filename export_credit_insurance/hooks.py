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
            ADD COLUMN IF NOT EXISTS credit_dispute_amount numeric
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
    """Let Odoo drop the tables without deleting their rows one by one.

    Rows that people added still point at records of data files, so deleting those
    fails with an error each. The tables go with their models. The running total
    behind the cover is unknown to the ORM.
    """
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module = 'export_credit_insurance' AND model LIKE 'credit.%'
        """
    )
    env.cr.execute(
        """
        DROP AGGREGATE IF EXISTS credit_insurance_fill(numeric, numeric);
        DROP FUNCTION IF EXISTS credit_insurance_fill_step(numeric, numeric, numeric)
        """
    )
