"""The scenarios that come with the add-on, and their texts in eleven languages."""

from pathlib import Path

from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import html2plaintext
from odoo.tools.rendering_tools import INLINE_TEMPLATE_REGEX
from odoo.tools.translate import translation_file_reader

from ...models.collection.followup_text import PLACEHOLDERS, render_html, render_text

ADDON = "export_credit_insurance"
#: zones whose customers read the same words; "standard" is the plan of nobody's zone
FAMILIES = {
    "europe": ("standard", "domestic", "eu_eea"),
    "common_law": ("other_stable", "rest_of_world"),
    "eastern": ("eastern_europe", "central_asia"),
    "arab": ("north_africa", "middle_east"),
    "africa": ("west_africa", "sub_saharan_africa"),
    "asia": ("south_east_asia",),
    "latin": ("latin_america",),
}
#: plans for the time of an event, for buyers of any zone
EVENT_PLANS = ("transfer_blocked",)
STEPS = ("before", "first", "second", "third", "notice", "insurer", "hand_over")
#: letters, mails and statements: what their customers read of them
CUSTOMER_TEMPLATES = (
    "credit_followup_items",
    "credit_followup_mail",
    "credit_followup_letter_document",
    "credit_followup_letter",
    "credit_letter_address",
    "credit_statement_items",
    "credit_statement_document",
    "portal_my_home_statement",
    "portal_breadcrumbs_statement",
    "portal_my_statement",
)
#: where somebody calls before anybody writes a reminder
CALL_FIRST = ("arab", "asia")
LANGUAGES = {
    "fr": "fr_FR",
    "de": "de_DE",
    "es": "es_ES",
    "it": "it_IT",
    "pt": "pt_PT",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "tr": "tr_TR",
    "ar": "ar_001",
    "zh_CN": "zh_CN",
}
#: insurers, cover, nationality, origin: no customer reads of them
FORBIDDEN = {
    "en": r"insur|\bcover(s|age|ed)?\b|nationalit|\borigin",
    "fr": r"assur|\bcouv[er]|nationalit|\borigine",
    "de": r"versicher|deckung|nationalit|herkunft",
    "es": r"segur[oa]|asegur|cobertura|nacionalidad|\borigen",
    "it": r"assicur|copertura|nazionalit|\borigine",
    "pt": r"segur[oa]|assegur|cobertura|nacionalidade|\borigem",
    "nl": r"verzeker|dekking|nationaliteit|herkomst",
    "pl": r"ubezpiecz|narodowo|pochodzeni",
    "tr": r"sigorta|teminat|uyruk|köken",
    "ar": r"تأمين|تغطية|جنسية",
    "zh_CN": r"保险|承保|国籍|原产",
}
INTEREST = {
    "en": r"\binterest",
    "fr": r"intérêt|pénalité",
    "de": r"zins",
    "es": r"interes",
    "it": r"interessi",
    "pt": r"\bjuros",
    "nl": r"rente",
    "pl": r"odset",
    "tr": r"faiz",
    "ar": r"فائدة|فوائد",
    "zh_CN": r"利息",
}
#: what a formal notice must name (DOMAIN 3.4); its date stands above the letter
NOTICE_NAMES = {
    "company",
    "company_address",
    "buyer",
    "items",
    "previous_reminders",
    "deadline",
    "signer",
}
#: by which the law of the readers knows one, in its title and in its words
NOTICE_WORDS = {
    "fr": r"\ben demeure\b",
    "de": r"förmlich|klageerhebung",
    "es": r"requeri",
    "it": r"diffid|in mora",
    "nl": r"ingebrekestelling|in gebreke|dagvaarding",
    "pl": r"wezwanie|wzywamy|wezwać",
    "tr": r"i\u0307?htar",  # lower() of İ leaves its dot
    "ar": r"إنذار|ننذر",
    "zh_CN": r"催告",
}


def placeholders(text):
    """The placeholders of a text, sorted: a language may need another order."""
    found = INLINE_TEMPLATE_REGEX.finditer(str(text))
    return sorted(match.group(1).strip() for match in found)


