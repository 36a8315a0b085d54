from collections import defaultdict

from odoo import api, models
from odoo.tools.misc import format_amount

from .credit_insurance_cover import amount_due
from .position_manufacturing import COSTS

# The components of the exposure in the order they are told; the last is not counted.
EXPOSURE_KEYS = (
    "receivable",
    "unallocated",
    "draft",
    "delivered",
    "ordered",
    "deferred",
)
NOT_COUNTED = ("deferred",)


class CreditInsurancePosition(models.AbstractModel):
    """Every figure explains itself: what it is made of, down to the document.

    The rows come from the same fragments of SQL as the figures, so that each section
    is the sum of its rows to the cent.
    """

    _inherit = "credit.insurance.position"

    @api.model
    def _explain(self, partner, company, day=None):
        """Return what the figures of one buyer are made of, as plain data.

        ``sections`` is a list of dicts: ``key``, ``group`` (exposure, eligible,
        covered, headroom), ``label``, ``amount``, ``currency_id``, ``counted`` (False:
        shown only) and ``rows``. A row has ``label``, ``model``, ``res_id``, ``date``,
        ``due_date``, ``document_amount``, ``document_currency_id``, ``amount`` and
        ``note``. Amounts are in the section's currency: the company's, and the limit's
        for the headroom.

        :param partner: a commercial partner
        :param company: the company that asks
        :param day: the day that counts as today
        """
        day = day or self._today(company)
        query = self._query(company, day, partner)
        found = self._execute(query.position(with_cover=True))
        totals = next((row for row in found if row["id"] == partner.id), {})
        documents = self._execute(
            self._query(company, day, partner).documents(partner.id)
        )
        cover = [
            {**row, "is_cost": seq == COSTS}
            for seq in (0, 1, *([COSTS] if query.counts_costs else []))
            for row in sorted(
                self._execute(self._query(company, day, partner).cover(seq)),
                key=lambda row: (row["shipment_date"], row["id"]),
            )
            if row["partner_id"] == partner.id
        ]
        names = self._document_names(documents, cover)
        sections = [
            *self._explain_exposure(company, documents, names),
            self._explain_eligible(company, totals, documents, cover, names),
            self._explain_covered(company, totals, cover, names),
            self._explain_headroom(partner, company, day, totals),
        ]
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "limit_currency_id": totals.get("limit_currency_id")
            or company.currency_id.id,
            "day": day.isoformat(),
            "exposure": float(totals.get("exposure") or 0),
            "eligible": float(totals.get("eligible") or 0),
            "covered": float(totals.get("covered") or 0),
            "uncovered": float(totals.get("uncovered") or 0),
            "headroom": company.currency_id.round(float(totals.get("headroom") or 0)),
            "headroom_limit_currency": float(
                totals.get("headroom_limit_currency") or 0
            ),
            "cover_state": totals.get("cover_state") or "not_insured",
            "cover_state_reason": self._explain_cover_state(totals),
            "sections": sections,
        }

    # ------------------------------------------------------------ the sections

    @api.model
    def _explain_exposure(self, company, documents, names):
        labels = {
            "receivable": self.env._("Open receivables"),
            "unallocated": self.env._("Receipts and credit notes not matched"),
            "draft": self._explain_unposted(documents),
            "delivered": self.env._("Delivered, not invoiced"),
            "ordered": self.env._("Ordered, not delivered"),
            "deferred": self.env._("Ordered beyond the horizon (not counted)"),
        }
        rows = {key: [] for key in EXPOSURE_KEYS}
        for document in documents:
            rows[document["component"]].append(
                self._explain_row(
                    names[document["model"], document["res_id"]],
                    document["amount"],
                    model=document["model"],
                    res_id=document["res_id"],
                    date=document["date"],
                    due_date=document["due_date"],
                    document_amount=document["document_amount"],
                    document_currency_id=document["document_currency_id"],
                )
            )
        return [
            self._explain_section(
                key, "exposure", labels[key], rows[key], company.currency_id
            )
            for key in EXPOSURE_KEYS
        ]

    @api.model
    def _explain_unposted(self, documents):
        """Name what counts before it is in the books, by what there is of it."""
        models = {row["model"] for row in documents if row["component"] == "draft"}
        if models <= {"account.move"}:
            return self.env._("Draft invoices")
        if models <= {"account.move", "pos.order"}:
            return self.env._("Invoices and sales at the till, not posted yet")
        return self.env._("Not posted yet")

    @api.model
    def _explain_eligible(self, company, totals, documents, cover, names):
        """From the exposure to what is insurable: what is left out, and why."""
        rows = [self._explain_row(self.env._("Exposure"), totals.get("exposure") or 0)]
        reasons = {
            "ordered": self.env._("Not delivered yet: cover begins at shipment"),
            "draft": self.env._("Not posted yet"),
        }
        for document in documents:
            if note := reasons.get(document["component"]):
                rows.append(
                    self._explain_row(
                        names[document["model"], document["res_id"]],
                        -document["amount"],
                        model=document["model"],
                        res_id=document["res_id"],
                        date=document["date"],
                        note=note,
                    )
                )
        for line in cover:
            if line["is_cost"]:
                note = self.env._("Costs incurred before shipment: insured")
                rows.append(
                    self._explain_cover_row(line, names, line["open_amount"], note)
                )
            for amount, note in self._left_out_parts(line):
                rows.append(self._explain_cover_row(line, names, -amount, note))
        used = sum(line["credited_amount"] + line["received_amount"] for line in cover)
        unused = -sum(
            document["amount"]
            for document in documents
            if document["component"] == "unallocated"
        )
        rest = company.currency_id.round(unused - used)
        if rest:
            label = (
                self.env._("Receipts and credit notes that lower no debt")
                if rest > 0
                else self.env._("Receipts of partners with the same buyer number")
            )
            rows.append(self._explain_row(label, rest))
        return self._explain_section(
            "eligible", "eligible", self.env._("Eligible"), rows, company.currency_id
        )

    @api.model
    def _left_out_parts(self, line):
        """Return why a part of a debt is not eligible, [(amount, reason)]."""
        reasons = dict(
            self.env["credit.insurance.cover.line"]
            ._fields["exclusion_reason"]
            ._description_selection(self.env)
        )
        currency = self.env["res.currency"].browse(line["currency_id"])
        due = currency.round(amount_due(line))
        if line["exclusion_reason"]:
            return [(due, reasons[line["exclusion_reason"]])] if due else []
        secured = "lc" if line["lc_excluded"] else "secured"
        parts = [
            (line["secured_amount"], reasons[secured]),
            (line["disputed_amount"], reasons["dispute"]),
        ]
        tax = due - line["eligible_amount"] - sum(part[0] for part in parts)
        parts.append((currency.round(tax), reasons["vat"]))
        return [part for part in parts if part[0]]

    @api.model
    def _explain_covered(self, company, totals, cover, names):
        """Each debt under the limit of its own shipment date, times its percentage."""
        rows = []
        for line in cover:
            if not line["eligible_amount"]:
                continue
            rows.append(
                {
                    **self._explain_cover_row(
                        line, names, line["covered_amount"], self._explain_base(line)
                    ),
                    "policy_id": line["policy_id"],
                    "limit_kind": line["limit_kind"],
                    "limit_currency_id": line["limit_currency_id"],
                    "limit": float(line["usable_limit"] or 0),
                    "used_before": float(line["used_before"] or 0),
                    "eligible": float(line["eligible_amount"]),
                    "base": float(line["base_amount"]),
                    "insured_pct": float(line["insured_pct"] or 0),
                    "covered": float(line["covered_amount"]),
                }
            )
        return self._explain_section(
            "covered", "covered", self.env._("Covered"), rows, company.currency_id
        )

    @api.model
    def _explain_base(self, line):
        if not line["usable_limit"]:
            return self.env._("No limit on the day of shipment")
        currency = self.env["res.currency"].browse(line["limit_currency_id"])
        if line["is_cost"]:
            return self.env._(
                "Costs incurred before shipment: limit %(limit)s, used by older debt"
                " %(used)s, insured %(percent)s %%",
                **self._explain_limit_use(line, currency),
            )
        return self.env._(
            "Limit on shipment %(limit)s, used by older debt %(used)s, insured"
            " %(percent)s %%",
            **self._explain_limit_use(line, currency),
        )

    @api.model
    def _explain_limit_use(self, line, currency):
        return {
            "limit": format_amount(self.env, float(line["usable_limit"]), currency),
            "used": format_amount(self.env, float(line["used_before"]), currency),
            "percent": f"{float(line['insured_pct'] or 0):g}",
        }

    # --------------------------------------------------------------- the parts

    @api.model
    def _explain_section(self, key, group, label, rows, currency):
        return {
            "key": key,
            "group": group,
            "label": label,
            "counted": key not in NOT_COUNTED,
            "amount": currency.round(sum(row["amount"] for row in rows)),
            "currency_id": currency.id,
            "rows": rows,
        }

    @api.model
    def _explain_cover_row(self, line, names, amount, note):
        model = "account.move" if line["move_id"] else "sale.order"
        res_id = line["move_id"] or line["order_id"]
        return self._explain_row(
            names[model, res_id],
            amount,
            model=model,
            res_id=res_id,
            date=line["shipment_date"],
            due_date=line["due_date"],
            note=note,
        )

    @api.model
    def _explain_row(self, label, amount, **values):
        dates = {
            name: values[name].isoformat() if values.get(name) else False
            for name in ("date", "due_date")
        }
        return {
            "label": label,
            "model": False,
            "res_id": False,
            "document_currency_id": False,
            "note": "",
            **values,
            **dates,
            "document_amount": float(values.get("document_amount") or 0),
            "amount": float(amount),
        }

    @api.model
    def _document_names(self, documents, cover):
        """Return {(model, id): name} of the documents."""
        ids = defaultdict(set)
        for document in documents:
            ids[document["model"]].add(document["res_id"])
        for line in cover:
            ids["account.move"].update(filter(None, [line["move_id"]]))
            ids["sale.order"].update(filter(None, [line["order_id"]]))
        return {
            (model, record.id): record.name or record.display_name
            for model, found in ids.items()
            # sudo: the number of a document is no more than the figure tells
            for record in self.env[model].sudo().browse(sorted(found))
        }
