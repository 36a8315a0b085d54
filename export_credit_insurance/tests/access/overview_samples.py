"""Samples of the models of the room *overview*, see :mod:`.samples`."""


class OverviewSamples:
    """What the records are made of, for :class:`~.samples.AccessCommon`."""

    @classmethod
    def _overview(cls, model, code):
        advice = {"advice_id": cls.advice.id}
        return {
            "credit.insurance.exposure.snapshot": (
                {
                    "company_id": cls.company.id,
                    "date": cls.today,
                    "recorded_on": cls.today,
                    "buyer_ref": cls.counter,
                    "partner_id": cls.alfa.id,
                    "currency_id": cls.euro.id,
                    "exposure": 1.0,
                },
                {"exposure": 2.0},
            ),
            "credit.insurance.advice": (
                {"company_id": cls.company.id},
                {"long_term_turnover": 6.0},
            ),
            "credit.insurance.advice.line": (
                {**advice, "kind": "global", "verdict": "possible"},
                {"reason": "Spread"},
            ),
            "credit.insurance.advice.gap": (
                {**advice, "country_id": cls.countries[0].id},
                {"reason": "War"},
            ),
            "credit.insurance.default.cost": (
                {"partner_id": cls.alfa.id, "company_id": cls.company.id},
                {"note": "Phone"},
            ),
            "credit.insurance.exposure.report": (
                {"date": cls.today, "company_id": cls.company.id},
                {"audience": "banker"},
            ),
            "credit.insurance.stress.test": (
                {"insurer_id": cls.insurer.id},
                {"remaining": 0.2},
            ),
            "credit.insurance.stress.test.line": (
                {"test_id": cls.stress_test.id, "partner_id": cls.alfa.id},
                {"exposure": 1.0},
            ),
            **cls._limit_import(model, code),
            "credit.insurance.default.assumption": (
                {
                    "zone_id": cls.make_sample("credit.insurance.zone").id
                    if model == "credit.insurance.default.assumption"
                    else False,
                    "company_id": cls.company.id,
                },
                {"margin": 0.2},
            ),
            "credit.insurance.advice.threshold": (
                {"name": code, "code": code, "value": 1.0},
                {"company_value": 2.0},
            ),
        }

    @classmethod
    def _limit_import(cls, model, code):
        profile = {"profile_id": cls.limit_profile.id}
        of_import = {"import_id": cls.limit_import.id}
        return {
            "credit.insurance.limit.profile": ({"name": code}, {"sequence": 3}),
            "credit.insurance.limit.profile.column": (
                {
                    "profile_id": cls.make_sample("credit.insurance.limit.profile").id
                    if model == "credit.insurance.limit.profile.column"
                    else False,
                    "name": code,
                    "field": "reason",
                },
                {"name": "Comment"},
            ),
            "credit.insurance.limit.profile.word": (
                {**profile, "word": code, "meaning": "decision.2"},
                {"word": "ok"},
            ),
            "credit.insurance.limit.import": (
                {**profile, "file": "YQ==", "company_id": cls.company.id},
                {"received_on": cls.today},
            ),
            "credit.insurance.limit.import.line": (
                {**of_import, "name": code},
                {"is_set_aside": True},
            ),
            "credit.insurance.limit.import.progress": (
                {
                    "import_id": cls.make_sample("credit.insurance.limit.import").id
                    if model == "credit.insurance.limit.import.progress"
                    else False,
                },
                {"done": 1},
            ),
            "credit.insurance.limit.import.effect": (
                {**of_import, "partner_id": cls.alfa.id},
                {"lost": 1.0},
            ),
        }
