"""What the processes do: Odoo's jobs and users' buttons, by their own methods."""

WAITING = [("state", "=", "outgoing")]


def send(env):
    """The job that works off what is queued."""
    env["credit.followup.reminder"]._cron_send()


def prepare(env):
    """The job that goes on with runs being prepared."""
    env["credit.followup.run"]._cron_prepare()


def leave(env):
    """Odoo's own queue, as long as anything leaves it."""
    mails = env["mail.mail"]
    left = mails.search_count(WAITING)
    while left:
        before = left
        mails.process_email_queue()
        env.cr.commit()
        left = mails.search_count(WAITING)
        if left == before:
            return


def queue(env):
    """Odoo's queue by its own job, as the server's job thread runs it."""
    from odoo.addons.export_credit_insurance.models.collection import mail_mail

    cron = env.ref(mail_mail.MAIL_CRON)
    cron._trigger()
    env.cr.commit()
    cron._process_jobs_loop(env.cr, job_ids=cron.ids)


def everything(env):
    """All jobs, one after the other, as after a restart."""
    prepare(env)
    send(env)
    leave(env)


def daily(env):
    """The job that makes the automatic runs of the day."""
    env["credit.followup.run"]._cron_run_daily()


def press(button, run_id):
    """A user presses a button of a run; replayed and refused as a request is."""

    def work(env):
        from odoo.exceptions import UserError
        from odoo.service.model import retrying

        run = env["credit.followup.run"].browse(run_id)
        try:
            retrying(getattr(run, button), env)
        except UserError:
            env.cr.rollback()

    return work
