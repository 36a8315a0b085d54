from odoo import api, models
from odoo.tools import SQL

from ..contract.credit_insurance_limit import GRANTED_STATES
from .dashboard_query import json_object

#: the steps in their order, as the dialogue's bar names them
SETUP_STEPS = [
    ("policy", "Policy"),
    ("limits", "Limits"),
    ("countries", "Countries"),
    ("followup", "Follow-up"),
    ("deciders", "Who Decides"),
]


class CreditInsuranceDashboard(models.AbstractModel):
    """The way from an empty database to orders that are checked: five steps.

    The dashboard's list and the dialogue *First Set-Up* go through the same ones, in
    this order, and call them done by the same data.
    """

    _inherit = "credit.insurance.dashboard"

    @api.model
    def _setup(self, done):
        """Return the five steps.

        :param done: {step: whether the data say that it is done}
        """
        texts = self._setup_texts()
        steps = [
            {
                "key": key,
                "title": texts[key][0],
                "text": texts[key][1],
                "done": done[key],
                "open": self._open(f"setup_{key}"),
            }
            for key, _label in SETUP_STEPS
        ]
        return {"done": all(done.values()), "steps": steps}

    @api.model
    def _setup_texts(self):
        return {
            "policy": (
                self.env._("Record your policy"),
                self.env._(
                    "The insurer, the dates, the insured percentages and the delays, "
                    "as your contract says them."
                ),
            ),
            "limits": (
                self.env._("Enter or import the limits"),
                self.env._(
                    "Your insurer's file is read as it is; single decisions are "
                    "entered by hand."
                ),
            ),
            "countries": (
                self.env._("Check the zones and ratings of your countries"),
                self.env._(
                    "Each customer needs a country, and each of these countries a zone "
                    "and a rating."
                ),
            ),
            "followup": (
                self.env._("Read the follow-up plans and prepare a first run"),
                self.env._(
                    "Steps and texts are ready for each zone. A run shows every "
                    "reminder before one leaves."
                ),
            ),
            "deciders": (
                self.env._("Say who decides, then end the observation"),
                self.env._(
                    "While it is observed, all is computed and no order is held. End "
                    "the observation once you have seen what would be held."
                ),
            ),
        }

    @api.model
    def _setup_done(self, company):
        """Return {step: whether the data say that it is done}."""
        query = SQL("SELECT %s", self._setup_part(company))
        [[done]] = self.env.execute_query(query)
        return done

    @api.model
    def _setup_part(self, company):
        """SQL of {step: whether the data say that it is done}."""
        own = [("company_ids", "in", company.id)]
        policies = self.env["credit.insurance.policy"]
        limits = self.env["credit.insurance.limit"]
        runs = self.env["credit.followup.run"]
        questions = {
            "policy": self._any(policies, [*own, ("state", "!=", "closed")]),
            "limits": self._any(
                limits,
                [
                    ("state", "in", GRANTED_STATES),
                    ("policy_id.company_ids", "in", company.id),
                ],
            ),
            "countries": self._all_placed(company),
            "followup": self._any(
                runs,
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("prepared", "sending", "done")),
                ],
            ),
            "deciders": self._any(
                policies, [*own, ("state", "=", "active"), ("observation", "=", False)]
            ),
        }
        return json_object(questions)

    @api.model
    def _any(self, model, domain):
        return SQL("EXISTS %s", model._search(domain, limit=1).subselect())

    @api.model
    def _all_placed(self, company):
        """SQL: there are customers, each in a country with a zone and a rating."""
        return SQL(
            "(EXISTS (%s) AND NOT EXISTS (%s))",
            self._customers(company),
            self._unplaced(company),
        )

    @api.model
    def _countries_missing(self, company):
        """Return what keeps the step of the countries from being done.

        :return: how many customers have no country, and the other customers' countries
            that lack a zone or a rating
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT count(*) FILTER (WHERE country_id IS NULL),
                       COALESCE(array_agg(DISTINCT country_id)
                                FILTER (WHERE country_id IS NOT NULL), '{}')
                  FROM (%s) AS unplaced
                """,
                self._unplaced(company),
            )
        )
        placeless, country_ids = self.env.cr.fetchone()
        return placeless, self.env["res.country"].browse(country_ids)

    @api.model
    def _customers(self, company):
        """SQL of the customers of a company, with their countries."""
        self.env["res.partner"].flush_model(
            ["active", "company_id", "country_id", "customer_rank", "parent_id"]
        )
        return SQL(
            "SELECT id, country_id FROM res_partner WHERE customer_rank > 0 AND active"
            " AND parent_id IS NULL AND (company_id IS NULL OR company_id = %s)",
            company.id,
        )

    @api.model
    def _unplaced(self, company):
        """SQL of the customers without a country, or in one without zone or rating.

        The company's own country needs no rating: buyers there bear no country risk.
        """
        self.env["credit.insurance.country.rating"].flush_model(["country_id"])
        return SQL(
            """
            SELECT customer.id, customer.country_id FROM (%(customers)s) AS customer
             WHERE customer.country_id IS NULL
                OR customer.country_id <> ALL(%(zoned)s::int[])
                OR customer.country_id IS DISTINCT FROM %(own)s AND NOT EXISTS (
                   SELECT FROM credit_insurance_country_rating AS rating
                    WHERE rating.country_id = customer.country_id)
            """,
            customers=self._customers(company),
            zoned=list(self.env["credit.insurance.zone"]._zone_by_country(company)),
            own=company.country_id.id or None,
        )
