from odoo import api, fields, models
from odoo.tools import formatLang

from ..groups import CREDIT_GROUP
from .number_text import number_text


class ResPartner(models.Model):
    """What a buyer's band means, and how it came to stand there."""

    _inherit = "res.partner"

    # a score of 0 is the worst one, which is not the same as none
    credit_country_is_rated = fields.Boolean(
        string="Country Is Rated",
        compute="_compute_credit_scores",
        groups=CREDIT_GROUP,
        help="Some source rates the buyer's country.",
    )
    credit_buyer_is_rated = fields.Boolean(
        string="Buyer Is Rated",
        compute="_compute_credit_scores",
        groups=CREDIT_GROUP,
        help="An agency's score or payments say something of the buyer itself.",
    )
    credit_is_rated = fields.Boolean(
        string="Anything Is Rated",
        compute="_compute_credit_scores",
        groups=CREDIT_GROUP,
        help="Some criterion of the grid is known.",
    )
    credit_band_meaning = fields.Text(
        string="What This Band Means",
        compute="_compute_credit_band_meaning",
        groups=CREDIT_GROUP,
    )

    @api.depends("credit_band_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_credit_band_meaning(self):
        company = self.env.company
        texts = {
            band: "\n".join(band._meaning(company)) for band in self.credit_band_id
        }
        for partner in self:
            partner.credit_band_meaning = texts.get(partner.credit_band_id)

    def action_credit_ratings(self):
        """Open the buyer's scores, as they went."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_buyer_rating_action"
        )
        return action | {
            "views": [(False, "graph"), (False, "list"), (False, "form")],
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    @api.model
    def _credit_grid_changes(self, before, after):
        """Say in the reader's language what differs between two grids of a buyer.

        :param before: ``{code: [score or None, weight]}``, see ``CreditScore.grid``
        :param after: likewise
        :return: list of sentences, empty where scores and weights are the same
        """
        labels = dict(
            self.env["credit.insurance.rating.source"]
            ._fields["criterion"]
            ._description_selection(self.env)
        )
        lines = []
        for code, (score, weight) in after.items():
            score_before, weight_before = before.get(code, (None, weight))
            figures = {
                "criterion": labels[code],
                "before": self._credit_score_figure(score_before),
                "after": self._credit_score_figure(score),
            }
            if score_before is None and score is not None:
                text = self.env._(
                    "%(criterion)s: %(after)s, not rated before", **figures
                )
            elif score is None and score_before is not None:
                text = self.env._(
                    "%(criterion)s: not rated any more, was %(before)s", **figures
                )
            elif figures["before"] != figures["after"]:
                text = self.env._("%(criterion)s: %(before)s → %(after)s", **figures)
            else:
                text = ""
            lines += [text] if text else []
            if score is not None and weight != weight_before:
                lines.append(
                    self.env._(
                        "%(criterion)s, at %(score)s: weight %(before)s → %(after)s",
                        criterion=labels[code],
                        score=figures["after"],
                        before=number_text(self.env, weight_before),
                        after=number_text(self.env, weight),
                    )
                )
        return lines

    @api.model
    def _credit_score_figure(self, score):
        return "" if score is None else formatLang(self.env, score, digits=2)
