from odoo.tools import SQL

# {part of the exposure: its components}
COMPONENTS_OF = {
    "owed": ("receivable", "unallocated", "overdue"),
    "open_order": ("delivered", "ordered", "deferred"),
}


class PositionExposure:
    """The asking company's exposure, by component, and the documents behind it.

    Where a limit is asked about too, the same pass over the documents says what they
    use of it: over every company that the policy insures and every partner that
    shares the limit, in its currency and tax basis.
    """

    def exposure_cte(self, with_use=False):
        """Exposure per buyer in the asking company's currency, and use of the limit.

        :param with_use: join ``asking``, and add ``used`` in the limit's currency
        """
        parts = {
            "owed": self._owed_part(with_use),
            "open_order": self._order_part(with_use),
        }
        if self.counts_unposted:
            parts["drafted"] = self._draft_part(with_use)
        (first, source), *others = parts.items()
        draft = "COALESCE(drafted.draft, 0)" if "drafted" in parts else "0::numeric"
        used = " + ".join(f"COALESCE({part}.used, 0)" for part in parts)
        return SQL(
            """(
            SELECT component.*,
                   receivable + unallocated + delivered + ordered + draft AS exposure,
                   GREATEST(overdue + unallocated, 0) AS overdue_amount %(chased)s
              FROM (
                SELECT partner_id, %(amounts)s, %(draft)s AS draft,
                       COALESCE(%(any)s) IS NOT NULL AS has_documents,
                       COALESCE(owed.overdue_days, 0) AS overdue_days %(used)s
                  FROM %(source)s %(first)s %(others)s
              ) component
            )""",
            amounts=SQL(", ").join(
                SQL(f"COALESCE({part}.{name}, 0) AS {name}")
                for part, names in COMPONENTS_OF.items()
                for name in names
            ),
            draft=SQL(draft),
            any=SQL(
                ", ".join(
                    f"{part}.{name}"
                    for part, names in {**COMPONENTS_OF, "drafted": ["draft"]}.items()
                    if part in parts
                    for name in names
                    if name != "overdue"  # is receivable: no sum of its own for this
                )
            ),
            used=SQL(
                f", owed.overdue_chased, owed.chased_days, {used} AS used"
                if with_use
                else ""
            ),
            chased=SQL(
                ", GREATEST(overdue_chased + unallocated, 0) AS chased_amount"
                if with_use
                else ""
            ),
            source=source,
            first=SQL(first),
            others=SQL(" ").join(
                SQL("FULL JOIN %s %s USING (partner_id)", part, SQL(name))
                for name, part in others
            ),
        )

    def _owed_part(self, with_use):
        """Open items: what is due, credits, and what is overdue of it."""
        return SQL(
            """(
            SELECT partner_id, sum(own) FILTER (WHERE amount > 0) AS receivable,
                   sum(own) FILTER (WHERE amount < 0) AS unallocated,
                   sum(own) FILTER (WHERE amount > 0 AND date_maturity < %(day)s)
                       AS overdue,
                   max(%(day)s - date_maturity) FILTER (
                       WHERE own IS NOT NULL AND amount > 0
                       AND date_maturity < %(day)s) AS overdue_days
                   %(chased_total)s %(total)s
              FROM (
                SELECT %(buyer)s AS partner_id, source.amount, source.date_maturity
                       %(chased)s, CASE WHEN %(is_own)s THEN %(own)s END AS own %(used)s
                  FROM receivable source %(asking)s %(tax)s
                OFFSET 0
              ) item
             GROUP BY partner_id
            )""",
            day=self.day,
            own=self.to_company(SQL("source.amount"), "source.currency_id", "source"),
            chased=SQL(", source.is_significant, %s AS residue", self._asking_residue())
            if with_use
            else SQL(),
            chased_total=SQL(
                """, sum(own) FILTER (WHERE %(is_chased)s) AS overdue_chased,
                   max(%(day)s - date_maturity) FILTER (WHERE %(is_chased)s)
                       AS chased_days""",
                is_chased=SQL(
                    "amount > 0 AND date_maturity < %s"
                    " AND is_significant AND own >= residue",
                    self.day,
                ),
                day=self.day,
            )
            if with_use
            else SQL(),
            tax=self._owed_tax_join("source") if with_use else SQL(),
            **self._asked(
                with_use,
                self.use_of("source.amount", self._untaxed_of("source")),
                self.single_condition("0"),
            ),
        )

    def _asking_residue(self):
        """What the asking buyer's policy ignores of a debt, in the company's currency.

        Less than this is exposure, but nobody is chased for it (DESIGN 4).
        """
        residues = self.facts.residues
        if not any(residues.values()):
            return SQL("0")
        return SQL(
            "CASE asking.policy_id %s ELSE 0 END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", policy_id, residue)
                for policy_id, residue in residues.items()
            ),
        )

    def _order_part(self, with_use):
        """Open orders: delivered, ordered, and ordered beyond the horizon."""
        # each part on its own: what has left may be insured by another policy
        ordered = self.use_of("source.open_ordered", "source.open_ordered_untaxed")
        used = SQL(
            "CASE WHEN %s THEN COALESCE(%s, 0) ELSE 0 END"
            " + CASE WHEN source.is_deferred OR NOT %s THEN 0 ELSE COALESCE(%s, 0) END",
            self.single_condition("1"),
            self.use_of("source.open_delivered", "source.open_delivered_untaxed"),
            self.single_condition("2"),
            ordered,
        )
        return SQL(
            """(
            SELECT partner_id, sum(own_delivered) AS delivered,
                   sum(own_ordered) FILTER (WHERE NOT is_deferred) AS ordered,
                   sum(own_ordered) FILTER (WHERE is_deferred) AS deferred
                   %(total)s
              FROM (
                SELECT %(buyer)s AS partner_id, source.is_deferred,
                       CASE WHEN %(is_own)s AND source.open_delivered IS NOT NULL
                            THEN %(delivered)s END AS own_delivered,
                       CASE WHEN %(is_own)s AND source.open_ordered IS NOT NULL
                            THEN %(ordered)s END AS own_ordered %(used)s
                  FROM order_open source %(asking)s
                 WHERE %(not_asked)s
                OFFSET 0
              ) line
             GROUP BY partner_id
            )""",
            delivered=self.to_company(
                SQL("source.open_delivered"), "source.currency_id", "source"
            ),
            ordered=self.to_company(
                SQL("source.open_ordered"), "source.currency_id", "source"
            ),
            not_asked=self.not_asked_about("source.is_candidate"),
            **self._asked(with_use, used, SQL("TRUE")),
        )

    def _draft_part(self, with_use):
        return SQL(
            """(
            SELECT partner_id, sum(own) AS draft %(total)s
              FROM (
                SELECT %(buyer)s AS partner_id,
                       CASE WHEN %(is_own)s THEN %(own)s END AS own %(used)s
                  FROM draft_invoice source %(asking)s
              ) draft
             GROUP BY partner_id
            )""",
            own=self.to_company(SQL("source.amount"), "source.currency_id", "source"),
            **self._asked(
                with_use,
                self.use_of("source.amount", "source.untaxed"),
                self.single_condition("3", "NULL::int"),
            ),
        )

    def _asked(self, with_use, used, condition):
        """The pieces that tell who asks about a document ``source``.

        Without a limit to ask about, every buyer asks for itself.

        :param used: what the document uses of the asking buyer's limit
        :param condition: whether it uses that limit
        """
        if not with_use:
            # + 0: PostgreSQL takes nearly each order line for one of another buyer, and
            # would sort them all to group them
            return {
                "buyer": SQL("source.partner_id + 0"),
                "is_own": self.of_company("source.company_id"),
                "asking": SQL(),
                "used": SQL(),
                "total": SQL(),
            }
        is_own = self.of_company("source.company_id")
        if self.present.shared_numbers:
            is_own = SQL("(source.partner_id = asking.partner_id AND %s)", is_own)
        return {
            "buyer": SQL("asking.partner_id"),
            "is_own": is_own,
            "asking": SQL("JOIN asking ON asking.mate_id = source.partner_id"),
            "used": SQL(
                ", CASE WHEN %s AND %s THEN %s END AS used",
                self.insured_company("source"),
                condition,
                used,
            ),
            "total": SQL(", sum(used) AS used"),
        }

    def document_select(self, partner_id):
        """The exposure by document: the same amounts, converted line by line."""
        parts = [
            self._document_part(
                "CASE WHEN source.amount > 0 THEN 'receivable' ELSE 'unallocated' END",
                "receivable",
                "source.amount",
                model="'account.move'",
                res_id="source.move_id",
                day="source.invoice_date",
                due="source.date_maturity",
                partner_id=partner_id,
            )
        ]
        for component, amount, condition in (
            ("'delivered'", "source.open_delivered", "TRUE"),
            ("'ordered'", "source.open_ordered", "NOT source.is_deferred"),
            ("'deferred'", "source.open_ordered", "source.is_deferred"),
        ):
            parts.append(
                self._document_part(
                    component,
                    "order_open",
                    amount,
                    model="'sale.order'",
                    res_id="source.order_id",
                    day="source.shipment_date",
                    due="NULL::date",
                    partner_id=partner_id,
                    condition=condition,
                )
            )
        if self.counts_unposted:
            parts.append(
                self._document_part(
                    "'draft'",
                    "draft_invoice",
                    "source.amount",
                    model="source.document_model",
                    res_id="source.document_id",
                    day="source.invoice_date",
                    due="source.invoice_date_due",
                    partner_id=partner_id,
                )
            )
        return SQL(
            """
            SELECT component, model, res_id, date, due_date,
                   currency_id AS document_currency_id,
                   sum(amount) AS document_amount, sum(company_amount) AS amount
              FROM (%s) part
             WHERE amount <> 0
             GROUP BY component, model, res_id, date, due_date, currency_id
             ORDER BY component, date, res_id, due_date
            """,
            SQL(" UNION ALL ").join(parts),
        )

    def _document_part(self, component, source, amount, condition="TRUE", **columns):
        return SQL(
            """
            SELECT %(component)s AS component, %(model)s AS model, %(res_id)s AS res_id,
                   %(day)s AS date, %(due)s AS due_date, source.currency_id,
                   %(amount)s AS amount, %(company_amount)s AS company_amount
              FROM %(source)s source
             WHERE source.partner_id = %(partner)s AND source.company_id = %(company)s
               AND %(condition)s
            """,
            component=SQL(component),
            model=SQL(columns["model"]),
            res_id=SQL(columns["res_id"]),
            day=SQL(columns["day"]),
            due=SQL(columns["due"]),
            amount=SQL(amount),
            company_amount=self.to_company(SQL(amount), "source.currency_id", "source"),
            source=SQL.identifier(source),
            partner=columns["partner_id"],
            company=self.company.id,
            condition=SQL(condition),
        )
