import re

from odoo import models
from odoo.tools import SQL, format_list

from .limit_row import fold

SIGNS = re.compile(r"[^0-9A-Z]")
WORD_SIGNS = re.compile(r"[\W_]+")


class CreditInsuranceLimitImport(models.Model):
    """Whose rows they are (DOMAIN 6.3).

    In this order: the insurer's number on a limit, our own reference, the VAT or
    registry number in its country. A name only suggests. Each step asks the database
    once for all rows.
    """

    _inherit = "credit.insurance.limit.import"

    def _match(self, entries):
        """Find policy and buyer of the rows that have no outcome yet."""
        self._match_policies(entries)
        left = [entry for entry in entries if not entry.outcome]
        self._match_choices(left)
        for match in (
            self._match_insurer_numbers,
            self._match_references,
            self._match_legal_numbers,
        ):
            match([e for e in left if not e.partner and not e.outcome])
        unknown = [e for e in left if not e.partner and not e.outcome]
        self._suggest(unknown)
        for entry in unknown:
            entry.settle("unknown", self._unknown_text(entry))

    def _unknown_text(self, entry):
        """Say by which numbers nobody was found, or that the file gives none."""
        names = ("insurer_buyer_ref", "own_ref", "id_value")
        numbers = [number for name in names if (number := entry.values[name])]
        if not numbers:
            return self.env._(
                "The file gives no number of this buyer: choose the buyer, or set the "
                "row aside."
            )
        return self.env._(
            "No buyer has number %(numbers)s: choose the buyer, or set the row aside.",
            numbers=format_list(self.env, numbers, "or"),
        )

    def _match_policies(self, entries):
        """Rows name their policy, else the import does."""
        policies = self._policies()
        by_number = {fold(policy.number or ""): policy for policy in policies}
        own = self.policy_id if self.policy_id in policies else None
        for entry in entries:
            if entry.outcome:
                continue
            number = entry.values["policy_number"]
            policy = by_number.get(fold(number)) if number else own
            if not policy:
                entry.settle("error", self._no_policy_text(number))
                continue
            entry.policy = policy
            code = entry.values["insurer_code"]
            if code and fold(code) != fold(policy.insurer_id.code):
                entry.settle(
                    "error",
                    self.env._(
                        "The row is of insurer %(code)s, but policy %(policy)s is of"
                        " %(insurer)s (%(own)s).",
                        code=code,
                        policy=policy.number,
                        insurer=policy.insurer_id.name,
                        own=policy.insurer_id.code,
                    ),
                )

    def _policies(self):
        """Return the policies that the file may be about, the first in use last."""
        domain = [("company_ids", "in", self.company_id.ids)]
        if self.insurer_id:
            domain.append(("insurer_id", "=", self.insurer_id.id))
        return self.env["credit.insurance.policy"].search(domain)[::-1]

    def _no_policy_text(self, number):
        if not number:
            return self.env._("The row names no policy: choose the policy of the file.")
        names = {"number": number, "company": self.company_id.name}
        if not self.insurer_id:
            return self.env._("No policy %(number)s insures %(company)s.", **names)
        return self.env._(
            "Policy %(number)s is none of %(insurer)s that insures %(company)s.",
            insurer=self.insurer_id.name,
            **names,
        )

    def _match_choices(self, entries):
        Partner = self.env["res.partner"]
        for entry in entries:
            if chosen := entry.values["chosen_partner_id"]:
                entry.partner = Partner.browse(chosen).commercial_partner_id
                entry.matched_by = "person"

    def _match_insurer_numbers(self, entries):
        """Limits carry the insurer's number of their buyer."""
        numbers = {e.values["insurer_buyer_ref"] for e in entries} - {None, False, ""}
        if not numbers:
            return
        found, of_policy = {}, {}
        groups = self.env["credit.insurance.limit"]._read_group(
            [
                ("insurer_buyer_ref", "in", list(numbers)),
                ("insurer_id", "in", {e.policy.insurer_id.id for e in entries}),
            ],
            ["insurer_id", "insurer_buyer_ref", "policy_id", "partner_id"],
        )
        for insurer, number, policy, partner in groups:
            found.setdefault((insurer.id, number), set()).add(partner.id)
            of_policy.setdefault((policy.id, number), set()).add(partner.id)
        for entry in entries:
            number = entry.values["insurer_buyer_ref"]
            ids = of_policy.get((entry.policy.id, number)) or found.get(
                (entry.policy.insurer_id.id, number)
            )
            self._settle_match(entry, ids, "insurer", number)

    def _match_references(self, entries):
        refs = {e.values["own_ref"] for e in entries} - {None, False, ""}
        if not refs:
            return
        found = {}
        for partner in self._partners([("ref", "in", list(refs))]):
            buyer = partner.commercial_partner_id
            found.setdefault(partner.ref, set()).add(buyer.id)
        for entry in entries:
            ref = entry.values["own_ref"]
            self._settle_match(entry, found.get(ref), "reference", ref)

    def _match_legal_numbers(self, entries):
        """VAT and registry numbers, signs apart, in the country of the row.

        Without a country only a VAT number that begins with one tells who it is.
        """
        numbers = {_bare(e.values["id_value"]) for e in entries} - {""}
        if not numbers:
            return
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM res_partner
                 WHERE active AND (
                       upper(regexp_replace(vat, '[^0-9A-Za-z]', '', 'g')) = ANY(%s)
                    OR upper(regexp_replace(company_registry, '[^0-9A-Za-z]', '', 'g'))
                       = ANY(%s))
                """,
                list(numbers),
                list(numbers),
            )
        )
        found = {}
        countries = self._countries()
        for partner in self._partners([("id", "in", [id_ for (id_,) in rows])]):
            buyer = partner.commercial_partner_id
            vat = _bare(partner.vat)
            for number in {vat, _bare(partner.company_registry)} - {""}:
                found.setdefault((partner.country_id.id, number), set()).add(buyer.id)
            if vat[:2].isalpha():
                found.setdefault((None, vat), set()).add(buyer.id)
        for entry in entries:
            number = _bare(entry.values["id_value"])
            country = countries.get(fold(entry.values["country"] or ""))
            self._settle_match(entry, found.get((country, number)), "legal", number)

    def _settle_match(self, entry, ids, matched_by, number):
        """Take the one buyer that was found; two are an error that names both."""
        if not ids or not number or entry.outcome:
            return
        partners = self.env["res.partner"].browse(sorted(ids))
        if len(partners) == 1:
            entry.partner, entry.matched_by = partners, matched_by
            return
        entry.settle(
            "error",
            self.env._(
                "%(number)s is of several buyers: %(buyers)s. Choose the buyer.",
                number=number,
                buyers=", ".join(partners[:5].mapped("display_name")),
            ),
        )

    def _suggest(self, entries):
        """Name the buyer of the same name and country, where there is just one."""
        names = {_words(e.values["name"]) for e in entries} - {""}
        if not names:
            return
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM res_partner
                 WHERE active AND id = commercial_partner_id AND is_company
                   AND btrim(regexp_replace(lower(name), '[\\W_]+', ' ', 'g')) = ANY(%s)
                """,
                list(names),
            )
        )
        found = {}
        for partner in self._partners([("id", "in", [id_ for (id_,) in rows])]):
            found.setdefault(_words(partner.name), []).append(partner)
        countries = self._countries()
        for entry in entries:
            country = countries.get(fold(entry.values["country"] or ""))
            namesakes = [
                partner
                for partner in found.get(_words(entry.values["name"]), ())
                if not country or country == partner.country_id.id
            ]
            if len(namesakes) == 1:
                entry.suggested = namesakes[0]

    def _partners(self, domain):
        """Return partners that the user and the import's company may have as buyers."""
        return self.env["res.partner"].search_fetch(
            [*domain, ("company_id", "in", [False, self.company_id.id])],
            ["ref", "vat", "company_registry", "name", "country_id"],
            order="id",
        )

    def _countries(self):
        """Return ``{code or name: id}``."""
        countries = self.env["res.country"].search_fetch([], ["code", "name"])
        return {
            fold(text): country.id
            for country in countries
            for text in (country.name, country.code)
            if text
        }


def _bare(text):
    return SIGNS.sub("", (text or "").upper())


def _words(text):
    return WORD_SIGNS.sub(" ", (text or "").lower()).strip()
