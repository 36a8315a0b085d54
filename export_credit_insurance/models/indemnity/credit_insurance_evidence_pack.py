import io
import tempfile

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, split_every

from ..collection.res_partner_statement import STATEMENT_REPORT
from ..groups import CONTROLLER_GROUP
from ..ledger.untaxed_share import BILLS
from .pack_index import Paper, write_index
from .pack_writer import PackWriter, safe_name

INVOICE_REPORT = "account.account_invoices"
ORDER_REPORT = "sale.action_report_saleorder"
# Documents that are printed together.
BATCH = 25
# Pack in memory up to this size, on disk beyond.
SPOOL = 8 * 1024 * 1024
MAIL_TYPES = ("email", "comment", "email_outgoing")


class CreditInsuranceEvidencePack(models.AbstractModel):
    """What proves the debts of one buyer, as one ZIP for the insurer.

    *In it*: the statement of account, invoices, orders, the papers filed by kind
    (``credit.insurance.evidence``), reminders and formal notices that were sent, mails
    exchanged with the buyer, and an index of all files and of what is missing.

    *Not in it*: what is ours alone. Internal notes and log notes, credit findings and
    holds, limits and scores, activities, promises and disputes, messages between
    colleagues, and reminders that only colleagues saw. Of the chatter only messages
    count that the buyer wrote or received.

    Files are read or printed one after the other and written to disk: memory holds one
    batch of printed documents, whatever the number of invoices.
    """

    _name = "credit.insurance.evidence.pack"
    _description = "Evidence Pack"

    @api.model
    def _check_moves(self, moves):
        """Check that the user may hand out the papers of these invoices.

        :raise AccessError: for anyone but controllers of the invoices' companies
        :raise UserError: for anything else than posted invoices of one buyer and
            company
        """
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller hands papers to an insurer.")
            )
        moves = moves.sudo().exists()  # sudo: controllers need read no invoices
        if moves.company_id - self.env.companies:
            raise AccessError(
                self.env._("These invoices are another company's: switch to it first.")
            )
        wrong = moves.filtered(
            lambda m: m.state != "posted" or m.move_type not in BILLS
        )
        if wrong or not moves:
            raise UserError(
                self.env._(
                    "An evidence pack is made of posted customer invoices: leave out "
                    "%s.",
                    ", ".join(wrong.mapped("display_name")) or "–",
                )
            )
        if len(moves.commercial_partner_id) > 1 or len(moves.company_id) > 1:
            raise UserError(
                self.env._(
                    "These invoices are of %(count)s buyers: an insurer gets one pack "
                    "per buyer. Choose the invoices of one.",
                    count=len(moves.commercial_partner_id),
                )
            )

    @api.model
    def _count_printed(self, moves):
        """Return how many documents a pack of these invoices has to print."""
        moves = moves.sudo()  # sudo: controllers need read no invoices
        unsent = moves.filtered(lambda move: not move.invoice_pdf_report_id)
        return len(unsent) + len(moves.invoice_line_ids.sale_line_ids.order_id)

    @api.model
    def _make(self, moves, tell=None):
        """Write the pack of these invoices; return an open temporary file, rewound.

        :param tell: is told how many papers are written, after each of them
        """
        self._check_moves(moves)
        stream = tempfile.SpooledTemporaryFile(max_size=SPOOL)
        # sudo: papers of the invoices, whose companies were checked above
        moves = moves.sudo().sorted(lambda move: (move.invoice_date, move.id))
        company = moves.company_id
        moves = moves.with_company(company)
        zone = company._credit_time_zone(company.id)  # days are the company's
        files = []
        with PackWriter(stream) as writer:
            for paper in self.sudo().with_context(tz=zone)._papers(moves):
                path = writer.add(paper.folders, paper.name, paper.content)
                files.append((path, paper._replace(content=b"")))
                if tell:
                    tell(len(files))
            index = io.BytesIO()
            write_index(index, self.env, files, moves)
            name = self.env._("0 Index")
            writer.add((), f"{name}.xlsx", index.getvalue())
        stream.seek(0)
        return stream

    @api.model
    def _file_name(self, moves):
        """Return the name of the pack: buyer and day."""
        buyer = moves.sudo().commercial_partner_id  # sudo: its name
        day = moves.sudo().company_id._credit_today()  # sudo: its time zone
        return safe_name(f"{buyer.name} {day}.zip")

    # === PAPERS === #

    @api.model
    def _papers(self, moves):
        """Yield the :class:`Paper` of the pack, one after the other."""
        orders = moves.invoice_line_ids.sale_line_ids.order_id
        yield from self._statement_papers(moves)
        yield from self._invoice_papers(moves)
        yield from self._order_papers(orders)
        yield from self._filed_papers(moves, orders)
        yield from self._reminder_papers(moves)
        yield from self._mail_papers(moves, orders)

    @api.model
    def _statement_papers(self, moves):
        section = self.env._("1 Statement of account")
        content, kind = self._reports()._render_qweb_pdf(
            STATEMENT_REPORT, moves.commercial_partner_id.ids
        )
        name = f"{moves.commercial_partner_id.name}.{kind}"
        today = moves.company_id._credit_today()
        yield Paper(section, (section,), name, content, date=today)

    @api.model
    def _invoice_papers(self, moves):
        """The invoices as they were sent; those never sent are printed now."""
        section = self.env._("2 Invoices")
        sent = moves.filtered("invoice_pdf_report_id")
        for move in sent:
            file = move.invoice_pdf_report_id
            yield self._document(section, move, file.name, self._read(file))
        for move, content, kind in self._print(INVOICE_REPORT, moves - sent):
            yield self._document(
                section,
                move,
                f"{move.name}.{kind}",
                content,
                remark=self.env._("Printed for this pack; no copy as sent is kept."),
            )

    @api.model
    def _order_papers(self, orders):
        section = self.env._("3 Orders")
        for order, content, kind in self._print(ORDER_REPORT, orders):
            remark = ""
            if order.signed_on:
                remark = self.env._(
                    "Signed by %(name)s on %(day)s.",
                    name=order.signed_by,
                    day=format_datetime(self.env, order.signed_on),
                )
            elif order.client_order_ref:
                remark = self.env._("Customer's reference %s.", order.client_order_ref)
            yield self._document(
                section, order, f"{order.name}.{kind}", content, remark
            )

    @api.model
    def _papers_section(self):
        return self.env._("4 Papers")

    @api.model
    def _filed_papers(self, moves, orders):
        section = self._papers_section()
        papers = self.env["credit.insurance.evidence"].search(
            ["|", ("move_id", "in", moves.ids), ("order_id", "in", orders.ids)],
            order="kind, date, id",
        )
        kinds = dict(papers._fields["kind"]._description_selection(self.env))
        for paper in papers:
            document = paper.move_id or paper.order_id
            name, file = paper._paper()
            kind = kinds[paper.kind]
            yield Paper(
                section,
                (section, kind),
                f"{document.name} {name}",
                self._read(file),
                document=document.name,
                date=paper.date,
                remark=" – ".join(filter(None, (kind, paper.note))),
            )

    @api.model
    def _reminder_papers(self, moves):
        """Reminders and formal notices that the buyer was sent of these invoices."""
        section = self.env._("5 Reminders")
        reminders = self.env["credit.followup.reminder"].search(
            [
                ("state", "=", "sent"),
                ("channel", "!=", "internal"),
                ("line_ids.move_id", "in", moves.ids),
            ],
            order="sent_on, id",
        )
        for reminder in reminders:
            day = reminder.company_id._credit_day_of(reminder.sent_on)
            stem = f"{day} {reminder.name}"
            facts = {
                "document": reminder.name,
                "date": day,
                "remark": reminder.text_step_id.name or reminder.step_id.name,
            }
            letter, message = reminder.letter_id, reminder.mail_message_id
            if letter:
                _name, _dot, kind = letter.name.rpartition(".")
                yield Paper(
                    section, (section,), f"{stem}.{kind}", self._read(letter), **facts
                )
            if message:
                mail = self._mail_page(message, reminder._addressee())
                yield Paper(section, (section,), f"{stem}.html", mail, **facts)

    @api.model
    def _mail_papers(self, moves, orders):
        """Mails that the buyer wrote or received about these documents, with files."""
        section = self.env._("6 Mails")
        company = moves.company_id
        for message in self._messages(moves, orders):
            day = company._credit_day_of(message.date)
            stem = f"{day} {message.subject or message.record_name or ''}".strip()
            facts = {
                "document": message.record_name or "",
                "date": day,
                "remark": message.author_id.display_name or message.email_from or "",
            }
            receivers = message.partner_ids | message.notified_partner_ids
            page = self._mail_page(message, receivers)
            yield Paper(section, (section,), f"{stem[:80]}.html", page, **facts)
            for file in message.attachment_ids:
                yield Paper(
                    section, (section,), f"{day} {file.name}", self._read(file), **facts
                )

    @api.model
    def _messages(self, moves, orders):
        """Return the messages between us and the buyer, internal ones left out."""
        buyer = moves.commercial_partner_id
        contacts = self.env["res.partner"].search(
            [("commercial_partner_id", "=", buyer.id)]
        )
        owners = {"account.move": moves, "sale.order": orders, "res.partner": contacts}
        found = self.env["mail.message"]
        for model, records in owners.items():
            found |= found.search(
                [
                    ("model", "=", model),
                    ("res_id", "in", records.ids),
                    ("message_type", "in", MAIL_TYPES),
                    ("is_internal", "=", False),
                    ("subtype_id.internal", "!=", True),
                ]
            )
        return found.filtered(
            lambda message: (
                message.author_id | message.partner_ids | message.notified_partner_ids
            )
            & contacts
        ).sorted(lambda message: (message.date, message.id))

    # === TOOLS === #

    @api.model
    def _document(self, section, record, name, content, remark=""):
        """Return the paper of an invoice or order."""
        is_move = record._name == "account.move"
        day = (
            record.invoice_date
            if is_move
            else record.company_id._credit_day_of(record.date_order)
        )
        return Paper(section, (section,), name, content, record.name, day, remark)

    @api.model
    def _reports(self):
        """Return the printer; it keeps no copy on the documents."""
        return self.env["ir.actions.report"].with_context(report_pdf_no_attachment=True)

    @api.model
    def _print(self, report, records):
        """Yield (record, content, kind of file), printed a batch at a time."""
        printer = self._reports()
        for ids in split_every(BATCH, records.ids):
            content, kind = printer._pre_render_qweb_pdf(report, res_ids=list(ids))
            split = printer._get_splitted_report(report, content, kind)
            for record in records.browse(ids):
                printed = split.get(record.id)
                if printed is None:  # a layout that cannot be divided
                    printed, kind = printer._render_qweb_pdf(report, record.ids)
                yield record, printed, kind

    @api.model
    def _read(self, file):
        """Return what an attachment holds; neither it nor its like stay in memory."""
        content = file.with_prefetch(file.ids).raw or b""
        file.invalidate_recordset(["raw"], flush=False)
        return content

    @api.model
    def _mail_page(self, message, receivers):
        """Return a mail as a page: who, to whom, when, its subject and text."""
        heads = {
            self.env._("Sender"): message.email_from or message.author_id.display_name,
            self.env._("Recipients"): ", ".join(
                receivers.mapped(lambda p: p.email_formatted or p.display_name)
            ),
            self.env._("Date"): format_datetime(
                self.env, message.date, tz=self.env.context.get("tz")
            ),
            self.env._("Subject"): message.subject or "",
        }
        rows = Markup().join(
            Markup("<p><b>{}</b>: {}</p>").format(name, text or "")
            for name, text in heads.items()
        )
        page = Markup(
            '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
            "<body>{}<hr>{}</body></html>"
        )
        return page.format(rows, message.body or "").encode()
