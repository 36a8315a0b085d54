from ..common import CreditInsuranceCommon


class LimitCommon(CreditInsuranceCommon):
    """Requests for limits of ALFA."""

    def ask(self, amount, kind="named", **values):
        limit = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "kind": kind,
                "requested_amount": amount,
                **values,
            }
        )
        limit.action_request()
        return limit

    def lines(self):
        return self.alfa.insured_limit_line_ids.sorted("id")
