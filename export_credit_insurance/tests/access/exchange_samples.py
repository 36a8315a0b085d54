class ExchangeSamples:
    """Samples of what is exchanged with insurers; each stands on its own."""

    @classmethod
    def _exchange(cls, model, code):
        """Values and a change of a model of this room; makes what they hang on."""
        name = model.removeprefix("credit.insurance.").replace(".", "_")
        make = getattr(cls, f"_sample_{name}", None)
        return {model: make(code)} if make else {}

    @classmethod
    def _sample_limit_request(cls, code):
        return (
            {
                "partner_id": cls.make_buyer(f"Asked {code}").id,
                "company_id": cls.company.id,
                "policy_id": cls.policy.id,
                "amount": 1000.0,
            },
            {"note": "Phone"},
        )

    @classmethod
    def _sample_cut_notice(cls, code):
        buyer = cls.make_buyer(f"Cut {code}")
        return (
            {
                "partner_id": buyer.id,
                "company_id": cls.company.id,
                "policy_id": cls.policy.id,
                "limit_id": cls.make_limit(buyer, 1000.0).id,
                "decision": "reduced",
            },
            {"note": "Phone"},
        )

    @classmethod
    def _sample_cut_notice_line(cls, code):
        notice = cls.env["credit.insurance.cut.notice"].sudo()
        values = cls._sample_cut_notice(code)[0]
        return (
            {"notice_id": notice.create(values).id, "currency_id": cls.euro.id},
            {"order_total": 1.0},
        )

    @classmethod
    def _sample_provider_account(cls, code):
        insurer = cls.env["credit.insurance.insurer"].create(
            {"name": code, "code": f"S{code}"}
        )
        return (
            {
                "insurer_id": insurer.id,
                "company_id": cls.company.id,
                "base_url": "https://api.example.com",
            },
            {"timeout": 20},
        )

    @classmethod
    def _sample_provider_secret(cls, code):
        accounts = cls.env["credit.insurance.provider.account"].sudo()
        account = accounts.create(cls._sample_provider_account(code)[0])
        return {"account_id": account.id}, {"api_key": "other"}

    @classmethod
    def _sample_provider_call(cls, code):
        secret = cls._sample_provider_secret(code)[0]
        request = cls.env["credit.insurance.limit.request"].create(
            cls._sample_limit_request(code)[0]
        )
        return (
            {"account_id": secret["account_id"], "request_id": request.id},
            {"error": "HTTP 500"},
        )
