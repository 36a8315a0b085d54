import datetime

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.tools import format_date

from ..reference.number_text import number_text


class CreditInsurancePolicyDatedMixin(models.AbstractModel):
    """A row of a policy's schedule that holds for shipments between two days.

    An endorsement ends a row and adds the next one, so that what was shipped before
    keeps the terms of its day. Whoever changes a row of a policy that has been in
    force leaves a note on the policy that says what it was.
    """

    _name = "credit.insurance.policy.dated.mixin"
    _description = "Dated Term of a Policy"

    # the field of the policy that lists these rows
    _policy_field = None
    # what a row is for: two rows for the same hold at different times
    _scope_fields = ()

    date_from = fields.Date(
        string="From",
        help="Shipments from this day on; empty: from the beginning.",
    )
    date_to = fields.Date(
        string="Until",
        help="Shipments until this day; empty: to the end. To change a term, end its "
        "row and add one from the next day on: earlier shipments keep theirs.",
    )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._note_on_policy(
            [
                (row, self.env._("Added: %(row)s", row=text))
                for row, text in rows._wordings()
            ]
        )
        return rows

    def write(self, vals):
        before = dict(self._wordings())
        result = super().write(vals)
        changed = [
            (row, now, before[row])
            for row, now in self._wordings()
            if row in before and before[row] != now
        ]
        self._note_on_policy(
            [
                (
                    row,
                    self.env._(
                        "Changed: %(row)s; before: %(before)s", row=now, before=then
                    ),
                )
                for row, now, then in changed
            ]
        )
        return result

    def unlink(self):
        self._note_on_policy(
            [
                (row, self.env._("Removed: %(row)s", row=text))
                for row, text in self._wordings()
            ]
        )
        return super().unlink()

    # === BUSINESS ===

    def _on(self, day):
        """Return the rows that hold for shipments of a day; None: on every day."""
        first = day or datetime.date.min
        last = day or datetime.date.max
        return self.filtered(
            lambda row: (
                (not row.date_from or row.date_from <= first)
                and (not row.date_to or last <= row.date_to)
            )
        )

    def _check_period(self):
        """Refuse rows that end before they start, or for the same at the same time."""
        known = self.search([("policy_id", "in", self.policy_id.ids)])
        rows_for = known.grouped(lambda row: row._scope())
        for row in self:
            if row.date_from and row.date_to and row.date_to < row.date_from:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: the row for %(scope)s ends on %(end)s, "
                        "before it starts on %(start)s. Correct its dates.",
                        policy=row.policy_id.number,
                        scope=row._scope_name(),
                        start=format_date(self.env, row.date_from),
                        end=format_date(self.env, row.date_to),
                    )
                )
            if any(row._overlaps(other) for other in rows_for[row._scope()] - row):
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s has two rows for %(scope)s that hold at the "
                        "same time. Let one end on the day before the other begins.",
                        policy=row.policy_id.number,
                        scope=row._scope_name(),
                    )
                )

    # === HELPERS ===

    def _scope(self):
        return (self.policy_id, *(self[name] for name in self._scope_fields))

    def _overlaps(self, other):
        ends = (self.date_to or datetime.date.max, other.date_to or datetime.date.max)
        starts = (
            self.date_from or datetime.date.min,
            other.date_from or datetime.date.min,
        )
        return max(starts) <= min(ends)

    def _scope_name(self):
        """Say what a row is for: “Named limit, Commercial, Brazil”."""
        return ", ".join(filter(None, map(self._value_text, self._scope_fields)))

    def _value_text(self, name):
        """Write a value as the screen does; nothing where it is as the policy says."""
        field, value = self._fields[name], self[name]
        if not value:
            return ""
        if field.type == "date":
            return format_date(self.env, value)
        if field.type in ("float", "integer"):
            return number_text(self.env, value)
        return str(field.convert_to_export(value, self))

    def _wordings(self):
        """Return each row with its values in words, for those no draft policy has."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store and name not in (*MAGIC_COLUMNS, "policy_id")
        ]
        return [
            (
                row,
                ", ".join(
                    f"{row._fields[name]._description_string(self.env)} {text}"
                    for name in names
                    if (text := row._value_text(name))
                ),
            )
            for row in self
            if row.policy_id.state != "draft"
        ]

    def _note_on_policy(self, notes):
        """Log on each policy what happened to its rows."""
        policies = self.env["credit.insurance.policy"]
        title = policies._fields[self._policy_field]._description_string(self.env)
        bodies = {}
        for row, text in notes:
            bodies.setdefault(row.policy_id.id, [escape(title)]).append(escape(text))
        if bodies:
            policies.browse(bodies)._message_log_batch(
                {key: Markup("<br/>").join(lines) for key, lines in bodies.items()}
            )
