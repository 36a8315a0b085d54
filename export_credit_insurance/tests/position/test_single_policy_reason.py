from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestSinglePolicyReason(PositionCommon):
    """A covered amount beside *not insured* says where it comes from.

    POL-26 leaves Morocco out, SR-1 insures one order of AMINA: 50 000 × 95 % = 47 500.
    What AMINA orders besides is insured by nobody, so the state stays *not insured*.
    """

    REASON = "Only orders named by a single policy are insured"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amina = cls.make_buyer("AMINA", country="ma")
        cls.policy.country_term_ids = [
            Command.create(
                {"country_id": cls.env.ref("base.ma").id, "cover_status": "off_cover"}
            )
        ]
        order = cls.make_order(cls.amina, 50000.0)
        single = cls.make_policy(
            name="SR-1",
            kind="single",
            sequence=1,
            insured_pct_named=95.0,
            order_ids=[Command.set(order.ids)],
        )
        cls.make_limit(cls.amina, 50000.0, policy=single)
        order.order_line.qty_delivered = 50000.0
        order._create_invoices().action_post()

    def test_page_list_and_panel_say_so(self):
        amina = self.amina.with_company(self.company)
        self.assertEqual(amina.credit_covered, 47500.0)
        self.assertEqual(amina.cover_state, "not_insured")
        self.assertEqual(amina.credit_cover_badge, "single")
        form = Form(amina, "export_credit_insurance.res_partner_view_form_buyer")
        self.assertEqual(form.cover_state_reason, self.REASON)
        (shown,) = amina.search_read(
            [("id", "=", amina.id)], ["cover_state_reason", "cover_state"]
        )
        self.assertEqual(shown["cover_state_reason"], self.REASON)
        panel = amina.credit_explanation()
        self.assertEqual(panel["cover_state_reason"], self.REASON)

    def test_lists_sort_by_the_badge(self):
        both = self.amina + self.make_buyer("BETA")
        found = both.with_company(self.company).search(
            [("id", "in", both.ids)], order="credit_cover_badge, id"
        )
        self.assertEqual(found, both)

    def test_without_the_order_nothing_is_insured(self):
        other = self.make_buyer("Other", country="ma")
        self.assertEqual(
            other.with_company(self.company).credit_cover_badge, "not_insured"
        )
        self.assertNotEqual(
            other.with_company(self.company).cover_state_reason, self.REASON
        )

    def test_inside_a_whole_turnover_policy_without_a_limit(self):
        beta = self.make_buyer("BETA")
        order = self.make_order(beta, 20000.0)
        single = self.make_policy(
            name="SR-2",
            kind="single",
            sequence=1,
            insured_pct_named=95.0,
            order_ids=[Command.set(order.ids)],
        )
        self.make_limit(beta, 20000.0, policy=single)
        order.order_line.qty_delivered = 20000.0
        order._create_invoices().action_post()
        beta = beta.with_company(self.company)
        # 20 000 × 95 %
        self.assertEqual(beta.credit_covered, 19000.0)
        self.assertEqual(beta.cover_state_reason, self.REASON)
