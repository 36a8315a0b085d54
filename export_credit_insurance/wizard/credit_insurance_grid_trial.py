import ast

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..models.empty_list import empty_list

CRITERIA = ("country", "agency", "payment", "sector")
BUYERS_ACTION = "export_credit_insurance.res_partner_action_buyer"


class CreditInsuranceGridTrial(models.TransientModel):
    """What would happen to the buyers' bands if the grid's weights were others.

    The manager turns the weights, sees how many buyers would go from one band to
    another, and applies them or not (DOMAIN 2.4). Nothing changes before.
    """

    _name = "credit.insurance.grid.trial"
    _description = "Trial of the Risk Grid's Weights"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    weight_country = fields.Float("Country Risk")
    weight_agency = fields.Float("Agencies' Scores")
    weight_payment = fields.Float("Payment Behaviour")
    weight_sector = fields.Float("Sector Risk")
    weight_sum = fields.Float("Sum of the Weights", compute="_compute_weight_sum")
    # stored: still there on the way back from the buyers; each sees the buyers he may
    line_ids = fields.One2many(
        "credit.insurance.grid.trial.line",
        "trial_id",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
    )
    rated_count = fields.Integer(
        "Buyers Rated",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
    )
    moved_count = fields.Integer(
        "Would Change Band",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
    )

    @api.model
    def default_get(self, field_names):
        # EXTENDS 'base': start from the weights in force
        values = super().default_get(field_names)
        # sudo: credit managers see the weights of their company
        weights = self.env.company.sudo()._credit_weights()
        return values | {f"weight_{code}": weights[code] for code in CRITERIA}

    @api.depends(*(f"weight_{code}" for code in CRITERIA))
    def _compute_weight_sum(self):
        for trial in self:
            trial.weight_sum = sum(trial._weights().values())

    @api.constrains(*(f"weight_{code}" for code in CRITERIA))
    def _check_weights(self):
        for trial in self:
            if min(trial._weights().values()) < 0:
                raise ValidationError(
                    self.env._(
                        "The weights of the risk grid cannot be negative: enter 0 to"
                        " leave a criterion out."
                    )
                )

    @api.depends("company_id", *(f"weight_{code}" for code in CRITERIA))
    def _compute_line_ids(self):
        Band = self.env["credit.insurance.band"]
        for trial in self:
            moves = trial._moves()
            changed = [(old, new, n) for old, new, n in moves if old != new]
            trial.rated_count = sum(n for _old, new, n in moves if new)
            trial.moved_count = sum(n for _old, _new, n in changed)
            trial.line_ids = [Command.clear()] + [
                Command.create({"band_from_id": old, "band_to_id": new, "count": n})
                for old, new, n in sorted(
                    changed,
                    key=lambda row: [Band.browse(id_).sequence for id_ in row[:2]],
                )
            ]

    def _compute_display_name(self):
        # OVERRIDES 'base': what the way back from the buyers is called
        for trial in self:
            trial.display_name = self.env._("Scoring Simulation")

    def action_apply(self):
        """Give the company these weights, and say how many buyers changed band."""
        self.ensure_one()
        self.check_access("write")
        moved = self.moved_count
        # sudo: the grid is the credit manager's, the company's other settings are not
        self.company_id.sudo().write(
            {
                f"credit_weight_{code}": weight
                for code, weight in self._weights().items()
            }
        )
        self._compute_line_ids()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The weights are in force. Buyers that changed band: %(count)s.",
                    count=moved,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_moved(self):
        """List the buyers whose band would change, with the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Buyers That Would Change Band"),
            "res_model": "credit.insurance.grid.trial.move",
            "views": [(False, "list")],
            "context": {"credit_grid_trial_id": self.id},
            "help": empty_list(
                self.env._("No buyer would change its band"),
                self.env._(
                    "With these weights each buyer stays where it is. Go back and try "
                    "others, or keep those in force."
                ),
            ),
        }

    def _weights(self):
        self.ensure_one()
        return {code: self[f"weight_{code}"] for code in CRITERIA}

    def _moves(self):
        """Return ``[(band today, band then, number of buyers)]``, ids or False."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "%s GROUP BY old.band_id, new.band_id",
                self._bands_sql(SQL("old.band_id, new.band_id, count(*)")),
            )
        )
        return [(old or False, new or False, count) for old, new, count in rows]

    def _bands_sql(self, columns):
        """Return a query over the buyers with their band today and with the weights."""
        Partner, Band = self.env["res.partner"], self.env["credit.insurance.band"]
        sees_persons = Partner._sees_credit_of_persons()
        action = self.env["ir.actions.act_window"]._for_xml_id(BUYERS_ACTION)
        buyers = Partner._search(ast.literal_eval(action["domain"]))
        return SQL(
            """
            SELECT %(columns)s
              FROM %(buyers)s AS buyer
         LEFT JOIN %(old)s AS old ON old.id = buyer.id
         LEFT JOIN %(new)s AS new ON new.id = buyer.id
            """,
            columns=columns,
            buyers=buyers.subselect(),
            old=Band._by_buyer_sql(self.company_id, sees_persons),
            new=Band._by_buyer_sql(self.company_id, sees_persons, self._weights()),
        )


class CreditInsuranceGridTrialLine(models.TransientModel):
    """How many buyers would go from one band to another."""

    _name = "credit.insurance.grid.trial.line"
    _description = "Buyers Who Would Change Band"

    trial_id = fields.Many2one(
        "credit.insurance.grid.trial", required=True, ondelete="cascade"
    )
    band_from_id = fields.Many2one("credit.insurance.band", "Band Today")
    band_to_id = fields.Many2one("credit.insurance.band", "Band Then")
    count = fields.Integer("Buyers")
