from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules.module import Manifest
from odoo.tools import file_open
from odoo.tools.convert import xml_import
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationImporter, get_po_paths


class CreditFollowupTextMixin(models.AbstractModel):
    """Texts that users edit, and can have back as they were delivered.

    Odoo's own ``template.reset.mixin`` resets a whole record; here days, channels and
    all that a company has set stay, and only the words come back, in every language.
    """

    _name = "credit.followup.text.mixin"
    _description = "Texts of Follow-up"

    #: names of the fields that hold words for the buyer
    _text_fields = ()

    has_delivered_text = fields.Boolean(compute="_compute_has_delivered_text")

    def _compute_has_delivered_text(self):
        delivered = self._delivered_names()
        for record in self:
            record.has_delivered_text = record._origin.id in delivered

    def action_restore_texts(self):
        """Bring the delivered words back, in every language; nothing else changes.

        :raise UserError: where a record was not delivered with words
        """
        self.check_access("write")
        delivered = self._delivered_names()
        for record in self:
            source = delivered.get(record.id) and record._delivered_source(
                *delivered[record.id]
            )
            if source is None:
                raise UserError(
                    self.env._(
                        "%(record)s was made here: there is no delivered text to "
                        "restore.",
                        record=record.display_name,
                    )
                )
            record.sudo()._restore_from(*delivered[record.id], *source)  # sudo: data
        self.invalidate_recordset()
        return True

    def _delivered_names(self):
        """Return {id: (module, name)} of the records that a module has delivered."""
        # sudo: external names, which users do not read
        names = (
            self.env["ir.model.data"]
            .sudo()
            .search_read(
                [("model", "=", self._name), ("res_id", "in", self._origin.ids)],
                ["module", "name", "res_id"],
            )
        )
        return {
            row["res_id"]: (row["module"], row["name"])
            for row in names
            if Manifest.for_addon(row["module"], display_warning=False)
        }

    @api.model
    def _delivered_source(self, module, name):
        """Return (file, the record's element with its words), None if not found."""
        for path in Manifest.for_addon(module)["data"]:
            if not path.endswith(".xml"):
                continue
            with file_open(f"{module}/{path}", "rb") as file:
                content = file.read()
            if f'id="{name}"'.encode() not in content:
                continue
            for element in etree.fromstring(content).iter("record"):
                if element.get("id") in (name, f"{module}.{name}"):
                    for field in element.findall("field"):
                        if field.get("name") not in self._text_fields:
                            element.remove(field)
                    return f"{module}/{path}", element
        return None

    def _restore_from(self, module, name, path, element):
        self.ensure_one()
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        written_here = {code: False for code in installed if code != "en_US"}
        for name_of_field in self._text_fields:
            if self._fields[name_of_field].translate is True:
                self.update_field_translations(name_of_field, written_here)
        loader = xml_import(
            self.env(context={}), module, {}, mode="init", xml_filename=file_path(path)
        )
        root = etree.Element("odoo", noupdate="1")
        root.append(element)
        loader.parse(root)
        self.env.flush_all()
        importer = TranslationImporter(self.env.cr, verbose=False)
        for code in installed:
            for po_path in get_po_paths(module, code):
                importer.load_file(po_path, code, xmlids=[f"{module}.{name}"])
        importer.save(overwrite=True, force_overwrite=True)
        self.env.invalidate_all()
