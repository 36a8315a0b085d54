class NightlyJobs:
    """What tests call to have the night come."""

    def notice_due(self):
        """Run the night's job that notices what began, ended or comes near."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_credit_review_due"
            ).method_direct_trigger()
        self.env.invalidate_all()
