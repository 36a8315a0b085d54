from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .credit_insurance_dashboard import MONTHS
from .dashboard_query import BY_COUNTRY, BY_INSURER, BY_ZONE, SUMS, TOTAL

#: the tones of the map, which names them by these scores: countries have no band, and
#: the bands of buyers are the users' own
MAP_BANDS = ((75, "low"), (50, "medium"), (25, "high"), (0, "very_high"))


class CreditInsuranceDashboard(models.AbstractModel):
    """The sums as the page shows them: figures, trend, map, zones, insurers, buyers."""

    _inherit = "credit.insurance.dashboard"

    @api.model
    def _figures(self, company, day, is_today, months, found):
        past = {} if is_today else {"date": fields.Date.to_string(day)}
        grouped = {kind: [] for kind in (TOTAL, BY_COUNTRY, BY_ZONE, BY_INSURER)}
        for row in found["totals"]:
            row["amounts"] = self._amounts(company, row)
            grouped[row["kind"]].append(row)
        [total] = grouped[TOTAL]
        before = [month for month in months if month["date"] < day][-1:]
        return {
            "figures": self._four(company, total["amounts"], before, past),
            "trend": {
                "note": self.env._("As recorded at each month's end"),
                "months": self._trend(company, months),
            },
            "countries": self._countries(company, day, grouped[BY_COUNTRY], past),
            "zones": [
                {
                    "id": row["zone_id"] or False,
                    "name": row["zone_name"] or self.env._("No zone"),
                    **row["amounts"],
                    "open": self._open("zone", zone_id=row["zone_id"] or False, **past),
                }
                for row in grouped[BY_ZONE]
            ],
            "insurers": self._insurers(grouped[BY_INSURER], past),
            "top_uncovered": [self._top(company, row, past) for row in found["top"]],
        }

    @api.model
    def _four(self, company, total, before, past):
        """Return exposure and its three parts, with their change since last recorded.

        ``since`` is the month's end that ``change`` compares with.
        """
        former = self._amounts(company, before[0]) if before else {}
        cents = company.currency_id.round
        return [
            {
                "key": key,
                "label": label,
                "help": text,
                "amount": total[key],
                "share": total[key] / total["exposure"] if total["exposure"] else 0.0,
                "change": cents(total[key] - former[key]) if former else None,
                "since": fields.Date.to_string(before[0]["date"]) if before else None,
                "open": self._open(key, **past),
            }
            for key, label, text in self._labels()
        ]

    @api.model
    def _labels(self):
        """Return [key, label, help] of each figure."""
        return [
            ["exposure", self.env._("Exposure"), self._help_of_exposure()],
            [
                "covered",
                self.env._("Covered"),
                self.env._("What the insurers would pay for a commercial loss."),
            ],
            [
                "own_risk",
                self.env._("At own risk"),
                self.env._(
                    "What no insurer pays within the authorised credit: the own share, "
                    "taxes, orders not shipped, own risk accepted."
                ),
            ],
            [
                "uncovered",
                self.env._("Beyond authorised credit"),
                self.env._(
                    "What exceeds limits, securities and the own risk accepted. With "
                    "the part at own risk, it is all that no insurer would pay."
                ),
            ],
        ]

    @api.model
    def _help_of_exposure(self):
        return self.env._(
            "Open invoices, deliveries not invoiced and orders not delivered, less "
            "what was received and not matched. Buyers in credit are left out."
        )

    @api.model
    def _trend(self, company, months):
        """Return the last twelve months' ends; those not recorded are marked so."""
        recorded = {month["date"]: month for month in months}
        day = company._credit_today().replace(day=1) - timedelta(days=1)
        result = []
        for _back in range(MONTHS):
            result.append(self._month(company, day, recorded.get(day)))
            day = day.replace(day=1) - timedelta(days=1)
        return result[::-1]

    @api.model
    def _month(self, company, day, month):
        value = fields.Date.to_string(day)
        amounts = self._amounts(company, month) if month else dict.fromkeys(SUMS, 0.0)
        return {
            "date": value,
            "label": format_date(self.env, day, date_format="MMM y"),
            "recorded": bool(month),
            "note": self.env._("receivables alone")
            if month and month["receivables_only"]
            else "",
            **amounts,
            "open": self._open("exposure", date=value) if month else None,
        }

    @api.model
    def _countries(self, company, day, rows, past):
        """Return the countries; of today with the grades and events of today."""
        countries = self.env["res.country"].browse(
            [row["country_id"] for row in rows if row["country_id"]]
        )
        risks, status = {}, {}
        if not past:
            risks = countries._credit_risk(company, day)
            status = countries._credit_status(day)
        result = []
        for row in rows:
            country = countries.browse(row["country_id"] or ())
            if country in risks:
                row.update(risks[country]._asdict())
            result.append(
                {
                    "id": country.id,
                    "code": row["code"] or "",
                    "name": row["country_name"] or self.env._("No country"),
                    "grade": row.get("grade") or "",
                    "score": row.get("score") or 0,
                    "band": self._map_band(row.get("grade"), row.get("score")),
                    "status": status.get(country) or row.get("status") or "open",
                    "buyers": row["buyers"],
                    **row["amounts"],
                    "open": self._open("country", country_id=country.id, **past),
                }
            )
        return result

    @api.model
    def _map_band(self, grade, score):
        if not grade or score is None:
            return "none"
        return next(band for lowest, band in MAP_BANDS if score >= lowest)

    @api.model
    def _insurers(self, rows, past):
        """Return the insurers, and last the buyers of none.

        Rows stand for buyers: what a single-order contract covers counts with its
        buyer, and not with the insurer of the contract.
        """
        text = self.env._(
            "Buyers that no whole-turnover policy insures. What single-order contracts "
            "cover for them is included."
        )
        return [
            {
                "id": row["insurer_id"] or False,
                "name": row["insurer_name"] or self.env._("No whole-turnover policy"),
                "help": "" if row["insurer_id"] else text,
                **row["amounts"],
                "open": self._open(
                    "insurer", insurer_id=row["insurer_id"] or False, **past
                ),
            }
            for row in sorted(rows, key=lambda each: not each["insurer_id"])
        ]

    @api.model
    def _top(self, company, row, past):
        reason = ""
        if not past:
            for name in ("stop_date", "near_stop_date"):
                row[name] = fields.Date.to_date(row[name])
            reason = self.env["credit.insurance.position"]._explain_cover_state(row)
        amounts = {name: row[column] for name, column in SUMS.items()}
        return {
            "id": row["partner_id"] or False,
            "name": row["buyer_name"] or "",
            "country": row["country_name"] or "",
            **self._amounts(company, amounts),
            "reason": reason,
            "open": row["partner_id"]
            and self._open("buyer", partner_id=row["partner_id"], **past),
        }
