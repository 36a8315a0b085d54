class NightlyJobs:
    """What tests call to have the night come."""

    def notice_due(self):
        """Run the night's job that notices what began, ended or comes near."""
        self.run_job("ir_cron_credit_review_due")

    def renew_policies(self):
        self.run_job("credit_insurance_policy_cron_renew")

    def expire_limits(self):
        self.run_job("credit_insurance_limit_cron_expire")

    def expire_securities(self):
        self.run_job("credit_insurance_security_cron_expire")

    def purge_persons(self):
        self.run_job("ir_cron_purge_persons")

    def run_job(self, name):
        """Run a scheduled job as Odoo runs it, each of its commits a savepoint.

        :param name: of the ``ir.cron`` among the add-on's data
        """
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"export_credit_insurance.{name}").method_direct_trigger()
        self.env.invalidate_all()
