"""Make a generated ledger overdue: buyers of eight languages, all open items late.

The dates of the open items are moved to 15 to 18 days ago, so that each plan's first
reminder is due on all of them, as at a month's end that was forgotten.
"""

from . import harness

LANGUAGES = ("en_US", "fr_FR", "de_DE", "es_ES", "it_IT", "pl_PL", "ar_001", "zh_CN")
ADDON = "export_credit_insurance"


def install_languages(env, languages=LANGUAGES):
    """Make the languages active, and the add-on's own texts known in them."""
    for code in languages:
        env["res.lang"]._activate_lang(code)
    module = env["ir.module.module"].search([("name", "=", ADDON)])
    module._update_translations(list(languages), overwrite=True)


def make_overdue(env):
    """Give the buyers their languages, and let all that is open be late."""
    env.company.email = "exporter@example.com"
    env.cr.execute(
        "UPDATE res_partner SET lang = (%s::text[])[1 + commercial_partner_id %% 8]",
        [list(LANGUAGES)],
    )
    env.cr.execute(
        """
        UPDATE account_move_line SET date_maturity = current_date - 15 - id % 4
         WHERE amount_residual > 0 AND parent_state = 'posted'
        """
    )
    env.invalidate_all()


def fill(configuration, database):
    """Do both in ``database`` and commit."""
    from odoo import api
    from odoo.modules.registry import Registry

    harness.start(configuration)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"allowed_company_ids": [1]})
        install_languages(env)
        make_overdue(env)
        # else those far away wait for their first reminder
        zones = env["credit.insurance.zone"].search([])
        zones.write({"transport_days": 0, "administration_days": 0})
