from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL


class CreditFollowupTextMixin(models.AbstractModel):
    """Each language's words are its own: whoever edits one changes no other.

    Odoo translates HTML term by term and keeps one structure for all languages: a new
    French paragraph would stand, in French, in the Arabic letter, too. These texts are
    not one text translated but written for their readers, so here a language that was
    written stays as it was, whatever its neighbours become.
    """

    _inherit = "credit.followup.text.mixin"

    def write(self, vals):
        # EXTENDS 'base'
        names = [
            name for name in self._text_fields if name in vals and self._has_terms(name)
        ]
        before = {name: self._stored_languages(name) for name in names}
        res = super().write(vals)
        for name in names:
            self._keep_other_languages(name, before[name])
        return res

    @api.model
    def _has_terms(self, name):
        """Whether Odoo translates this field term by term."""
        return callable(self._fields[name].translate)

    def _stored_languages(self, name):
        """Return {id: {language: words}} of a field as it is stored."""
        self.flush_recordset([name])
        return {
            id_: stored
            for id_, stored in self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(name),
                    SQL.identifier(self._table),
                    self.ids,
                )
            )
            if stored
        }

    def _keep_other_languages(self, name, before):
        """Put back what other languages said before a write of the environment's."""
        own = self.env.lang or "en_US"
        after = self._stored_languages(name)
        for id_, stored in before.items():
            kept = {lang: words for lang, words in stored.items() if lang != own}
            words = after.get(id_)
            if words and words != {**words, **kept}:
                self.browse(id_)._store_languages(name, {**words, **kept})

    def _store_languages(self, name, words):
        self.env.execute_query(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s RETURNING id",
                SQL.identifier(self._table),
                SQL.identifier(name),
                Json(words),
                self.id,
            )
        )
        self.invalidate_recordset([name], flush=False)

    # === THE DIALOGUE OF TRANSLATIONS === #

    def get_field_translations(self, field_name, langs=None):
        """Return the terms of each language, beside the English ones where they match.

        A language that is built otherwise shows its own terms.
        """
        # EXTENDS 'base'
        translations, context = super().get_field_translations(field_name, langs)
        if field_name not in self._text_fields or not self._has_terms(field_name):
            return translations, context
        stored = self._stored_languages(field_name).get(self.id, {})
        asked = langs or [code for code, _name in self.env["res.lang"].get_installed()]
        rows = [
            {"lang": lang, "source": source, "value": own if own != source else ""}
            for lang in asked
            for source, own in self._terms_beside(field_name, stored, lang)
        ]
        return rows, context

    def _terms_beside(self, name, stored, lang):
        """Return pairs (term shown as the source, term of the language)."""
        terms_of = self._fields[name].get_trans_terms
        english = terms_of(stored.get("en_US") or "")
        own = terms_of(stored.get(lang) or stored.get("en_US") or "")
        return list(zip(english if len(english) == len(own) else own, own, strict=True))

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Change terms of a language in its own words, as the dialogue shows them."""
        # EXTENDS 'base'
        if field_name not in self._text_fields or not self._has_terms(field_name):
            return super().update_field_translations(
                field_name, translations, source_lang
            )
        self.ensure_one()
        for lang, terms in translations.items():
            stored = self._stored_languages(field_name).get(self.id, {})
            new = {
                own: (terms or {}).get(source) or own
                for source, own in self._terms_beside(field_name, stored, lang)
            }
            words = stored.get(lang) or stored.get("en_US") or ""
            field = self._fields[field_name]
            self.with_context(lang=lang).write(
                {field_name: field.translate(new.get, words)}
            )
        return True
