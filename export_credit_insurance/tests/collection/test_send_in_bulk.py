from unittest.mock import patch

from odoo.tests import tagged

from .common import SendingCommon


@tagged("post_install", "-at_install")
class TestSendInBulk(SendingCommon):
    """Many at once: jobs in batches, as many queries for one as for fifty."""

    def test_mail_queue_goes_on(self):
        """Odoo's queue takes 1 000; what is left of ours asks for another turn."""
        for number in range(3):
            buyer = self.make_buyer(f"B{number}", email=f"b{number}@example.com")
            self.overdue(buyer=buyer)
        self.send()
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.mail.queue.batch.size", 2
        )
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        waiting = [("model", "=", "credit.followup.reminder")]
        waiting.append(("state", "=", "outgoing"))
        Mail = self.env["mail.mail"]
        with patch.object(type(Mail), "send", lambda mails, **_k: mails.unlink()):
            Mail.process_email_queue()
            self.assertEqual(Mail.search_count(waiting), 1)
            again = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertEqual(len(again), 1)
            Mail.process_email_queue()
            again = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertEqual(len(again), 1)

    def test_large_run_is_prepared_by_the_job(self):
        """In batches, with its place kept; the job goes on where it stopped."""
        module = "odoo.addons.export_credit_insurance.models.collection"
        for number in range(3):
            self.overdue(buyer=self.make_buyer(f"B{number}"))
        run = self.make_run(user=self.accountant)
        with patch(f"{module}.credit_followup_run_prepare.INLINE", 0):
            run.action_prepare()
        self.assertEqual((run.state, run.is_preparing), ("draft", True))
        buyers = self.due._get_buyer_ids(self.company)
        run.sudo()._prepare_batch(buyers[:2])
        self.assertEqual(round(run.progress), 67)
        run.action_stop()
        self.run_prepare_job()
        self.assertEqual(len(run.reminder_ids), 2)
        run.action_resume()
        self.run_prepare_job()
        self.assertEqual((run.state, len(run.reminder_ids)), ("prepared", 3))
        self.assertEqual(sorted(run.reminder_ids.partner_id.ids), buyers)

    def test_few_letters_in_a_batch(self):
        """Printing takes long: of 3 letters and 1 mail, at most 2 letters at once."""
        module = "odoo.addons.export_credit_insurance.models.collection"
        self.second.send_letter = True
        for number in range(4):
            buyer = self.make_buyer(f"B{number}", email=f"b{number}@example.com")
            self.overdue(16 if number else 6, buyer=buyer)
        run = self.prepare(user=self.accountant)
        run.action_send()
        mail, *letters = run.sudo().reminder_ids.sorted("id")
        self.assertEqual(
            [r.channel for r in (mail, *letters)], ["mail"] + ["mail_letter"] * 3
        )
        waiting = [("state", "=", "queued")]
        with patch(f"{module}.credit_followup_reminder_send.LETTERS", 2):
            batch = run.reminder_ids._next_batch(waiting)
        self.assertEqual(batch.ids, [mail.id, letters[0].id, letters[1].id])
        self.assertEqual(len(run.reminder_ids._next_batch(waiting)), 4)

    def run_prepare_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_prepare_followup"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_constant_queries(self):
        """A batch of one or of fifty takes the same number of queries, Odoo's own for
        the mails included; each buyer has two invoices."""
        _first, one, fifty = self.count_queries(("en_US",), (1, 1, 50))
        self.assertEqual(one, fifty)

    def test_constant_queries_in_several_languages(self):
        """Each language adds those that read its texts, however many use it."""
        _first, three, fifty = self.count_queries(
            ("en_US", "fr_FR", "de_DE"), (3, 3, 50)
        )
        self.assertEqual(three, fifty)

    def count_queries(self, languages, sizes):
        """The queries of sending batches of so many reminders, in these languages."""
        for code in languages:
            self.env["res.lang"]._activate_lang(code)
        for number in range(sum(sizes)):
            buyer = self.make_buyer(f"B{number}", email=f"b{number}@example.com")
            buyer.lang = languages[number % len(languages)]
            self.overdue(buyer=buyer)
            self.overdue(buyer=buyer)
        run = self.prepare(user=self.accountant)
        run.action_send()
        left, counts = run.sudo().reminder_ids.sorted("id"), []
        for size in sizes:
            batch, left = left[:size], left[size:]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batch._send()
            self.cr.flush()  # with what Odoo does before it commits
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(batch.mail_id), size)
        return counts
