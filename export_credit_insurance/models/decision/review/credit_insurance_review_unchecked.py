import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

STAGE = "unchecked"


class CreditInsuranceReview(models.Model):
    """What a fault of the software kept from being checked: somebody has to do it.

    No till and nobody who invoices waits for a fault of ours, or of another add-on's.
    But what nobody has checked does not go unseen.
    """

    _inherit = "credit.insurance.review"

    @api.model
    def _check_facts(self, check, documents, prepare):
        """Check documents; what cannot be checked is listed.

        Where all of them together cannot be, each is alone. Where a policy is only
        observed, the log is enough.

        :param check: method called with documents, lists those that do not fit
        :param prepare: method called with one of them, returns the values of a
            ``credit.insurance.review.line`` that name it
        """
        if not documents or self._is_done(check, documents):
            return
        failed = documents
        if len(documents) > 1:
            failed = documents.filtered(lambda each: not self._is_done(check, each))
        modes = self.env["res.company"]._credit_check_modes()
        self._is_done(
            lambda unchecked: self._record_unchecked(unchecked, prepare),
            failed.filtered(lambda each: not modes[each.company_id.id].observation),
        )

    def _is_done(self, work, documents):
        """Whether some work is done, wholly; if not, nothing of it is."""
        try:
            with self.env.cr.savepoint():
                work(documents)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole request is replayed
        except Exception:
            _logger.exception("%s could not be checked", documents)
            return False
        return True

    @api.model
    def _record_unchecked(self, documents, prepare):
        for company, group in documents.grouped("company_id").items():
            lines = [{**prepare(each), "stage": STAGE} for each in group]
            if lines := self._unchecked_not_listed(lines):
                self._record_facts(STAGE, company, lines)

    @api.model
    def _unchecked_not_listed(self, lines):
        """Leave out documents that are listed as not checked, with as much."""
        listed = self.env["credit.insurance.review.line"].search(
            [
                ("stage", "=", STAGE),
                ("receipt_ref", "in", [line["receipt_ref"] for line in lines]),
            ]
        )
        known = {
            (line.partner_id.id, line.receipt_ref, line.undelivered_amount)
            for line in listed
        }
        return [
            line
            for line in lines
            if (line["partner_id"], line["receipt_ref"], line["undelivered_amount"])
            not in known
        ]

    @api.model
    def _fact_stages(self):
        # EXTENDS: the facts in general
        return [*super()._fact_stages(), STAGE]

    def _facts_summary(self, count):
        # EXTENDS: the facts in general
        if self.cause == STAGE:
            return self.env._("Not checked, by a fault: %(count)s", count=count)
        return super()._facts_summary(count)


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    def _text(self):
        # EXTENDS: the lines in general
        if self.stage != STAGE:
            return super()._text()
        return self.env._(
            "%(document)s, %(buyer)s: %(amount)s could not be checked, by a fault of "
            "the software that its log tells. Compare it with the buyer's authorised "
            "credit, then tick it off.",
            document=self.receipt_ref,
            buyer=self.partner_id.display_name,
            amount=self.currency_id.format(self.undelivered_amount),
        )
