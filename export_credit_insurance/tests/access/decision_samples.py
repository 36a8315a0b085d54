"""Samples of the models of the room *decision*, see :mod:`.samples`."""


class DecisionSamples:
    """What the room's records are made of, for :class:`~.samples.AccessCommon`."""

    @classmethod
    def _decision(cls, model, code):
        order = cls.own_order
        if model in (
            "credit.insurance.clearance",
            "credit.insurance.hold",
            "credit.insurance.review.line",
        ):
            order = cls.make_order(cls.alfa, 1000.0, confirm=False)  # one each
        order = {"order_id": order.id, "partner_id": cls.alfa.id}
        money = {"company_id": cls.company.id, "currency_id": cls.euro.id}
        hold = {"hold_id": cls.hold.id}
        is_alone = model in (  # one for each buyer
            "credit.insurance.anchor",
            "credit.insurance.buyer.review.reminder",
        )
        buyer = cls.make_buyer(code) if is_alone else cls.alfa
        zone = cls.zones[cls.counter % len(cls.zones)]
        return {
            "credit.insurance.anchor": (
                {"partner_id": buyer.id},
                {"revision": 5},
            ),
            "credit.insurance.buyer.review": (
                {
                    "partner_id": cls.alfa.id,
                    "company_id": cls.company.id,
                    "date": "2026-09-01",
                    "outcome": "kept",
                    "note": "Accounts of 2025 read.",
                },
                {"note": "Phone"},
            ),
            "credit.insurance.buyer.review.reminder": (
                {"partner_id": buyer.id, "company_id": cls.company.id},
                {"stage": "late"},
            ),
            "credit.insurance.band.move": (
                {
                    "partner_id": cls.alfa.id,
                    "company_id": cls.company.id,
                    "date": "2026-09-01",
                    "direction": "down",
                },
                {"score": 100.0},
            ),
            "credit.insurance.check.rule": (
                {"company_id": cls.company.id, "code": "overdue", "zone_id": zone.id},
                {"severity": "ignore"},
            ),
            "credit.insurance.release.authority": (
                {
                    "company_id": cls.company.id,
                    "user_id": cls.users["controller"].id,
                    "zone_id": zone.id,
                },
                {"amount_max": 1e9},
            ),
            "credit.followup.preview": ({}, {"partner_id": False}),
            "credit.insurance.observation.end": (
                {"policy_id": cls.policy.id},
                {"checked_count": 3},
            ),
            "credit.insurance.observation.end.line": (
                {"review_id": cls.observation_end.id, "order_id": order["order_id"]},
                {"message": "Over the limit"},
            ),
            "credit.insurance.clearance": (
                {**order, **money, "amount": 1000.0, "limit_currency_id": cls.euro.id},
                {"amount": 1e9},
            ),
            "credit.insurance.hold": ({**order, **money}, {"state": "released"}),
            "credit.insurance.hold.finding": (
                {
                    **hold,
                    "code": "overdue",
                    "severity": "warn",
                    "currency_id": cls.euro.id,
                },
                {"amount": 1.0},
            ),
            "credit.insurance.review": (
                {"cause": "stop", "company_id": cls.company.id, "state": "done"},
                {"state": "queued"},
            ),
            "credit.insurance.review.line": (
                {
                    **order,
                    **money,
                    "review_id": cls.review.id,
                    "limit_currency_id": cls.euro.id,
                    "stage": "quotation",
                },
                {"missing_amount": 1.0},
            ),
            "credit.insurance.hold.decision": (
                {**hold, "decision": "refuse"},
                {"reason": "Good customer"},
            ),
            "credit.insurance.hold.request": (
                {"reason": "Friday"},
                {"reason": "Saturday"},
            ),
            "credit.insurance.hold.request.line": (
                {"order_id": cls.own_order.id, "request_id": cls.request.id},
                {"amount": 1.0},
            ),
        }
