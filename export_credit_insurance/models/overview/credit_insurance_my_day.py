from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..groups import (
    CONTROLLER_GROUP,
    FOLLOWUP_GROUP,
    MANAGER_GROUP,
    SALES_GROUP,
)
from .day_section import SHOWN

#: who has which sections (``_section_<key>``), in the order of the screen
SECTIONS = (
    (CONTROLLER_GROUP, "holds"),
    (CONTROLLER_GROUP, "signatures"),
    (CONTROLLER_GROUP, "deadlines"),
    (CONTROLLER_GROUP, "cuts"),
    (CONTROLLER_GROUP, "reviews"),
    (CONTROLLER_GROUP, "insolvencies"),
    (CONTROLLER_GROUP, "imports"),
    (CONTROLLER_GROUP, "requests"),
    (CONTROLLER_GROUP, "expiring"),
    (CONTROLLER_GROUP, "proposals"),
    (CONTROLLER_GROUP, "buyers"),
    (FOLLOWUP_GROUP, "calls"),
    (FOLLOWUP_GROUP, "runs"),
    (FOLLOWUP_GROUP, "promises"),
    (FOLLOWUP_GROUP, "disputes"),
    (FOLLOWUP_GROUP, "mails"),
    (MANAGER_GROUP, "observed"),
    (MANAGER_GROUP, "renewals"),
    (SALES_GROUP, "own_holds"),
    (SALES_GROUP, "own_releases"),
    (SALES_GROUP, "own_news"),
    ("base.group_user", "activities"),
)


class CreditInsuranceMyDay(models.AbstractModel):
    """What its reader has to do today, of everything that credit control asks for.

    Read with the reader's own rights, in the active companies; what is done from there
    is done by the documents' own methods, which check who may. Salespeople without a
    credit group read of their own orders alone, in words that tell nothing of insurers
    (DESIGN 7). The number of queries does not grow with what there is to do.
    """

    _name = "credit.insurance.my.day"
    _description = "My Day in Credit Control"

    @api.model
    @api.readonly
    def get_my_day(self, keys=None):
        """Return the sections that the reader's roles have.

        :param keys: those to read, None for all: after a button the screen leaves out
            the sections that ask the engine of every buyer (``is_slow``), but for the
            one where it was pressed
        :return: ``date``, ``name`` of the reader, ``count`` of all that is to be done
            and ``sections``: key, title, empty text, is_slow, count and up to ten rows
            of label, detail, date, urgency (late, today, soon or none), amount and
            currency_id, model, id, company_id, open (the model and id of what it opens)
            and buttons (label, method, confirm)
        :raise AccessError: for anybody but employees
        """
        sections = [self._fill(section) for section in self._sections(keys)]
        return {
            "date": fields.Date.to_string(self._today()),
            "name": self.env.user.name,
            "count": sum(section["count"] for section in sections),
            "sections": sections,
        }

    @api.model
    def get_action(self, key):
        """Return the action that opens a section's whole list.

        :raise AccessError: for a section that the reader does not have
        """
        for section in self._sections([key]):
            action = self.env["ir.actions.actions"]._for_xml_id(section.action)
            kept = [(section.keep, "=", True)] if section.keep else []
            return {
                **action,
                "name": section.title,
                "domain": [*kept, *section.domain],
                "context": {"create": False},
            }
        raise AccessError(
            self.env._("You have no such section: open My Day again to see yours.")
        )

    # === SECTIONS === #

    def _sections(self, keys=None):
        """Return the reader's sections, only those of these keys if any are named."""
        user = self.env.user
        if not user._is_internal():
            raise AccessError(self.env._("My Day is for employees."))
        return [
            getattr(self, f"_section_{key}")()
            for group, key in SECTIONS
            if (keys is None or key in keys) and user.has_group(group)
        ]

    @api.model
    def _today(self):
        return self.env.company._credit_today()

    def _local_day(self, moment):
        """Return on which day something happened where the reader is."""
        return moment and fields.Datetime.context_timestamp(self, moment).date()

    def _fill(self, section):
        count, rows = 0, []
        for records in self._tables(section):
            found = records.search(section.domain, order=section.order)
            if section.keep:
                found = found.filtered(section.keep)
            count += len(found)
            # only what is shown is fetched
            shown = records.browse(found.ids[:SHOWN])
            rows += [self._prepare_row(section, record) for record in shown]
        if section.by_company:
            rows.sort(key=lambda one: (one["date"] or fields.Date.today(), one["id"]))
        return {
            "key": section.key,
            "title": section.title,
            "empty": section.empty,
            "is_slow": section.by_company,
            "count": count,
            "rows": [
                {**one, "date": fields.Date.to_string(one["date"])}
                for one in rows[:SHOWN]
            ],
        }

    def _tables(self, section):
        """Yield the model to search: once, or for each active company.

        Rows of the engine have the id of their buyer or instalment in every company:
        what was read for one must not be taken for the next one's.
        """
        records = self.env[section.model]
        if not section.by_company:
            yield records
            return
        for company in self.env.companies:
            records.invalidate_model()
            yield records.with_context(allowed_company_ids=company.ids)

    def _named(self, record, name):
        """Return what a record points to by its name, as Odoo's lists show it."""
        found = record._fields[name].convert_to_read(record[name], record)
        return found[1] if found else ""

    def _word(self, record, name):
        """Return a selection's value in the reader's words."""
        field = record._fields[name]
        return dict(field._description_selection(self.env)).get(record[name], "")

    def _prepare_row(self, section, record):
        """Return a row, with its record, what it opens and the company to work in."""
        prepared = section.row(record)
        company_id = prepared["company_id"]
        if "company_id" in record:
            company_id = record.company_id.id
        place = {"model": record._name, "id": record.id}
        return {
            **prepared,
            **place,
            "open": prepared["open"] or place,
            "company_id": company_id or self.env.company.id,
        }
