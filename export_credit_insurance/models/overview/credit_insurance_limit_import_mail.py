import base64

from odoo import api, models

TABLE_ENDINGS = (".csv", ".xlsx", ".txt")


class CreditInsuranceLimitImport(models.Model):
    """Files that come by mail: one import per table, checked by the job.

    They wait for a controller, unless the format says that a file without errors is
    applied at once. Only the senders that the format names are heard (see there).
    """

    _inherit = "credit.insurance.limit.import"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # OVERRIDES 'credit.insurance.thread.mixin': the gateway's mails are files
        if not self.env.su:
            raise self._no_record_by_mail()  # the gateway takes in what is a mail
        # sudo: mails are taken in by the system
        profile = (
            self.env["credit.insurance.limit.profile"]
            .sudo()
            .browse((custom_values or {}).get("profile_id"))
        )
        company = (
            profile.company_id or profile.policy_id.company_ids[:1] or self.env.company
        )
        runs = self.sudo().with_company(company)  # sudo: as above
        values = {
            "profile_id": profile.id,
            "company_id": company.id,
            "is_mailed": True,
            "file_date": company._credit_today(),
            "received_on": company._credit_today(),
        }
        tables = [
            (attached[0], _bytes(attached[1]))
            for attached in msg_dict.get("attachments", ())
            if attached[0].lower().endswith(TABLE_ENDINGS)
        ]
        for name, content in tables:
            file = {"file": base64.b64encode(content), "file_name": name}
            runs |= runs.create({**values, **file})
        if not tables:
            empty = runs.create({**values, "file_name": msg_dict.get("subject")})
            empty.error_text = self.env._("No CSV or XLSX file was attached.")
            return empty
        for run in runs:
            run._queue("is_checking")
        return runs[:1]

    def _check_in_job(self, commit):
        """Check, then apply what may be applied without a person, or tell one."""
        # EXTENDS: the check of any file
        super()._check_in_job(commit)
        # sudo: the server's own record
        run = self.sudo()
        if not run.is_mailed:
            return
        may_apply = run.profile_id.apply_automatically and run.state == "checked"
        if may_apply and not run.blocking_count:
            run.with_user(self.env.user)._apply_in_job()
        if run.state != "applied" and run.profile_id.user_id:
            run.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=run.profile_id.user_id.id,
                summary=self.env._("A file of limits waits: look at it, apply it"),
            )


def _bytes(content):
    """Mails give texts as text."""
    return content.encode() if isinstance(content, str) else content
