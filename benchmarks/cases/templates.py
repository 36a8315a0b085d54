"""The words of a step as one of Odoo's own mail templates: the yardstick of mails.

The same words in the same languages, the same table and foot; written as somebody would
who had nothing but Odoo.
"""

import re

PLACEHOLDER = re.compile(r"\{\{(.+?)(?:\|\|\|\s*(.*?))?\}\}")
#: what stands for our placeholders in Odoo's templates
EXPRESSIONS = {
    "buyer": "object.partner_id.name",
    "contact": "not object.contact_id.is_company and object.contact_id.name",
    "company": "object.company_id.name",
    "company_address": "object.company_id.partner_id.contact_address",
    "reference": "object.name",
    "today": "format_date(object.date)",
    "items_text": "', '.join(object.line_ids.move_id.mapped('name'))",
    "item_count": "len(object.line_ids)",
    "total_due": "format_amount(object.amount_due, object.currency_id)",
    "total_overdue": "format_amount(object.amount_overdue, object.currency_id)",
    "total_claimed": "format_amount(object.amount_due + object.interest_amount"
    " + object.fee_amount, object.currency_id)",
    "interest": "format_amount(object.interest_amount, object.currency_id)",
    "fees": "format_amount(object.fee_amount, object.currency_id)",
    "oldest_due_date": "format_date(min(object.line_ids.mapped('due_date')))",
    "days_late": "(object.date - min(object.line_ids.mapped('due_date'))).days",
    "deadline": "format_date(object.date)",
    "previous_reminders": "''",
    "responsible": "object.user_id.name",
    "responsible_phone": "object.user_id.phone",
    "responsible_email": "object.user_id.email",
    "signer": "object.approved_by.name",
    "bank_account": "object.company_id.partner_id.bank_ids[:1].acc_number",
}
SENDER = "object.user_id.email_formatted or object.company_id.email_formatted"
ADDRESSEE = (
    "object.contact_id if object.contact_id.email_normalized else object.partner_id"
)
CELL = 'style="padding: 4px; text-align: start;"'
TABLE = f"""
<table style="width: 100%; border-collapse: collapse; margin: 8px 0;">
  <tr><th {CELL}>Invoice</th><th {CELL}>Your reference</th><th {CELL}>Date</th>
      <th {CELL}>Due</th><th {CELL}>Days late</th><th {CELL}>Amount due</th></tr>
  <tr t-foreach="object.line_ids" t-as="line">
    <td {CELL}><bdi t-out="line.move_id.name"></bdi></td>
    <td {CELL}><bdi t-out="line.move_id.ref or ''"></bdi></td>
    <td {CELL} t-out="format_date(line.move_id.invoice_date)"></td>
    <td {CELL} t-out="format_date(line.due_date)"></td>
    <td {CELL} t-out="(object.date - line.due_date).days"></td>
    <td {CELL}><bdi t-out="format_amount(line.amount, line.currency_id)"></bdi></td>
  </tr>
  <tr><td colspan="5" {CELL}>Total</td>
      <td {CELL} t-out="format_amount(object.amount_due, object.currency_id)"></td></tr>
</table>
"""
FOOT = """
<p style="margin-top: 24px; padding-top: 8px; border-top: 1px solid #dddddd;">
  <b t-out="object.company_id.name"></b>
  <t t-if="object.company_id.phone"><br/><bdi t-out="object.company_id.phone"></bdi></t>
  <t t-if="object.company_id.email"><br/><bdi t-out="object.company_id.email"></bdi></t>
  <t t-if="object.company_id.website"><br/>
    <bdi t-out="object.company_id.website"></bdi></t>
</p>
"""


def make(step):
    """Return a mail template with the words of ``step`` in every language."""
    env = step.env
    template = env["mail.template"].create(
        {
            "name": step.name,
            "model_id": env["ir.model"]._get_id("credit.followup.reminder"),
            "lang": "{{ object.lang }}",
            "email_from": f"{{{{ {SENDER} }}}}",
            "reply_to": f"{{{{ {SENDER} }}}}",
            "partner_to": f"{{{{ ({ADDRESSEE}).id }}}}",
            "use_default_to": False,
            "auto_delete": True,
        }
    )
    for code, _name in env["res.lang"].get_installed():
        translated = step.with_context(lang=code)
        template.with_context(lang=code).write(
            {
                "subject": as_inline(translated.subject),
                "body_html": as_qweb(translated.body),
            }
        )
    return template


def as_inline(text):
    """Return a line of ours with Odoo's expressions in place of the placeholders."""
    return PLACEHOLDER.sub(
        lambda match: f"{{{{ {expression_of(match)} }}}}", str(text or "")
    )


def as_qweb(body):
    """Return a body of ours as Odoo's template language has it, with table and foot."""

    def element(match):
        if match.group(1).strip() == "items":
            return TABLE
        return f'<t t-out="{expression_of(match)}"></t>'

    text = PLACEHOLDER.sub(element, str(body or ""))
    return f"<div>{text}{FOOT}</div>"


def expression_of(match):
    """Return the expression of a placeholder, with its default."""
    name, default = match.group(1).strip(), (match.group(2) or "").strip()
    default = default.replace("\\", "").replace("'", "\\'").replace('"', "&quot;")
    return f"{EXPRESSIONS[name]} or '{default}'"
