from odoo import api, models
from odoo.exceptions import UserError

from .credit_insurance_claim import CLAIM_OVER


class CreditInsuranceClaim(models.Model):
    """Drafts of claims, made of what the cover allocation says of each instalment."""

    _inherit = "credit.insurance.claim"

    @api.model
    def _prepare(self, buyers, company, policies=None, notices=None):
        """Write drafts of what these buyers owe late, one per policy and buyer.

        Of an insolvent buyer all that is open; of notices what they list. An
        instalment in a claim that was not refused is left out. A draft that is there
        already is filled up, never made twice; where claims count by shipment there is
        one per policy year. Queries do not depend on the number of buyers.

        :param buyers: commercial partners
        :param policies: only these, None for all
        :param notices: overdue notices to claim
        :return: the drafts
        """
        day = company._credit_today()
        insolvencies = self.env["res.partner"]._credit_insolvencies(buyers, day)
        rows = self._rows(company, buyers, day)
        rows = self._claimable(rows, insolvencies, day, policies, notices)
        groups = self._grouped_rows(rows)
        claims = self._draft_for(groups, company, insolvencies, notices)
        # sudo: the lines' figures, which nobody writes
        lines = self.env["credit.insurance.claim.line"].sudo()
        policy_of = self.env["credit.insurance.policy"].browse
        lines.create(
            [
                {
                    "claim_id": claims[key].id,
                    **self._line_values(row, policy_of(key[0]), company, day),
                }
                for key, own in groups.items()
                for row in own
            ]
        )
        drafts = self.union(*claims.values())
        drafts._refresh_as_of_loss(day, insolvencies, notices)
        return drafts

    @api.model
    def _rows(self, company, buyers, day):
        """Return the instalments of buyers as the allocation has them on a day.

        A loss is what was open on its day: what came in afterwards is no part of it,
        but a recovery (DOMAIN 1.13, 1.14).
        """
        position = self.env["credit.insurance.position"]
        is_past = day < company._credit_today()
        query = position._query(
            company, day, buyers, opened_on=day if is_past else None
        )
        wanted = set(buyers.ids)
        rows = [
            row
            for row in position._execute(query.claimable())
            if row["partner_id"] in wanted
        ]
        items = self.env["account.move.line"].browse(row["id"] for row in rows)
        # one read for all of them: each row brings its journal item along
        return [row | {"item": item} for row, item in zip(rows, items, strict=True)]

    @api.model
    def _claimable(self, rows, insolvencies, day, policies, notices):
        """Return the rows that are to be claimed and are in no claim yet."""
        insolvent = {buyer.id for buyer in insolvencies}
        listed = set(notices.line_ids.move_line_id.ids) if notices else None
        claimed = self.env["credit.insurance.claim.line"]._search(
            [
                ("move_line_id", "in", [row["id"] for row in rows]),
                # closed after a refusal they may be claimed anew, paid ones not
                "|",
                ("state", "not in", CLAIM_OVER),
                ("claim_id.paid_amount", ">", 0),
            ]
        )
        # sudo: what is claimed in a company that is not in view is claimed, too
        claimed_ids = set(
            self.env["credit.insurance.claim.line"]
            .sudo()
            .browse(claimed)
            .move_line_id.ids
        )

        def is_wanted(row):
            if row["id"] in claimed_ids:
                return False
            if policies is not None and row["policy_id"] not in policies.ids:
                return False
            if listed is not None:
                return row["id"] in listed
            is_due = row["due_date"] and row["due_date"] < day
            return is_due or row["partner_id"] in insolvent

        return [row for row in rows if is_wanted(row)]

    @api.model
    def _grouped_rows(self, rows):
        """Return {(policy id, buyer id, year id or None): rows}."""
        policies = self.env["credit.insurance.policy"].browse(
            {row["policy_id"] for row in rows}
        )
        by_id = {policy.id: policy for policy in policies}
        groups = {}
        for row in rows:
            policy = by_id[row["policy_id"]]
            by_shipment = policy.claim_year_base == "shipment"
            year = by_shipment and policy._year_of(row["shipment_date"]).id
            key = (policy.id, row["partner_id"], year or None)
            groups.setdefault(key, []).append(row)
        return groups

    @api.model
    def _draft_for(self, groups, company, insolvencies, notices):
        """Return {key of a group: its draft}, made where there is none."""
        drafts = self.search([("state", "=", "draft"), ("company_id", "=", company.id)])
        known = {}
        for draft in drafts:
            known[draft._group_key()] = draft
        missing = [key for key in groups if key not in known]
        causes = self._proposed_causes({key: groups[key] for key in missing}, company)
        by_buyer = {
            (notice.policy_id.id, notice.partner_id.id): notice.id
            for notice in notices or ()
        }
        judged = {buyer.id: each.id for buyer, each in insolvencies.items()}
        made = self.create(
            [
                {
                    "company_id": company.id,
                    "policy_id": key[0],
                    "partner_id": key[1],
                    "cause": causes.get(key, "commercial"),
                    "notice_id": by_buyer.get(key[:2]),
                    "insolvency_id": causes.get(key) != "political"
                    and judged.get(key[1]),
                }
                for key in missing
            ]
        )
        known.update(zip(missing, made, strict=True))
        return {key: known[key] for key in groups}

    @api.model
    def _proposed_causes(self, groups, company):
        """Return {key: cause} that events and insolvency speak for (DOMAIN 1.15)."""
        partner = self.env["res.partner"]
        dues = {
            key: (
                partner.browse(key[1]),
                min(filter(None, (row["due_date"] for row in rows)), default=None),
            )
            for key, rows in groups.items()
        }
        found = partner._credit_loss_causes(dues, company._credit_today())
        return {key: each.cause for key, each in found.items()}

    # === FIGURES === #

    def _figures_day(self):
        """Return the day that the figures are of: the loss date, or today before it."""
        today = self.company_id._credit_today()
        return min(self.loss_date or today, today)

    def _refresh_as_of_loss(self, day, insolvencies, notices):
        """Bring up to date the drafts whose loss is older than ``day``.

        What was paid since the loss is listed, too; of a notice what it lists alone.
        """
        older = self.filtered(lambda claim: claim._figures_day() != day)
        older._add_paid_since(insolvencies, notices)
        older._refresh()

    def _list_paid_since(self):
        """List in drafts what was paid since their loss, and bring them up to date."""
        for company, claims in self.grouped("company_id").items():
            today = company._credit_today()
            insolvencies = claims.partner_id._credit_insolvencies(
                claims.partner_id, today
            )
            noticed = claims.filtered("notice_id")
            noticed._refresh_as_of_loss(today, insolvencies, noticed.notice_id)
            (claims - noticed)._refresh_as_of_loss(today, insolvencies, None)

    def _add_paid_since(self, insolvencies, notices):
        """List what was open on the day of the loss and is not any more.

        Where the waiting period counts from the oldest instalment, one that is listed
        now may move the loss to an earlier day: what was open then is listed, too.
        """
        moved = self
        while moved:
            days = {claim: claim._figures_day() for claim in moved}
            moved._add_paid_since_days(insolvencies, notices)
            moved = moved.filtered(
                lambda claim, days=days: claim._figures_day() != days[claim]
            )

    def _add_paid_since_days(self, insolvencies, notices):
        for (company, day), claims in self.grouped(
            lambda claim: (claim.company_id, claim._figures_day())
        ).items():
            today = company._credit_today()
            still_open = {
                row["id"] for row in self._rows(company, claims.partner_id, today)
            }
            rows = [
                row
                for row in self._rows(company, claims.partner_id, day)
                if row["id"] not in still_open
            ]
            rows = self._claimable(rows, insolvencies, day, claims.policy_id, notices)
            groups = self._grouped_rows(rows)
            # sudo: the lines' figures, which nobody writes
            self.env["credit.insurance.claim.line"].sudo().create(
                [
                    {
                        "claim_id": claim.id,
                        **self._line_values(row, claim.policy_id, company, day),
                    }
                    for claim in claims
                    for row in groups.pop(claim._group_key(), ())
                ]
            )

    def _group_key(self):
        """Return the key of a draft in :meth:`_grouped_rows`."""
        policy = self.policy_id
        by_shipment = policy.claim_year_base == "shipment"
        year = by_shipment and self.policy_year_id.id
        return policy.id, self.partner_id.id, year or None

    def _refresh(self):
        """Let drafts say what is owed and covered now; nothing that was paid."""
        drafts = self.filtered(lambda claim: claim.state == "draft")
        for (company, day), claims in drafts.grouped(
            lambda claim: (claim.company_id, claim._figures_day())
        ).items():
            found = self._rows(company, claims.partner_id, day)
            rows = {row["id"]: row for row in found}
            for claim in claims:
                claim._take_rows(rows, day)

    def _take_rows(self, rows, day):
        # sudo: the lines' figures, which nobody writes
        for line in self.sudo().line_ids:
            row = rows.get(line.move_line_id.id)
            if not row or row["policy_id"] != self.policy_id.id:
                line.unlink()
                continue
            values = self._line_values(row, self.policy_id, self.company_id, day)
            del values["move_line_id"]
            line.write(values)

    @api.model
    def _line_values(self, row, policy, company, day):
        """Return a claim line's values of a row of the allocation."""
        limit_currency = self.env["res.currency"].browse(row["limit_currency_id"])
        currency = policy.currency_id

        def amount(value):
            value = float(value or 0)
            if limit_currency == currency:
                return currency.round(value)
            return limit_currency._convert(value, currency, company, day)

        figures = self._line_amounts(row, amount, currency.round)
        # sudo: the invoice's currency, for controllers who read no invoices
        item = row["item"].sudo()
        return {
            "move_line_id": row["id"],
            "document_currency_id": item.currency_id.id,
            "document_amount": item.currency_id.round(float(row["amount"])),
            "invoice_date": row["invoice_date"],
            "shipment_date": row["shipment_date"],
            "due_date": row["due_date"],
            "mep_end": row["mep_end"],
            "collection_deadline": row["collection_deadline"],
            **figures,
            "commercial_pct": float(row["insured_pct"] or 0),
            "political_pct": float(row["political_pct"] or 0),
        }

    @api.model
    def _line_amounts(self, row, amount, rounded):
        """Return what is owed and insured of a row; parts of it add up to the cent.

        :param amount: converts from the limit's currency to the policy's, and rounds
        :param rounded: rounds in the policy's currency
        """
        share = float(row["insurable_share"])
        gross = amount(row["owed"])
        net = amount(float(row["owed"]) * share)
        eligible = min(amount(row["eligible"]), net)
        is_left_out = bool(row["exclusion_reason"])
        secured = 0.0 if is_left_out else amount(float(row["secured"]) * share)
        disputed = 0.0 if is_left_out else amount(float(row["disputed_part"]) * share)
        ineligible = rounded(net - eligible)
        # a rounded cent more or less is of the last part that there is
        if disputed:
            disputed = rounded(ineligible - secured)
        elif secured:
            secured = ineligible
        reason = row["exclusion_reason"] or (
            (secured and ("lc" if row["lc_excluded"] else "secured"))
            or (disputed and "dispute")
        )
        return {
            "gross_amount": gross,
            "tax_amount": rounded(gross - net),
            "net_amount": net,
            "secured_amount": secured,
            "disputed_amount": disputed,
            "is_lc_excluded": bool(row["lc_excluded"]),
            "ineligible_amount": ineligible,
            "ineligible_reason": reason or False,
            "eligible_amount": eligible,
            "limit_amount": amount(row["usable_limit"]),
            "base_amount": min(amount(row["base"]), eligible),
        }

    # === ACTIONS === #

    def action_refresh(self):
        """Bring drafts up to date, and add what has fallen due since."""
        self.check_access("write")
        self._check_draft()
        self._refresh()
        for company, claims in self.grouped("company_id").items():
            self._prepare(claims.partner_id, company, policies=claims.policy_id)
        self._list_paid_since()
        return True

    @api.model
    def _open_prepared(self, claims):
        """Open the drafts that were prepared.

        :raise UserError: if there is none
        """
        if not claims:
            raise UserError(
                self.env._(
                    "Nothing to claim: no insured invoice is overdue that is not in a "
                    "claim already."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_claim_action"
        )
        if len(claims) == 1:
            return {**action, "res_id": claims.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", claims.ids)], "context": {}}
