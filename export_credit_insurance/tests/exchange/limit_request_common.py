from .exchange_common import ExchangeCommon


class LimitRequestCommon(ExchangeCommon):
    """Requests that are sent and answered."""

    def answer(self, request, decision="approved", **values):
        line = request.limit_id.with_user(self.controller)
        return line._record_decision(decision, **values)

    def file_of(self, action):
        self.assertEqual(action["type"], "ir.actions.act_url")
        id_ = int(action["url"].split("/")[-1].split("?")[0])
        return self.env["ir.attachment"].browse(id_)
