from odoo import SUPERUSER_ID, Command, api, models
from odoo.exceptions import UserError

from ...groups import ADMIN_GROUP, MANAGER_GROUP
from ...reader_language import env_for, env_for_all
from ..check.credit_finding import Assessment, OrderCase
from .credit_insurance_review_tell import ACTIVITY_REVIEW

# What has happened and cannot be refused any more, by the stage of its line.
FACT_STAGES = ["till", "invoice"]


class CreditInsuranceReview(models.Model):
    """Facts that somebody has to look at: the goods are gone, nothing can be held.

    They are listed until a credit controller has ticked them off, and told at once to
    all who may.
    """

    _inherit = "credit.insurance.review"

    @api.model
    def _fact_stages(self):
        """Return the stages of lines that wait although nothing is on hold."""
        return FACT_STAGES

    @api.model
    def _prepare_fact_case(self, document, position, added, in_company):
        """Return the :class:`OrderCase` of a document in the order's place.

        :param document: a record with ``partner_id`` and ``company_id``
        :param added: what it adds to what the buyer owes, in the limit's currency
        :param in_company: all of it, in the company's currency
        """
        checks = self.env["credit.insurance.check"]
        rules = self.env["credit.insurance.check.rule"]
        debtor = document.partner_id.commercial_partner_id
        buyer = debtor.with_company(document.company_id)
        return OrderCase(
            order=document,
            debtor=debtor,
            addresses=document.partner_id,
            payment_term=buyer.property_payment_term_id,
            position=position,
            scope=checks._scope(document, debtor, position),
            zone_id=buyer.credit_zone_id.id or None if rules._zones_matter() else None,
            band=buyer._credit_checked_band() if rules._bands_matter() else None,
            added=added,
            secured=0.0,
            added_company_currency=in_company,
            available=position.headroom_limit_currency,
            total_company_currency=in_company,
            prepaid=False,
        )

    @api.model
    def _assess_counted(self, cases, sellers):
        """Check documents that are exposure already, {document: :class:`Assessment`}.

        Each has what those before it have left, without own risk that who sells it
        accepted.

        :param cases: {document: :class:`OrderCase`}, the last document first
        :param sellers: {document: who sells it}
        """
        checks = self.env["credit.insurance.check"]
        signers = checks._own_risk_signers(
            [case.position for case in cases.values() if case.position.own_risk_limit]
        )
        free, found = {}, {}
        for document, case in cases.items():
            # the last one first: it has what all the others leave
            left = free.setdefault(case.debtor, case.position.headroom_limit_currency)
            free[case.debtor] = left + case.added
            counted = case.with_available(left + case.added)
            if signers[case.debtor, document.company_id] & sellers[document]:
                counted = counted.without_own_risk()
            found[document] = Assessment(counted, checks._find(counted))
        return found

    @api.model
    def _record_facts(self, cause, company, lines):
        """List what has happened and tell who decides.

        :param lines: [values of ``credit.insurance.review.line``], of one company
        """
        buyers = {line["partner_id"] for line in lines}
        review = self._by_the_team().create(
            {
                "cause": cause,
                "company_id": company.id,
                "partner_ids": [(6, 0, sorted(buyers))],
                "noticed_on": self.env["credit.insurance.position"]._today(company),
                "state": "done",
            }
        )
        self.env["credit.insurance.review.line"].create(
            [
                {"review_id": review.id, "company_id": company.id, **line}
                for line in lines
            ]
        )
        review._tell_facts()
        return review

    @api.model
    def _involved(self, users):
        """Return the command that notes the employees among who had a part in it."""
        employees = users.filtered(
            lambda user: user.id != SUPERUSER_ID and user._is_internal()
        )
        return [Command.set(employees.ids)]

    def _tell_facts(self):
        """Leave an activity for each who decides, with amounts and causes.

        Nobody decides on what he did himself: managers stand in for the controllers,
        and where nobody is left, the administrators are told.
        """
        controllers = self.company_id._credit_controllers()
        managers = self.company_id._credit_members(MANAGER_GROUP)
        deciders = {
            line: controllers - line._acted() or managers - line._acted()
            for line in self.line_ids
        }
        undecided = self.line_ids.filtered(lambda line: not deciders[line])
        if undecided:
            self._tell_administrators(undecided)
        for user in self.env["res.users"].union(*deciders.values()):
            env = env_for(self, user)
            lines = self.line_ids.filtered(
                lambda line, user=user: user in deciders[line]
            ).with_env(env)
            self.activity_schedule(
                ACTIVITY_REVIEW,
                user_id=user.id,
                summary=self.with_env(env)._facts_summary(len(lines)),
                note=lines._note(self.with_env(env).display_name),
            )

    def _facts_summary(self, count):
        """Say in a few words what has happened, in the language of the environment."""
        return self.env._("Sold on account beyond the credit: %(count)s", count=count)

    def _tell_administrators(self, lines):
        """Tell who can give somebody the right to decide on these facts."""
        admins = self.company_id._credit_members(ADMIN_GROUP)
        env = env_for_all(self, admins, self.company_id)
        self.message_post(
            body=env._(
                "%(documents)s: nobody but who did it may decide on it. Give somebody "
                "else the right of a credit controller.",
                documents=", ".join(lines.with_env(env).mapped("display_name")),
            ),
            partner_ids=admins.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )


class SaleOrder(models.Model):
    """What has happened to an order does not go from the list with it."""

    _inherit = "sale.order"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_facts(self):
        """Keep orders of which a fact is listed, decided on or not.

        :raise UserError: naming them
        """
        if not self.env["res.company"]._credit_check_modes():
            return
        reviews = self.env["credit.insurance.review"]
        # sudo: who deletes a quotation need not read what is listed
        listed = self.env["credit.insurance.review.line"].sudo()
        listed = listed.search(
            [("order_id", "in", self.ids), ("stage", "in", reviews._fact_stages())]
        )
        if listed:
            raise UserError(
                self.env._(
                    "%(orders)s: a delivery was changed afterwards, which credit "
                    "control looks at. Cancel the order instead of deleting it.",
                    orders=", ".join(listed.order_id.mapped("name")),
                )
            )
