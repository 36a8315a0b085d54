import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..reader_language import env_for

_logger = logging.getLogger(__name__)

CRON = "export_credit_insurance.ir_cron_make_evidence_packs"
#: more documents to print than that are not waited for
PRINTED_AT_ONCE = 60
#: papers after which the progress is shown
STEP = 10
#: packs that belong to no claim are kept for so long
KEPT_DAYS = 7
#: a pack that was begun so often and never finished is given up
TRIES = 3


class CreditInsuranceEvidenceJob(models.Model):
    """A pack with more to print than a request can wait for: made by a job.

    It is made as who asked for it, with their rights and in their language, and they
    are told when it is there, or why not. Killed in between, it is begun anew, after
    the packs that were not; a pack that cannot be made keeps no other waiting.
    """

    _name = "credit.insurance.evidence.job"
    _description = "Evidence Pack in the Making"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    claim_id = fields.Many2one(
        "credit.insurance.claim", index="btree_not_null", ondelete="cascade"
    )
    move_ids = fields.Many2many("account.move", string="Invoices")
    user_id = fields.Many2one(
        "res.users", string="Asked By", required=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("queued", "In the Making"), ("done", "Ready"), ("failed", "Not Made")],
        required=True,
        default="queued",
        index=True,
    )
    tries = fields.Integer(string="Times Begun", default=0, readonly=True)
    done = fields.Integer(string="Papers So Far")
    total = fields.Integer(string="Papers at Least")
    progress = fields.Float(string="Progress (%)", compute="_compute_progress")
    attachment_id = fields.Many2one("ir.attachment", ondelete="set null")
    error_text = fields.Text(string="What Is Wrong")

    @api.depends("done", "total", "state")
    def _compute_progress(self):
        for job in self:
            share = min(job.done / job.total, 1.0) if job.total else 0.0
            job.progress = 100.0 if job.state == "done" else 100.0 * share

    def action_download(self):
        """Download the pack."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    # === QUEUE === #

    @api.model
    def _queue_long(self, moves, claim=None):
        """Have a pack made by the job if there is much to print, else return None.

        :raise UserError: where it cannot be made
        """
        pack = self.env["credit.insurance.evidence.pack"]
        pack._check_moves(moves)
        printed = pack._count_printed(moves)
        if printed <= PRINTED_AT_ONCE:
            return None
        return self._queue(moves, printed, claim)

    @api.model
    def _queue(self, moves, total, claim=None):
        """Have the pack of these invoices made, and show how far it is.

        What was asked for and is not made yet is shown instead of asked for twice.
        """
        # sudo: jobs are the server's, invoices were checked
        jobs, moves = self.sudo(), moves.sudo()
        claim_id = claim.id if claim else False
        mine = jobs.search(
            [
                ("state", "=", "queued"),
                ("user_id", "=", self.env.uid),
                ("claim_id", "=", claim_id),
            ]
        )
        job = mine.filtered(lambda each: each.move_ids == moves)[:1]
        if not job:
            job = jobs.create(
                {
                    "partner_id": moves.commercial_partner_id.id,
                    "company_id": moves.company_id.id,
                    "claim_id": claim_id,
                    "move_ids": moves.ids,
                    "user_id": self.env.uid,
                    "total": total,
                }
            )
        jobs.env.ref(CRON)._trigger()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evidence Pack"),
            "res_model": self._name,
            "res_id": job.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === MAKE === #

    @api.model
    def _cron_make(self):
        """Make the packs that wait, one at a time."""
        jobs = self.search([("state", "=", "queued")], order="tries, id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(jobs))
        for job in jobs:
            if job.try_lock_for_update() and job.state == "queued":
                job._try(commit)
            if not commit(1):
                return

    def _try(self, commit):
        """Make one pack, or note why not; how often it was begun is noted before."""
        reader = env_for(self, self.user_id)
        if self.tries >= TRIES:
            self._fail(
                commit,
                reader._(
                    "It was begun %s times and never finished: there may be too much "
                    "to print. Ask for fewer invoices at once.",
                    self.tries,
                ),
            )
            return
        self.tries += 1
        commit()
        try:
            self._make(commit)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # it stays queued, behind the others
            self.env.ref(CRON)._trigger()
        except (UserError, AccessError) as error:
            self.env.cr.rollback()
            self._fail(commit, str(error))
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Evidence pack %s could not be made", self.id)
            self._fail(
                commit,
                reader._(
                    "A document could not be printed (%s). Tell your administrator, "
                    "then ask for the pack again.",
                    str(error) or repr(error),
                ),
            )

    def _fail(self, commit, reason):
        """Note that it is not made, then tell the user why."""
        self.write({"state": "failed", "error_text": reason})
        commit()  # it is over, also if the message cannot be sent
        env = env_for(self, self.user_id)
        self._tell_user(
            env._("The evidence pack was not made"), Markup("<p>%s</p>") % reason
        )

    def _make(self, commit):
        """Make one pack; nothing but its progress is written before it is there."""
        user, claim = self.user_id, self.claim_id
        env = env_for(self, user)
        pack = (
            self.env["credit.insurance.evidence.pack"]
            .with_user(user)
            .with_context(lang=env.lang, allowed_company_ids=self.company_id.ids)
            .with_company(self.company_id)
        )
        moves = self.move_ids.with_env(pack.env)

        def tell(number):
            if number % STEP == 0:
                self.done = number
                commit()

        with pack._make(moves, tell) as stream:
            content = stream.read()
        name = pack._file_name(moves)
        file = (
            claim.with_env(pack.env)._keep_evidence_pack(name, content)
            if claim
            else self._keep(name, content)
        )
        self.write({"state": "done", "attachment_id": file.id})
        link = Markup('<p><a href="/web/content/%s?download=true">%s</a></p>')
        self._tell_user(
            env._("The evidence pack is ready"), link % (file.id, file.name)
        )

    def _keep(self, name, content):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _tell_user(self, subject, body):
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids, subject=subject, body=body
        )

    @api.autovacuum
    def _gc_jobs(self):
        """Delete packs that nobody keeps with a claim, and jobs that are over."""
        day = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("state", "!=", "queued"), ("write_date", "<", day)]).unlink()
