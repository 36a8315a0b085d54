import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..indemnity.sheet_file import write_csv, write_xlsx

CUT_ACTIVITY = "export_credit_insurance.mail_activity_type_orders_at_cut"
SERVER_FIELDS = {
    "company_id",
    "policy_id",
    "partner_id",
    "limit_id",
    "decision",
    "date_effect",
    "line_ids",
    "state",
    "declared_on",
    "declared_by_id",
}


class CreditInsuranceCutNotice(models.Model):
    """The binding orders in progress when an insurer cut a limit (DOMAIN 1.5).

    Goods shipped before the cut stay covered; orders that bind and are not shipped may
    stay so, if they are declared to the insurer in time and it agrees. A draft lists
    them as they were on the day of the decision; once declared it stays as it was.
    """

    _name = "credit.insurance.cut.notice"
    _description = "Orders in Progress at a Cut"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    limit_id = fields.Many2one(
        "credit.insurance.limit",
        string="Limit Cut",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    decision = fields.Selection(
        [("reduced", "Reduced"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
    )
    date_effect = fields.Date(
        string="Effect", readonly=True, help="First day with less cover."
    )
    state = fields.Selection(
        [("draft", "To Declare"), ("declared", "Declared"), ("agreed", "Agreed")],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("credit.insurance.cut.notice.line", "notice_id")
    declared_on = fields.Date(readonly=True, copy=False, tracking=True)
    declared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    insurer_ref = fields.Char(
        string="Insurer's Reference",
        copy=False,
        help="Under which the insurer agreed to cover these orders, or refused.",
    )
    note = fields.Text()

    _once = models.UniqueIndex(
        "(company_id, limit_id)", "The orders at this cut are listed already."
    )

    # === A LIMIT IS CUT === #

    @api.model
    def _list_orders(self, line, result):
        """List the orders in progress of the buyer whose limit was just cut.

        :param line: the line of the limits that the insurer cut
        :param result: the line that says what is in force since
        :return: the drafts made, one per company; none where nothing is in progress
        """
        return self._list_orders_at([(line, result)])

    @api.model
    def _list_orders_at(self, cuts):
        """List the orders in progress of all buyers whose limits were cut, set-wise.

        :param cuts: [(line that the insurer cut, line in force since)]
        :return: as for one cut
        """
        lines = self.env["credit.insurance.limit"].union(*(line for line, _new in cuts))
        orders = self._orders_in_progress(lines)
        # sudo: written with the decision, by whoever may record it
        made = self.sudo().create(
            [
                {
                    **self._prepare_notice(line, result),
                    "company_id": company.id,
                    "line_ids": [
                        fields.Command.create(self._prepare_order(order, part))
                        for order, part in orders[line.partner_id, company]
                    ],
                }
                for line, result in cuts
                for company in line.policy_id.sudo().company_ids.sudo(False)
                if (line.partner_id, company) in orders
            ]
        )
        for notice in made:
            notice._plan_declaration()
        return made.sudo(False)

    @api.model
    def _prepare_notice(self, line, result):
        is_reduced = line != result
        effect = (
            result.date_from if is_reduced else fields.Date.add(result.date_to, days=1)
        )
        return {
            "policy_id": line.policy_id.id,
            "partner_id": line.partner_id.id,
            "limit_id": result.id,
            "decision": "reduced" if is_reduced else "cancelled",
            "date_effect": effect,
        }

    @api.model
    def _orders_in_progress(self, lines):
        """Return {(buyer, company): [(order, what is open of it)]}: not yet shipped.

        Confirmed orders of the lines' buyers, in the companies that their policies
        insure.
        """
        # sudo: orders of all salespeople; who records decisions need not read them
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("company_id", "in", lines.policy_id.sudo().company_ids.ids),
                    ("state", "=", "sale"),
                    (
                        "partner_invoice_id.commercial_partner_id",
                        "in",
                        lines.partner_id.ids,
                    ),
                ],
                order="date_order, id",
            )
        )
        if not orders:
            return {}
        position = self.env["credit.insurance.position"].sudo()
        found = {}
        for order_id, part in position._get_undelivered(orders).items():
            order = orders.browse(order_id)
            if order.currency_id.compare_amounts(part.ordered, 0.0) > 0:
                buyer = order.partner_invoice_id.commercial_partner_id.sudo(False)
                key = (buyer, order.company_id.sudo(False))
                found.setdefault(key, []).append((order, part))
        return found

    @api.model
    def _prepare_order(self, order, part):
        """Values of one order, in its currency; days as the company counts them."""
        return {
            "order_id": order.id,
            "order_name": order.name,
            "currency_id": order.currency_id.id,
            "order_date": order.company_id._credit_day_of(order.date_order),
            "planned_date": order.company_id._credit_day_of(order.commitment_date),
            "order_total": order.amount_total,
            "undelivered_amount": part.ordered,
            "undelivered_untaxed": part.ordered_untaxed,
        }

    def _plan_declaration(self):
        """Plan the declaration for who recorded the cut: the insurer waits not long."""
        self.sudo().activity_schedule(  # sudo: on what the server has written
            CUT_ACTIVITY,
            user_id=self.env.user.id,
            summary=self.env._(
                "Orders in progress to declare to %(insurer)s: %(count)s",
                count=len(self.sudo().line_ids),
                insurer=self.sudo().insurer_id.name,
            ),
        )

    # === DECLARE === #

    def action_declare(self):
        """Record that the orders were declared to the insurer, and hand out the file.

        :raise UserError: if they were declared already
        """
        self.check_access("write")
        for notice in self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "The orders of %(buyer)s were declared on %(day)s already.",
                    buyer=notice.partner_id.display_name,
                    day=format_date(self.env, notice.declared_on),
                )
            )
        for notice in self.sudo():  # sudo: nobody else writes these
            notice.write(
                {
                    "state": "declared",
                    "declared_on": notice.company_id._credit_today(),
                    "declared_by_id": self.env.uid,
                }
            )
        self.activity_feedback([CUT_ACTIVITY])
        return self.action_download()

    def action_agreed(self):
        """Record that the insurer covers the orders declared, under its reference."""
        self.check_access("write")
        for notice in self:
            if notice.state != "declared" or not notice.insurer_ref:
                raise UserError(
                    self.env._(
                        "Declare the orders of %(buyer)s and enter the reference of "
                        "the insurer's agreement first.",
                        buyer=notice.partner_id.display_name,
                    )
                )
        self.sudo().state = "agreed"  # sudo: nobody else writes it
        return True

    def action_download(self):
        """Hand out the file of the orders, in the form the insurer takes."""
        self.check_access("read")
        kind = self.insurer_id[:1].request_file_format
        headings, rows = self._file_columns(), self._file_rows()
        content = (write_csv if kind == "csv" else write_xlsx)(headings, rows)
        # sudo: whoever declares takes the file, which is kept with the first notice
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"orders-in-progress.{kind}",
                    "datas": base64.b64encode(content),
                    "res_model": self._name,
                    "res_id": self[:1].id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _file_columns(self):
        return [
            self.env._("Policy"),
            self.env._("Buyer"),
            self.env._("Country"),
            self.env._("VAT Number"),
            self.env._("Decision of the Insurer"),
            self.env._("Effect"),
            self.env._("Order"),
            self.env._("Order Date"),
            self.env._("Planned Delivery"),
            self.env._("Currency"),
            self.env._("Order Total"),
            self.env._("Not Delivered, Tax Included"),
            self.env._("Not Delivered, Before Tax"),
        ]

    def _file_rows(self):
        decisions = dict(self._fields["decision"]._description_selection(self.env))
        return [
            [
                notice.policy_id.number or "",
                notice.partner_id.name,
                notice.partner_id.country_id.code or "",
                notice.partner_id.vat or "",
                decisions[notice.decision],
                notice.date_effect,
                line.order_name,
                line.order_date,
                line.planned_date,
                line.currency_id.name,
                line.order_total,
                line.undelivered_amount,
                line.undelivered_untaxed,
            ]
            for notice in self.sudo()  # sudo: as listed, whoever reads the orders
            for line in notice.line_ids
        ]

    # === CRUD === #

    def write(self, vals):
        """What was listed and declared is written by the server alone."""
        if SERVER_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._(
                    "Orders in progress are listed when a cut is recorded, and "
                    "declared by the button."
                )
            )
        return super().write(vals)
