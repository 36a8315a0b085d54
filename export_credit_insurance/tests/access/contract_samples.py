"""Samples of the rooms *reference*, *ledger* and *contract*, see :mod:`.samples`."""

from datetime import timedelta

from odoo import Command

ADDON = "export_credit_insurance"


class ContractSamples:
    """What the records are made of, for :class:`~.samples.AccessCommon`."""

    @classmethod
    def _reference(cls, model, code):
        source = {"source_id": cls.source.id}
        country = {"country_id": cls.countries[cls.counter % len(cls.countries)].id}
        buyer = {"partner_id": cls.alfa.id}
        day = cls.today - timedelta(days=cls.counter)
        named = {"name": code, "code": code}
        agency = cls.env.ref(f"{ADDON}.credit_insurance_rating_source_creditsafe")
        return {
            "credit.insurance.zone": (named, {"transport_days": 9}),
            "credit.insurance.band": (
                {**named, "score_min": 0.0, "score_max": 1.0, "active": False},
                {"color": 3},
            ),
            "credit.insurance.rating.source": (
                {**named, "criterion": "agency", "scale": "number"},
                {"website": "https://example.com"},
            ),
            "credit.insurance.rating.grade": (
                {**source, "code": code, "rank": 99, "score": 50.0},
                {"name": "Good"},
            ),
            "credit.insurance.rating.edition": (
                {**source, "name": code, "date": "2025-01-01"},
                {"citation": "Page 1"},
            ),
            "credit.insurance.rating.import": (
                {**source, "file": b"YQ=="},
                {"name": "2026"},
            ),
            "credit.insurance.country.rating": (
                {
                    **source,
                    **country,
                    "grade_id": cls.grade.id,
                    "date": "2025-01-01",
                },
                {"edition_id": cls.edition.id},
            ),
            "credit.insurance.country.event": (
                {
                    "name": code,
                    "country_ids": [Command.set([country["country_id"]])],
                    "source": "Press",
                },
                {"source": "Law"},
            ),
            "credit.insurance.buyer.rating": (
                {**buyer, "source_id": agency.id, "value": 50.0, "date": day},
                {"note": "Phone"},
            ),
            "credit.insurance.insolvency.task.rule": (
                {"name": code, **country, "months": 1, "source": "Law"},
                {"days": 1},
            ),
            "credit.insurance.sector.rating": (
                {
                    "industry_id": cls.env.ref("base.res_partner_industry_A").id,
                    "source_id": cls.sector_grade.source_id.id,
                    "grade_id": cls.sector_grade.id,
                    "date": day,
                },
                {"note": "Phone"},
            ),
            "credit.insurance.rating.import.line": (
                {"import_id": cls.rating_import.id, "name": "Brazil"},
                {"name": "Chile"},
            ),
            "credit.insurance.grid.trial": (
                {"weight_country": 10.0},
                {"weight_country": 20.0},
            ),
            "credit.insurance.grid.trial.line": (
                {"trial_id": cls.trial.id, "count": 1},
                {"count": 2},
            ),
        }

    @classmethod
    def _sold(cls, model, code):
        """An invoice to sell: each is sold once."""
        if model != "credit.insurance.assignment":
            return False
        return cls.make_invoice(cls.make_buyer(f"Sold {code}"), 10.0).id

    @classmethod
    def _ledger(cls, model, code):
        buyer = {"partner_id": cls.alfa.id}
        return {
            "credit.insurance.stop": (
                {**buyer, "policy_id": cls.policy.id, "date_from": "2026-09-01"},
                {"note": "Phone"},
            ),
            "credit.insurance.insolvency": (
                {**buyer, "judgment_date": "2026-09-01"},
                {"court": "Lyon"},
            ),
            "credit.insurance.adverse.info": (
                {**buyer, "source": code, "learned_on": "2026-09-01"},
                {"note": "Phone"},
            ),
            "credit.insurance.extension": (
                {
                    "move_line_id": cls.disputed.line_ids.filtered("date_maturity").id,
                    "extension_until": "2027-03-01",
                    "agreement_ref": code,
                },
                {"note": "By phone first"},
            ),
            "credit.insurance.assignment": (
                {
                    "move_id": cls._sold(model, code),
                    "factor_id": cls.alfa.id,
                    "recourse": "with",
                },
                {"reference": "B-7"},
            ),
            "credit.insurance.assignment.wizard": (
                {"factor_id": cls.alfa.id},
                {"reference": "B-8"},
            ),
            "credit.insurance.onboarding": ({}, {"number": "P-9"}),
            "credit.insurance.payment.experience": (
                {
                    **buyer,
                    "company_id": cls.company.id,
                    "date": cls.today - timedelta(days=cls.counter),
                    "score": 80.0,
                },
                {"score": 90.0},
            ),
        }

    @classmethod
    def _contract(cls, model, code):
        policy = {"policy_id": cls.policy.id}
        buyer = {"partner_id": cls.alfa.id}
        day = cls.today + timedelta(days=cls.counter)
        year = {"date_from": day + timedelta(days=3650)}
        year["date_to"] = year["date_from"]
        country = {"country_id": cls.countries[cls.counter % len(cls.countries)].id}
        group = {"group_id": cls.buyer_group.id}
        is_member = model == "credit.insurance.buyer.group.member"
        member = cls.make_buyer(code) if is_member else cls.alfa
        return {
            "credit.insurance.buyer.group": ({"name": code}, {"note": "Registers"}),
            "credit.insurance.buyer.group.member": (
                {**group, "partner_id": member.id, "date_from": "2026-01-01"},
                {"date_to": "2027-01-01"},
            ),
            "credit.insurance.buyer.group.ceiling": (
                {
                    **group,
                    "company_id": cls.company.id,
                    "amount": 1000.0,
                    "currency_id": cls.euro.id,
                    "reason": "Decided in May",
                },
                {"amount": 2000.0},
            ),
            "credit.insurance.insurer": (
                {"name": code, "code": code},
                {"website": "https://example.com"},
            ),
            "credit.insurance.policy": (
                {
                    "name": code,
                    "number": code,
                    "insurer_id": cls.insurer.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "currency_id": cls.euro.id,
                    "date_start": "2026-01-01",
                },
                {"dcl_amount": 20000.0},
            ),
            "credit.insurance.policy.year": (
                {**policy, **year},
                {"premium_amount": 1.0},
            ),
            "credit.insurance.policy.fee": (
                {**policy, "amount": 30.0},
                {"amount": 31.0},
            ),
            "credit.insurance.policy.percentage": (
                {**policy, **country, "percentage": 85.0},
                {"percentage": 80.0},
            ),
            "credit.insurance.policy.country.term": (
                {**policy, **country},
                {"max_payment_days": 90},
            ),
            "credit.insurance.limit": (
                {**policy, **buyer, "requested_amount": 1000.0},
                {"requested_amount": 2000.0},
            ),
            "credit.insurance.limit.decision": (
                {"limit_id": cls.limit.id},
                {"reason": "Letter"},
            ),
            "credit.insurance.security": (
                {
                    **buyer,
                    "name": code,
                    "company_id": cls.company.id,
                    "currency_id": cls.euro.id,
                    "amount": 1000.0,
                    "date_to": "2027-06-30",
                },
                {"note": "Original at the bank"},
            ),
            "credit.insurance.own.risk": (
                {
                    **buyer,
                    "company_id": cls.company.id,
                    "amount": 1000.0,
                    "date_from": day,
                    "date_to": day,
                    "reason": "Known for long",
                },
                {"date_to": day},
            ),
        }
