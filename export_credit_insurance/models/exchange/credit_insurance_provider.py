from odoo import api, models


class CreditInsuranceProvider(models.AbstractModel):
    """What the add-on asks of an insurer's service: the contract of implementations.

    An implementation inherits this model as ``credit.insurance.provider.NAME`` and adds
    NAME to ``credit.insurance.provider.account.provider``. Its methods run in the job
    that works through the calls (``credit.insurance.provider.call``), as superuser,
    never in a user's request. They raise ``ProviderRetry`` where asking again later may
    help and ``ProviderError`` where not; neither may hold a secret.
    """

    _name = "credit.insurance.provider"
    _description = "Service of an Insurer"

    @api.private
    def request_limit(self, account, request, key):
        """Ask for a limit, once however often it is called with one key.

        :param account: ``credit.insurance.provider.account``
        :param request: ``credit.insurance.limit.request``, sent
        :param key: the idempotency key: stored and committed before the first call
        :return: the service's name of the job that will answer, as text
        """
        raise NotImplementedError

    @api.private
    def read_decisions(self, account, job):
        """Read what the service has decided on a job.

        :param job: what :meth:`request_limit` or :meth:`notify_overdue` returned
        :return: None while it is undecided, else a dict: ``decision`` (approved,
            partial, conditional, refused or acknowledged) and, where they apply,
            ``amount``, ``currency`` (code), ``date_from``, ``date_to``,
            ``decision_date``, ``conditions``, ``reason``, ``reason_code``,
            ``insurer_reference``, ``insurer_buyer_ref``
        :raise ProviderError: where the job failed
        """
        raise NotImplementedError

    @api.private
    def notify_overdue(self, account, notice, key):
        """Tell of overdue invoices, once however often it is called with one key.

        :param notice: ``credit.insurance.overdue.notice``, sent
        :param key: as in :meth:`request_limit`
        :return: the service's name of the job, as text
        """
        raise NotImplementedError
