from odoo import api, models


class CreditInsuranceBand(models.Model):
    _inherit = "credit.insurance.band"

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        self.env.registry.clear_cache()
        return bands

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _meaning(self, company):
        # EXTENDS: what rules make of findings, and who may release how much
        return [
            *super()._meaning(company),
            *self._severity_meaning(company),
            *self._own_risk_meaning(company),
            *self._authority_meaning(company),
        ]

    def _own_risk_meaning(self, company):
        """Say how much controllers accept at our own risk on one buyer of the band."""
        if not self.own_risk_max:
            return []
        return [
            self.env._(
                "Own risk on one buyer up to %(amount)s, beyond it by a manager.",
                amount=company.currency_id.format(self.own_risk_max),
            )
        ]

    def _severity_meaning(self, company):
        """Say which findings weigh otherwise than for other buyers."""
        # sudo: rules decide for all who see the band
        rules = (
            self.env["credit.insurance.check.rule"]
            .sudo()
            .search(
                [
                    ("band_id", "=", self.id),
                    ("company_id", "in", (False, company.id)),
                ]
            )
        )
        return [
            self.env._("%(rule)s (%(zone)s).", rule=rule.display_name, zone=zone)
            if (zone := rule.zone_id.name)
            else f"{rule.display_name}."
            for rule in rules
        ]

    def _authority_meaning(self, company):
        """Say how much may be at our own risk on one buyer of the band."""
        # sudo: as above
        rows = (
            self.env["credit.insurance.release.authority"]
            .sudo()
            .search(
                [
                    ("band_id", "=", self.id),
                    ("company_id", "in", (False, company.id)),
                ]
            )
        )
        lines = []
        for row in rows:
            who = (row.user_id or row.group_id).display_name
            if row.is_barred:
                lines.append(self.env._("%(who)s: no release.", who=who))
            elif row.own_risk_buyer:
                lines.append(
                    self.env._(
                        "%(who)s: own risk on one buyer up to %(amount)s.",
                        who=who,
                        amount=company.currency_id.format(row.own_risk_buyer),
                    )
                )
        return lines
