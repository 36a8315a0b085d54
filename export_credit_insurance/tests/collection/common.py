from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user

from ..common import CreditInsuranceCommon


class FollowupCommon(CreditInsuranceCommon):
    """One plan for all buyers; zones wait for nothing unless a test says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.followup.plan"].search([]).active = False
        cls.env["credit.insurance.zone"].search([]).write(
            {"transport_days": 0, "administration_days": 0}
        )
        cls.plan = cls.env["credit.followup.plan"].create(
            {"name": "Plan", "is_default": True, "currency_id": cls.euro.id}
        )
        cls.due = cls.env["credit.followup.due"]
        cls.alfa.email = "alfa@example.com"
        company = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.accountant = new_test_user(
            cls.env,
            "followup-accountant",
            "account.group_account_invoice,"
            "export_credit_insurance.group_credit_followup",
            **company,
        )
        cls.controller = new_test_user(
            cls.env,
            "followup-controller",
            "export_credit_insurance.group_credit_controller",
            **company,
        )

    @classmethod
    def make_step(cls, days, plan=None, **values):
        plan = plan or cls.plan
        return cls.env["credit.followup.step"].create(
            {
                "plan_id": plan.id,
                "name": f"Step {days}",
                "sequence": 10 * (len(plan.step_ids) + 1),
                "days": days,
                "subject": "{{ company }}: {{ total_due }}",
                "body": "<p>Dear {{ buyer }}</p><div>{{ items }}</div>",
                **values,
            }
        )

    @classmethod
    def set_zone_days(cls, buyer, transport=0, administration=0):
        buyer.credit_zone_id.write(
            {"transport_days": transport, "administration_days": administration}
        )

    def items(self, buyer=None, day=None, company=None):
        """What follow-up sees of a buyer, {invoice: [DueItem]}."""
        buyer = buyer or self.alfa
        day = fields.Date.to_date(day) or self.today
        found = self.due._get_items(buyer, company or self.company, day)[buyer]
        result = {}
        for item in found:
            move = self.env["account.move"].browse(item.move_id)
            result.setdefault(move, []).append(item)
        return result

    def item(self, invoice, day=None):
        """The only instalment of an invoice."""
        (item,) = self.items(invoice.commercial_partner_id, day)[invoice]
        return item

    def assertDue(self, invoice, day, step):
        """Which step is due on a day; None for none."""
        found = self.item(invoice, day).step_id
        self.assertEqual(found, step.id if step else None, day)

    @classmethod
    def make_run(cls, day=None, user=None, **values):
        run = cls.env["credit.followup.run"]
        return run.with_user(user or cls.env.user).create(
            {"date": day or cls.today, "company_id": cls.company.id, **values}
        )

    @classmethod
    def prepare(cls, day=None, user=None, **values):
        """A prepared run and its reminders."""
        run = cls.make_run(day, user, **values)
        run.action_prepare()
        return run

    def send_queued(self):
        """Run the job that sends, as the scheduler does."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_send_followup"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def pay(self, invoice, amount):
        """Receive money and match it with an invoice."""
        receipt = self.make_receipt(invoice.commercial_partner_id, amount)
        (receipt.line_ids + invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        return receipt

    def leave(self, catcher):
        """Let Odoo's queue talk to a mail server on the loopback."""
        servers = self.env["ir.mail_server"]
        servers.search([]).unlink()
        servers.create(
            {
                "name": "Catcher",
                "smtp_host": "127.0.0.1",
                "smtp_port": catcher.port,
                "smtp_encryption": "none",
            }
        )
        # Odoo sends nothing while tests run, unless they say so
        sends = patch.object(type(servers), "_disable_send", lambda _self: False)
        with sends, self.enter_registry_test_mode():
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    @classmethod
    def take(cls, invoice, step, day=None):
        """An instalment that has taken a step on a day, as if it had been sent."""
        run = cls.env["credit.followup.run"].create({"company_id": cls.company.id})
        line = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )[:1]
        return (
            cls.env["credit.followup.reminder"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "company_id": cls.company.id,
                    "date": day or cls.today,
                    "partner_id": invoice.commercial_partner_id.id,
                    "currency_id": invoice.currency_id.id,
                    "lang": "en_US",
                    "plan_id": step.plan_id.id,
                    "step_id": step.id,
                    "state": "sent",
                    "line_ids": [
                        Command.create(
                            {
                                "company_id": cls.company.id,
                                "move_line_id": line.id,
                                "move_id": invoice.id,
                                "step_id": step.id,
                                "due_date": line.date_maturity,
                                "currency_id": invoice.currency_id.id,
                                "amount": line.amount_residual_currency,
                                "state": "taken",
                                "date": day or cls.today,
                            }
                        )
                    ],
                }
            )
        )


class SendingCommon(FollowupCommon):
    """Three steps, and runs that are sent; the clock stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.email = "exporter@example.com"
        cls.first = cls.make_step(5)
        cls.second = cls.make_step(15)
        cls.third = cls.make_step(30)

    @classmethod
    def overdue(cls, days=20, amount=1000.0, buyer=None, **values):
        due = date.fromordinal(cls.today.toordinal() - days)
        return cls.make_invoice(
            buyer or cls.alfa, amount, day="2026-07-01", due=due, **values
        )

    def send(self, **values):
        """A run prepared and sent by the accountant; its reminders."""
        run = self.prepare(user=self.accountant, **values)
        run.action_send()
        self.send_queued()
        return run.reminder_ids