@tagged("post_install", "-at_install")
class TestScenarios(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        codes = list(LANGUAGES.values())
        for code in codes:
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"]._load_module_terms([ADDON], codes)
        cls.zones = [zone for zones in FAMILIES.values() for zone in zones]

    def plan(self, zone):
        return self.env.ref(f"{ADDON}.credit_followup_plan_{zone}")

    def step(self, zone, name):
        return self.env.ref(f"{ADDON}.credit_followup_step_{zone}_{name}")

    def customer_texts(self, zones=None):
        """Yield (zone, record, field, step or None) of all that customers read.

        The name of a step that writes stands in the list of earlier reminders.
        """
        for zone in zones or [*self.zones, *EVENT_PLANS]:
            plan = self.plan(zone)
            yield zone, plan, "receipt_subject", None
            yield zone, plan, "receipt_body", None
            for step in plan.step_ids.filtered(lambda step: step._writes_to_buyer()):
                for field in ("subject", "body", "name"):
                    yield zone, step, field, step

    def in_languages(self, record, field):
        """Yield (language, text) of a field in English and in every translation."""
        yield "en", record.with_context(lang="en_US")[field]
        for language, code in LANGUAGES.items():
            yield language, record.with_context(lang=code)[field]

    # === PLANS AND STEPS === #

    def test_every_zone_has_a_plan(self):
        zones = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "credit.insurance.zone")]
        )
        codes = {
            name.removeprefix("credit_insurance_zone_") for name in zones.mapped("name")
        }
        self.assertEqual(codes, set(self.zones) - {"standard"})
        for zone in codes:
            with self.subTest(zone=zone):
                asked = self.env.ref(f"{ADDON}.credit_insurance_zone_{zone}")
                self.assertEqual(self.plan(zone).zone_ids, asked)
                self.assertFalse(self.plan(zone).is_default)
        self.assertTrue(self.plan("standard").is_default)

    def test_steps_are_taken_in_order(self):
        """Each plan has the steps of its family, each later than the one before."""
        for family, zones in FAMILIES.items():
            expected = list(STEPS)
            if family in CALL_FIRST:
                expected.insert(1, "call")
            for zone in zones:
                with self.subTest(zone=zone):
                    steps = self.plan(zone).step_ids
                    named = self.env["credit.followup.step"].concat(
                        *(self.step(zone, name) for name in expected)
                    )
                    self.assertEqual(steps, named)
                    days = steps.filtered(lambda s: s.base == "due_date").mapped("days")
                    self.assertEqual(days, sorted(set(days)))
                    self.assertLess(days[0], 0)
                    self.assertGreater(days[1], 0)

    def test_sequences_mean_the_same_everywhere(self):
        """A buyer who changes plan goes on after the step reached, not before."""
        for name in STEPS:
            numbers = {self.step(zone, name).sequence for zone in self.zones}
            self.assertEqual(len(numbers), 1, name)

    def test_families_share_their_texts(self):
        for zones in FAMILIES.values():
            first, *others = zones
            for zone in others:
                with self.subTest(zone=zone):
                    for field in ("receipt_subject", "receipt_body"):
                        self.assertEqual(
                            self.plan(zone)[field], self.plan(first)[field]
                        )
                    for name in STEPS:
                        step, model = self.step(zone, name), self.step(first, name)
                        for field in ("name", "subject", "body"):
                            self.assertEqual(step[field], model[field])

    def test_formal_notices_wait_for_a_person(self):
        for zone in self.zones:
            notice = self.step(zone, "notice")
            self.assertTrue(notice.is_formal_notice, zone)
            self.assertTrue(notice.needs_approval, zone)
            self.assertFalse(notice.is_automatic, zone)
            self.assertGreaterEqual(notice.deadline_days, 8, zone)

    def test_colleagues_steps_write_to_nobody(self):
        for zone in self.zones:
            insurer, hand_over = (
                self.step(zone, "insurer"),
                self.step(zone, "hand_over"),
            )
            self.assertTrue(insurer.notify_insurer and insurer.base == "mep_end", zone)
            self.assertTrue(hand_over.hand_over and hand_over.base == "mep_end", zone)
            for step in insurer + hand_over:
                self.assertFalse(step._writes_to_buyer() or step.body, zone)

    def test_installing_thanks_nobody(self):
        for zone in self.zones:
            self.assertFalse(self.plan(zone).send_receipt, zone)
            self.assertTrue(self.plan(zone).receipt_subject, zone)

    # === TEXTS === #

    def test_translations_keep_the_placeholders(self):
        for zone, record, field, _step in self.customer_texts():
            source = record.with_context(lang="en_US")[field]
            for language, text in self.in_languages(record, field):
                with self.subTest(zone=zone, field=field, language=language):
                    self.assertEqual(placeholders(text), placeholders(source))

    def test_nothing_is_left_in_braces(self):
        values = dict.fromkeys(PLACEHOLDERS, "x")
        for zone, record, field, _step in self.customer_texts():
            render = render_html if field.endswith("body") else render_text
            for language, text in self.in_languages(record, field):
                for known in (values, {}):
                    with self.subTest(zone=zone, field=field, language=language):
                        self.assertNotRegex(render(text, known), r"[{}|]")

    def test_no_word_of_insurers_or_origin(self):
        for zone, record, field, _step in self.customer_texts():
            for language, text in self.in_languages(record, field):
                with self.subTest(zone=zone, field=field, language=language):
                    plain = html2plaintext(str(text)).lower()
                    self.assertNotRegex(plain, FORBIDDEN[language])

    def test_interest_is_named_only_where_it_is_shown(self):
        for zone, record, field, step in self.customer_texts():
            shows = step and step.show_interest
            if shows:
                self.assertIn("total_claimed", str(step.body), zone)
                continue
            for language, text in self.in_languages(record, field):
                with self.subTest(zone=zone, field=field, language=language):
                    plain = html2plaintext(str(text)).lower()
                    self.assertNotRegex(plain, INTEREST[language])
                    named = set(placeholders(text))
                    self.assertFalse(named & {"interest", "fees", "total_claimed"})

    def test_formal_notices_are_complete(self):
        for zone in self.zones:
            notice = self.step(zone, "notice").with_context(lang="en_US")
            named = set(placeholders(notice.body))
            self.assertFalse(NOTICE_NAMES - named, zone)
            self.assertTrue(named & {"total_claimed", "total_overdue"}, zone)
            plain = html2plaintext(str(notice.body)).lower()
            for words in (
                "formal notice",
                "court|judicial",
                "all our rights|further rights",
            ):
                self.assertRegex(plain, words, zone)
            for language, words in NOTICE_WORDS.items():
                translated = notice.with_context(lang=LANGUAGES[language])
                for text in (translated.subject, html2plaintext(str(translated.body))):
                    self.assertRegex(text.lower(), words, (zone, language))

    def test_subjects_are_short(self):
        """A subject fits the list of a mail program, its placeholders filled in."""
        for zone, record, field, _step in self.customer_texts():
            if "subject" in field:
                for language, text in self.in_languages(record, field):
                    words = INLINE_TEMPLATE_REGEX.sub("", text)
                    self.assertLessEqual(len(words), 60, (zone, language, text))

    def test_french_signs_keep_their_space(self):
        """A non-breaking space stands before the double signs."""
        for zone, record, field, _step in self.customer_texts():
            text = record.with_context(lang="fr_FR")[field]
            words = INLINE_TEMPLATE_REGEX.sub("", html2plaintext(str(text)))
            self.assertNotRegex(words, r"[^\W\d_][:;!?]| [:;!?]", (zone, field))

    # === LANGUAGES === #

    def translated(self, language):
        """The translated terms of a file, {(field, record's name, source)}."""
        file = Path(Manifest.for_addon(ADDON).path, "i18n", f"{language}.po")
        return {
            (row["name"], row["imd_name"], row["src"])
            for row in translation_file_reader(str(file))
            if row["value"] and "imd_name" in row
        }

    def wanted(self):
        """Every term a customer may read, the labels of letters and mails included."""
        for _zone, record, field, _step in self.customer_texts():
            source = record.with_context(lang="en_US")[field]
            name = record.get_external_id()[record.id].split(".")[1]
            terms = [source]
            if field.endswith("body"):
                terms = record._fields[field].get_trans_terms(source)
            for term in terms:
                yield f"{record._name},{field}", name, term
        for xmlid in CUSTOMER_TEMPLATES:
            view = self.env.ref(f"{ADDON}.{xmlid}").with_context(lang="en_US")
            for term in view._fields["arch_db"].get_trans_terms(view.arch_db):
                if len(term) > 1:  # Odoo exports no single signs
                    yield "ir.ui.view,arch_db", xmlid, term

    def test_every_language_is_complete(self):
        wanted = set(self.wanted())
        self.assertGreater(len(wanted), 500)
        for language in LANGUAGES:
            with self.subTest(language=language):
                missing = wanted - self.translated(language)
                self.assertFalse(missing)

    def test_translations_are_loaded(self):
        """What the files hold is what customers get."""
        for zone, record, field, _step in self.customer_texts():
            if field.endswith("body"):
                field_terms = record._fields[field].get_trans_terms
                texts = dict(self.in_languages(record, field))
                source = field_terms(texts.pop("en"))
                for language, text in texts.items():
                    terms = field_terms(text)
                    self.assertEqual(len(terms), len(source), (zone, language))
                    same = set(terms) & set(source) - {"{{ items }}"}
                    self.assertFalse(same, (zone, language))
