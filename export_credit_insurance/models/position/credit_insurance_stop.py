from datetime import timedelta

from odoo import api, models

from ..job import do_each


class CreditInsuranceStop(models.Model):
    _inherit = "credit.insurance.stop"

    @api.model
    def _cron_record_overdue_stops(self):
        """Record each night which unpaid instalments stop cover, and which no more.

        The engine sees a stop as long as its cause is unpaid; the record keeps the
        days after the payment, because a shipment made inside a stop stays
        uninsured (DOMAIN 1.8, 1.17). One transaction per company.
        """
        companies = (
            self.env["credit.insurance.policy"]
            .search([("state", "=", "active")])
            .company_ids
        )
        do_each(self.env, companies, self._record_overdue_stops)

    @api.model
    def _record_overdue_stops(self, company):
        """Bring one company's recorded overdue stops in line with its ledger.

        Of the policies that insure it alone: companies that share one policy read each
        other's debts under all of theirs.
        """
        position = self.env["credit.insurance.position"]
        today = position._today(company)
        rows = position._execute(position._query(company, today).overdue_stops())
        policies = position._facts(company.id, today).policies
        found = {
            (row["partner_id"], row["policy_id"], row["line_id"]): row
            for row in rows
            if company.id in policies[row["policy_id"]].company_ids
        }
        known = {
            (stop.partner_id.id, stop.policy_id.id, stop.move_line_id.id): stop
            for stop in self.search(
                [
                    ("cause", "=", "overdue"),
                    ("date_to", "=", False),
                    ("move_line_id", "!=", False),
                    ("policy_id.company_ids", "in", company.id),
                ]
            )
        }
        over = self.union(*(stop for key, stop in known.items() if key not in found))
        paid_on = over._paid_on()
        for stop in over:
            last = min(today, paid_on.get(stop.move_line_id, today)) - timedelta(days=1)
            stop.date_to = max(stop.date_from, last)
        self.create(
            [
                {
                    "partner_id": row["partner_id"],
                    "policy_id": row["policy_id"],
                    "move_line_id": row["line_id"],
                    "date_from": row["stop_from"],
                    "cause": "overdue",
                }
                for key, row in found.items()
                if key not in known
            ]
        )

    def _paid_on(self):
        """Return {instalment: day its last part was paid}, of those paid in full."""
        # sudo: whoever runs the job, the books say when
        matched = self.env["account.partial.reconcile"].sudo()
        lines = self.move_line_id.sudo().filtered("reconciled")
        return {
            line.sudo(False): day
            for line, day in matched._read_group(
                [("debit_move_id", "in", lines.ids)],
                ["debit_move_id"],
                ["max_date:max"],
            )
        }
