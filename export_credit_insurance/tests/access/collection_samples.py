"""Samples of the models of the room *collection*, see :mod:`.samples`."""

from datetime import timedelta


class CollectionSamples:
    """What the room's records are made of, for :class:`~.samples.AccessCommon`."""

    @classmethod
    def _collection(cls, model, code):
        company = {"company_id": cls.company.id}
        euro = {"currency_id": cls.euro.id}
        buyer = {"partner_id": cls.alfa.id}
        if not model.startswith("credit.followup."):
            return {}
        day = cls.today + timedelta(days=cls.counter)
        return {
            "credit.followup.reference.rate": (
                {"name": code, "code": code},
                {"name": "Rate"},
            ),
            "credit.followup.reference.rate.value": (
                {"reference_id": cls.reference_rate.id, "date_from": day, "rate": 2.0},
                {"rate": 3.0},
            ),
            "credit.followup.late.payment.rule": (
                {
                    "name": code,
                    "country_id": cls.countries[0].id,
                    "date_from": "2026-01-01",
                    **euro,
                },
                {"margin": 8.0},
            ),
            "credit.followup.late.payment.fee": (
                {"rule_id": cls.law.id, "amount_from": cls.counter, "fee": 40.0},
                {"fee": 1.0},
            ),
            "credit.followup.plan": (
                {"name": code, **company, **euro},
                {"note": "Gulf"},
            ),
            "credit.followup.step": (
                {"plan_id": cls.plan.id, "name": code, "days": 5, "subject": code},
                {"days": 6},
            ),
            "credit.followup.run": (
                {"name": code, **company, "date": cls.today},
                {"name": "October"},
            ),
            "credit.followup.reminder": (
                {
                    "run_id": cls.followup_run.id,
                    "date": cls.today,
                    "lang": "en_US",
                    "step_id": cls.step.id,
                    **company,
                    **buyer,
                    **euro,
                },
                {"contact_id": cls.alfa.id},
            ),
            "credit.followup.reminder.line": (
                {
                    "reminder_id": cls.reminder.id,
                    "step_id": cls.step.id,
                    **company,
                    **euro,
                },
                {"amount": 1.0},
            ),
            "credit.followup.promise": (
                {**company, **buyer, **euro},
                {"note": "Phone"},
            ),
            "credit.followup.promise.payment": (
                {"promise_id": cls.promise.id, "date": day, "amount": 1.0},
                {"amount": 2.0},
            ),
            "credit.followup.dispute": (
                {"move_id": cls.disputed.id, "amount": 1.0},
                {"description": "Scratches"},
            ),
            "credit.followup.receipt": (
                {
                    "move_id": cls.make_receipt(cls.alfa, 1.0).id
                    if model == "credit.followup.receipt"
                    else False,
                    **company,
                    **buyer,
                    **euro,
                },
                {"amount": 1.0},
            ),
            "credit.followup.unknown.mail": (
                {
                    "message_ref": f"<{code}@example.com>",
                    "kind": "reminder",
                    **company,
                    **buyer,
                },
                {"decision": "arrived"},
            ),
            "credit.followup.dispatch": (
                {"mail_id": cls.counter},
                {"begun_on": "2026-10-01 08:00:00"},
            ),
        }
