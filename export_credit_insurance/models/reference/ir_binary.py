from odoo import models


class IrBinary(models.AbstractModel):
    """A file's name tells nobody what they may not read.

    The address of a picture says which field it is named after, and Odoo reads that as
    superuser wherever a token, or a page that is published, gives the picture away:
    authors' pictures come with one, in the chatter of an order.
    """

    _inherit = "ir.binary"

    def _get_stream_from(
        self,
        record,
        field_name="raw",
        filename=None,
        filename_field="name",
        mimetype=None,
        default_mimetype="application/octet-stream",
    ):
        # EXTENDS 'base'
        field = record._fields.get(filename_field)
        if field and not record.sudo(False)._has_field_access(field, "read"):
            filename_field = "name"
        return super()._get_stream_from(
            record, field_name, filename, filename_field, mimetype, default_mimetype
        )
