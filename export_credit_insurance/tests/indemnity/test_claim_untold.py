from freezegun import freeze_time

from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimUntold(ClaimCommon):
    """A claim says which notice of its buyer is not sent (DOMAIN 1.9); today: 10 June.

    BETA's invoices were due on 2 April: extended by 60 days to 1 June, to be notified
    30 days later, by 1 July. An insolvency is to be told within 30 days.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {
                "notification_base": "mep_end",
                "notification_days": 30,
                "insolvency_notification_days": 30,
                "adverse_info_days": 10,
            }
        )

    def judge(self):
        return self.env["credit.insurance.insolvency"].create(
            {
                "partner_id": self.beta.id,
                "judgment_date": "2026-05-20",
                "learned_on": "2026-05-20",
            }
        )

    def untold(self, claim, day="2026-06-10"):
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            return claim.untold_text

    def open_notice(self, claim):
        return claim.env["credit.insurance.overdue.notice"].browse(
            claim.action_open_untold()["res_id"]
        )

    def test_insolvency_not_told(self):
        """20 May + 30 = 19 June; it tells of the overdue invoices, too."""
        insolvency = self.judge()
        claim = self.prepare()
        said = "Insolvency Notice: not sent to the insurer yet; last day 06/19/2026."
        self.assertEqual(self.untold(claim), said)
        claim.action_file()
        claim.action_admit()
        claim.action_pay()
        self.assertEqual(self.untold(claim), said)
        self.assertEqual(
            self.untold(claim, "2026-06-20"),
            "Insolvency Notice: not sent to the insurer; the last day was 06/19/2026.",
        )
        action = claim.action_open_untold()
        self.assertEqual(action["res_model"], "credit.insurance.deadline")
        rows = claim.env["credit.insurance.deadline"].search(action["domain"])
        self.assertEqual(rows.partner_id, self.beta)
        insolvency.with_user(self.controller).action_prepare_notices()
        self.assertEqual(self.untold(claim), said)
        notice = self.open_notice(claim)
        self.assertEqual((notice.kind, notice.state), ("insolvency", "draft"))
        notice.action_send()
        self.assertFalse(self.untold(claim))

    def test_overdue_not_notified(self):
        """Of what the claim lists only: GAMMA's overdue is not BETA's."""
        claim = self.prepare()
        said = "Overdue Notice: not sent to the insurer yet; last day 07/01/2026."
        self.assertEqual(self.untold(claim), said)
        claim.action_file()
        claim.refusal_reason = "Disputed"
        claim.action_refuse()
        self.assertFalse(self.untold(claim))
        other = self.lose("GAMMA", 1000.0)
        notices = other.env["credit.insurance.overdue.notice"]
        keys = {(self.policy.id, other.partner_id.id)}
        notices._prepare(keys, self.company).action_send()
        self.assertFalse(self.untold(other))
        later = self.make_debt(other.partner_id, 70.0)
        self.assertNotIn(later, other.line_ids.move_id)
        self.assertFalse(self.untold(other))

    def test_information_not_told(self):
        """5 June + 10 = 15 June, beside the overdue notice."""
        self.env["credit.insurance.adverse.info"].create(
            {
                "partner_id": self.beta.id,
                "kind": "bounced_cheque",
                "source": "Our bank",
                "learned_on": "2026-06-05",
            }
        )
        text = self.untold(self.prepare())
        self.assertEqual(
            [line.split(";")[1] for line in text.split("\n")],
            [" last day 06/15/2026.", " last day 07/01/2026."],
        )
        self.assertTrue(text.startswith("Adverse Information:"))

    def test_queries_do_not_grow(self):
        buyers = self.beta
        for number in range(8):
            buyer = self.make_buyer(f"BUYER {number}")
            self.make_limit(buyer, 1000.0)
            self.make_debt(buyer, 1000.0)
            buyers |= buyer
        claims = self.prepare(buyers)
        counts = []
        for own in (claims[:1], claims):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(all(own.mapped("untold_text")))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(claims), 9)
        self.assertLessEqual(counts[1], counts[0])
