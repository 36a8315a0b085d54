"""The company of the tests, made once in a database instead of by each class.

A company with its chart of accounts takes half of a class's set-up. ``make test`` has
it made in its databases. Elsewhere, with demo data and under Odoo's own runner too,
there is none, and each class makes its own as Odoo does.
"""

from odoo import SUPERUSER_ID, Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

XMLID = ("__test__", "ready_company")


class ReadyCompany(AccountTestInvoicingCommon):
    """Odoo's accounting for tests, in the ready company if there is one.

    The class works in it inside its own transaction, as in one that it had made.
    """

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account'
        none = cls.env["res.company"]
        company = cls.env.ref(".".join(XMLID), raise_if_not_found=False) or none
        if not company or kwargs or cls.chart_template or cls.country_code:
            company.name = "Ready"  # its name is used once
            return super().setup_independent_company(**kwargs)
        # as Odoo does when a company is created
        users = cls.env.user | cls.env["res.users"].browse(SUPERUSER_ID)
        users.company_ids = [Command.link(company.id)]
        return company


def make_company(env, name):
    """A company with its chart of accounts, by Odoo's own steps."""

    class Maker(AccountTestInvoicingCommon):
        """Only holds the environment."""

    Maker.env = env(context=DISABLED_MAIL_CONTEXT)
    return Maker._create_company(name=name).with_env(env)


def make_ready_company(env):
    """Make the ready company unless it is there, and return it.

    To classes that do without, it is a company in which nobody works.

    :param env: the superuser's, whose transaction the caller commits
    """
    if company := env.ref(".".join(XMLID), raise_if_not_found=False):
        return company
    company = make_company(env, "company_1_data")
    env.user.company_ids = [Command.unlink(company.id)]
    module, name = XMLID
    env["ir.model.data"].create(
        {
            "module": module,
            "name": name,
            "model": company._name,
            "res_id": company.id,
            "noupdate": True,
        }
    )
    return company
