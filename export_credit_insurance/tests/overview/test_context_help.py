from lxml import etree

from odoo.tests import TransactionCase, tagged

#: forms that somebody new to credit insurance fills in or decides on
MODELS = (
    "credit.insurance.policy",
    "credit.insurance.limit",
    "credit.insurance.security",
    "credit.insurance.hold",
    "credit.insurance.hold.decision",
    "credit.insurance.claim",
    "credit.insurance.declaration",
    "credit.followup.plan",
    "credit.followup.step",
    "credit.insurance.release.authority",
    "credit.insurance.band",
    "credit.insurance.check.rule",
)
#: reviewed: what these say is in their name, whatever the form
SELF_EVIDENT = {
    "active",
    "amount_currency",
    "attachment_ids",
    "company_id",
    "claim_id",
    "closed_on",
    "color",
    "conditions_met_on",
    "correction_ids",
    "credit_review_count",
    "cure",
    "currency_id",
    "date",
    "date_from",
    "date_start",
    "decided_by",
    "decided_by_id",
    "decided_on",
    "declaration_count",
    "display_name",
    "document_date",
    "document_name",
    "end_decision_date",
    "end_notified_on",
    "end_reason",
    "end_reason_code",
    "entry_ids",
    "excluded_line_ids",
    "filed_by",
    "filed_on",
    "first_signed_on",
    "group_id",
    "group_ids",
    "included_line_ids",
    "insurer_ref",
    "limit_count",
    "limit_ids",
    "line_ids",
    "message",
    "move_line_id",
    "name",
    "note",
    "notice_missing",
    "override_author_id",
    "paid_amount",
    "paid_on",
    "partner_id",
    "placeholder_help",
    "plan_id",
    "policy_id",
    "reason",
    "recovery_ids",
    "request_date",
    "request_reason",
    "requested_by",
    "requested_on",
    "sent_by",
    "sent_on",
    "signature_text",
    "signed_attachment_ids",
    "subject",
    "unpaid_table",
}
#: the same, of one form
SELF_EVIDENT_THERE = {
    "credit.insurance.claim: state",
    "credit.insurance.claim.entry: amount",
    "credit.insurance.claim.entry: event",
    "credit.insurance.claim.entry: state",
    "credit.insurance.declaration: date_to",
    "credit.insurance.declaration: state",
    "credit.insurance.declaration.group: amount",
    "credit.insurance.declaration.line: kind",
    "credit.insurance.hold: state",
    "credit.insurance.hold.finding: code",
    "credit.insurance.policy: state",
    "credit.insurance.policy.fee: amount",
    "credit.insurance.policy.year: date_to",
    "credit.insurance.recovery: state",
    "credit.insurance.security: state",
}
ALWAYS = {"1", "True"}
#: Odoo's own
MIXINS = ("mail.thread", "mail.activity.mixin")


@tagged("post_install", "-at_install")
class TestContextHelp(TransactionCase):
    """A newcomer finds a word of help on every field that needs one."""

    def shown(self, model):
        """Return the fields of a form, those of its embedded lists and forms besides.

        What nobody sees needs no help.
        """
        arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
        return self.fields_of(arch, model)

    def fields_of(self, node, model):
        found = set()
        for child in node.iterchildren(etree.Element):
            if child.tag != "field":
                found |= self.fields_of(child, model)
                continue
            if ALWAYS & {child.get("invisible"), child.get("column_invisible")}:
                continue
            name = child.get("name")
            found.add((model, name))
            comodel = self.env[model]._fields[name].comodel_name
            if comodel and comodel.startswith("credit."):
                found |= self.fields_of(child, comodel)
        return found

    def test_forms(self):
        odoo = {name for mixin in MIXINS for name in self.env[mixin]._fields}
        without = sorted(
            f"{owner}: {name}"
            for model in MODELS
            for owner, name in self.shown(model)
            if name not in odoo
            and name not in SELF_EVIDENT
            and f"{owner}: {name}" not in SELF_EVIDENT_THERE
            and not self.env[owner]._fields[name].help
        )
        self.assertFalse(without, "\n".join(without))

    def test_reviewed_names_are_shown(self):
        """The list of what needs no help has no name that no form shows."""
        shown = {pair for model in MODELS for pair in self.shown(model)}
        self.assertEqual(SELF_EVIDENT - {name for _owner, name in shown}, set())
        pairs = {f"{owner}: {name}" for owner, name in shown}
        self.assertEqual(SELF_EVIDENT_THERE - pairs, set())

    def test_settings(self):
        """Each of our settings is explained, by itself or by its field."""
        arch = etree.fromstring(
            self.env["res.config.settings"].get_view(view_type="form")["arch"]
        )
        fields = self.env["res.config.settings"]._fields
        without = [
            field.get("name")
            for field in arch.xpath(
                "//app[@name='export_credit_insurance']//field"
                "[starts-with(@name, 'credit_')]"
            )
            if not fields[field.get("name")].help
            and not any(
                setting.get("help") for setting in field.xpath("ancestor::setting")
            )
        ]
        self.assertFalse(without)


@tagged("post_install", "-at_install")
class TestNewRecords(TransactionCase):
    """A form that is opened to be filled in."""

    def test_what_has_no_buyer_yet_is_not_named_after_one(self):
        """Odoo writes *New* on top of it, not *False* and not half a sentence."""
        for model in (
            "credit.followup.dispute",
            "credit.followup.promise",
            "credit.insurance.assignment",
            "credit.insurance.claim",
            "credit.insurance.evidence",
            "credit.insurance.insolvency.task",
            "credit.insurance.limit.request",
            "credit.insurance.overdue.notice",
            "credit.insurance.own.risk",
        ):
            with self.subTest(model):
                self.assertFalse(self.env[model].new({}).display_name)
