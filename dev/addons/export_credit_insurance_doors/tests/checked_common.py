import re
from datetime import timedelta
from typing import NamedTuple

from lxml import html

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.mail.tests.common import MailCase

from .common import DoorsCommon

# What no customer ever reads, in English or in French.
SECRETS = re.compile(
    r"credit|crédit|insur|\bassur(?!ez)|\blimit|\bplafond|exposure|encours|\brisk"
    r"|\brisque|\bhold|\bheld\b|\bblocked|\bbloqu|\brelease|\blibér|\bcover"
    r"|\bcouver|solvab|POL-26|Atlas",
    re.IGNORECASE,
)
ALFA = "office@alfa.example.com"
ANA = "ana@alfa.example.com"


class Mail(NamedTuple):
    """What is to be read of a mail."""

    subject: str
    text: str


class CheckedCommon(MailCase, DoorsCommon):
    """POL-26 is active: ALFA may buy for 28 000 more.

    Its limit is 130 000, and 102 000 of it are used by an order. So 28 000 fit, and of
    45 000 there are 102 000 + 45 000 - 130 000 = 17 000 too much. Days are relative to
    the real today: the clock of a server's thread is not to be frozen.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.buyer.email = ALFA
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ana of ALFA",
                "parent_id": cls.buyer.id,
                "type": "contact",
                "email": ANA,
                "phone": "+55 11 5555 5555",
                "street": "Rua 1",
                "city": "Campinas",
                "zip": "13010-000",
                "state_id": cls.env.ref("base.state_br_sp").id,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.seller = cls.make_user(
            "doors-sam", "sales_team.group_sale_salesman_all_leads", name="Sam"
        )
        cls.controller = cls.make_user(
            "doors-carl",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_controller",
            name="Carl",
        )
        cls.company.credit_controller_id = cls.controller
        cls.policy = cls.make_policy()
        cls.make_order(102).action_confirm()

    @classmethod
    def make_user(cls, login, groups, **values):
        values.setdefault("company_id", cls.company.id)
        values.setdefault("email", f"{login}@seller.example.com")
        return new_test_user(cls.env, login, groups, **values)

    @classmethod
    def make_policy(cls):
        policy = cls.env["credit.insurance.policy"].create(
            {
                "name": "POL-26",
                "number": "POL-26",
                "insurer_id": cls.env["credit.insurance.insurer"]
                .create({"name": "Atlas Credit Insurance", "code": "ATLAS"})
                .id,
                "kind": "global",
                "company_ids": [Command.set(cls.company.ids)],
                "currency_id": cls.company.currency_id.id,
                "date_start": cls.today - timedelta(days=30),
                "date_end": cls.today + timedelta(days=300),
                "max_payment_days": 180,
            }
        )
        policy.write({"state": "active", "observation": False})
        cls.env["credit.insurance.limit"].create(
            {
                "policy_id": policy.id,
                "partner_id": cls.buyer.id,
                "kind": "named",
                "state": "approved",
                "amount": 130000.0,
                "currency_id": policy.currency_id.id,
                "date_from": cls.today - timedelta(days=30),
                "decision_date": cls.today - timedelta(days=30),
            }
        )
        return policy

    @classmethod
    def set_limit(cls, amount):
        """Let the buyer have another limit, past decisions, which never change."""
        cls.env["credit.insurance.limit"].flush_model()
        cls.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = %s WHERE partner_id = %s",
            [amount, cls.buyer.id],
        )
        cls.env["credit.insurance.limit"].invalidate_model()

    @classmethod
    def make_quotation(cls, quantity, **values):
        """Sam's quotation of so many thousands, sent to ALFA."""
        values = {"user_id": cls.seller.id, "state": "sent", **values}
        return cls.make_order(quantity, **values)

    def hold_of(self, order):
        return self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])

    def make_decision(self, order):
        """What a controller fills in on the order's hold, in the dialogue."""
        decisions = self.env["credit.insurance.hold.decision"]
        return decisions.with_user(self.controller).create(
            {
                "hold_id": self.hold_of(order).id,
                "decision": "release",
                "reason": "Good customer",
            }
        )

    def release(self, order):
        self.make_decision(order).action_confirm()

    def mails_to(self, *addresses):
        """What was written to these addresses while the gateway was mocked."""
        return [
            Mail(mail.subject, text_of(mail.body_html))
            for mail in self._new_mails
            if any(
                address in f"{mail.email_to} {mail.recipient_ids.mapped('email')}"
                for address in addresses
            )
        ]

    # === WHAT HAS TO BE TRUE === #

    def assertWaits(self, order, missing=17000.0):
        """The order waits as accepted by its customer, and the team knows."""
        order = order.sudo()
        self.assertEqual(order.state, "sent")
        self.assertRecordValues(
            self.hold_of(order),
            [
                {
                    "state": "open",
                    "kind": "order",
                    "accepted_by_customer": True,
                    "requested_by": False,
                    "missing_amount": missing,
                }
            ],
        )
        self.assertIn(self.controller, self.hold_of(order).activity_ids.user_id)
        self.assertFalse(order.picking_ids)

    def assertTold(self, order, user=None):
        """Who sells has an activity on the order."""
        self.assertEqual(order.sudo().activity_ids.user_id, user or self.seller)

    def assertConfirmed(self, order):
        """As in plain Odoo: one delivery, and no hold is left to decide."""
        order = order.sudo()
        self.assertEqual(order.state, "sale")
        self.assertEqual(len(order.picking_ids), 1)
        self.assertNotIn("open", self.hold_of(order).mapped("state"))

    def assertNeutral(self, *texts):
        """Nothing that a customer may not read is in these texts."""
        for text in texts:
            self.assertTrue(text.strip(), "there is nothing to read")
            found = SECRETS.search(text)
            if found:
                around = text[max(found.start() - 80, 0) : found.end() + 80]
                self.fail(f"a customer reads {found.group()!r} in: {around}")

    def assertMailsNeutral(self, *addresses):
        """What they got by mail says nothing of it; return these mails."""
        mails = self.mails_to(*addresses)
        if mails:
            self.assertNeutral(*(f"{mail.subject} {mail.text}" for mail in mails))
        return mails


def text_of(markup):
    """What is to be read of a page or a mail, tooltips and hidden parts included."""
    tree = html.fromstring(markup)
    for code in tree.xpath("//script | //style | //link"):
        code.drop_tree()
    tips = tree.xpath("//@title | //@alt | //@aria-label | //@placeholder")
    return " ".join([tree.text_content(), *tips])
