"""The world of the trials: one exporter, buyers in many countries and languages."""

import dataclasses
import datetime

from ..overdue import LANGUAGES

COUNTRIES = (
    "us fr de es it pl ae cn uk be at mx ch cz sa sg ie lu br tr"  # a language each
).split()
# The first eight countries and languages go together; then they start again.
OVERDUE_DAYS = 16


@dataclasses.dataclass(frozen=True)
class Buyer:
    """What a trial knows of a buyer without asking Odoo."""

    id: int
    name: str
    address: str
    language: str
    invoice_id: int
    invoice: str
    amount: float


def prepare_company(env, port):
    """Give the exporter books, an address, and our mail server; return it."""
    company = env.ref("base.main_company")
    if not company.chart_template:
        charts = env["account.chart.template"]
        charts.try_loading("generic_coa", company, install_demo=False)
    company.email = "exporter@example.com"
    zones = env["credit.insurance.zone"].search([])
    zones.write({"transport_days": 0, "administration_days": 0})
    point_to_mail_server(env, port)
    return company


def point_to_mail_server(env, port):
    """Let all mails leave through the mail server on this port of the loopback."""
    env["ir.mail_server"].search([]).unlink()
    env["ir.mail_server"].create(
        {
            "name": "Catcher",
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_encryption": "none",
        }
    )


def make_buyers(env, company, number, prefix):
    """Return buyers with one overdue invoice each, posted."""
    values = [
        {
            "name": f"{prefix} {index:03d}",
            "email": f"{prefix.lower()}{index:03d}@example.com",
            "is_company": True,
            "lang": LANGUAGES[index % len(LANGUAGES)],
            "country_id": env.ref(f"base.{COUNTRIES[index % len(COUNTRIES)]}").id,
        }
        for index in range(number)
    ]
    partners = env["res.partner"].create(values)
    due = datetime.date.today() - datetime.timedelta(days=OVERDUE_DAYS)
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "partner_id": partner.id,
                "invoice_date": due - datetime.timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "Valves", "price_unit": amount, "tax_ids": []})
                ],
            }
            for partner, amount in zip(
                partners, range(1000, 1000 + number), strict=True
            )
        ]
    )
    invoices.action_post()
    return [
        Buyer(
            partner.id,
            partner.name,
            partner.email,
            partner.lang,
            invoice.id,
            invoice.name,
            invoice.amount_total,
        )
        for partner, invoice in zip(partners, invoices, strict=True)
    ]


def make_run(env, company, buyers):
    """Return a run over these buyers, not prepared yet."""
    return env["credit.followup.run"].create(
        {
            "company_id": company.id,
            "partner_ids": [(6, 0, [buyer.id for buyer in buyers])],
        }
    )


def pay(env, company, buyer, amount):
    """Receive money from a buyer and match it with the invoice."""
    invoice = env["account.move"].browse(buyer.invoice_id)
    receivable = invoice.line_ids.filtered(
        lambda line: line.account_type == "asset_receivable"
    )
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    sides = (
        (journal.default_account_id, amount),
        (receivable.account_id, -amount),
    )
    receipt = env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": journal.id,
            "line_ids": [
                (0, 0, {"partner_id": buyer.id, "account_id": a.id, "balance": balance})
                for a, balance in sides
            ],
        }
    )
    receipt.action_post()
    (receivable + receipt.line_ids).filtered(
        lambda line: line.account_id == receivable.account_id
    ).reconcile()
