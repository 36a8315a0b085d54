"""Read one row of an insurer's file: text to amounts, dates and codes."""

import re
from datetime import datetime

from ..contract.credit_insurance_limit import REASON_CODES
from .credit_insurance_limit_profile import DATE_PATTERNS, EXAMPLE, MARKS
from .limit_words import CONDITIONAL, GRANTING, REFUSED

DATE_COLUMNS = ("request_date", "decision_date", "effect_date", "end_date")
AMOUNT_COLUMNS = ("requested_amount", "amount")
SPACES = re.compile(r"[\s\u00a0\u202f]")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
MAX_AMOUNT = 1e13
MAX_TEXT = 500
YEARS = (1990, 2100)


class RowError(Exception):
    """What is wrong with a row, said to its reader."""


class RowReader:
    """Reads the rows of one file as its profile says.

    :param env: in the language of the messages
    :param profile: the mapping profile of the file
    :param currencies: ``{code in capitals: id}`` of the active currencies
    """

    def __init__(self, env, profile, currencies):
        self.env = env
        self.fields = {
            line.field: line.name.strip().lower() for line in profile.column_ids
        }
        self.words = {
            (word.meaning.split(".")[0], fold(word.word)): word.meaning.split(".")[1]
            for word in profile.word_ids
        }
        self.profile = profile
        self.currencies = currencies
        self.decimal = MARKS[profile.decimal_mark]
        self.spaced = profile.thousands_mark == "space"
        self.pattern = DATE_PATTERNS[profile.date_format]
        decimal = re.escape(self.decimal)
        # spaces are taken out before
        thousands = re.escape(MARKS.get(profile.thousands_mark, "").strip())
        grouped = rf"|\d{{1,3}}(?:{thousands}\d{{3}})+" if thousands else ""
        self.number = re.compile(rf"(\d+{grouped})(?:{decimal}(\d+))?", re.ASCII)

    def parse(self, cells):
        """Return the values of a row.

        :raise RowError: naming every fault of the row
        """
        text = {name: self.text(cells, name) for name in self.fields}
        values, faults = {}, []
        for name in self.fields:
            try:
                values[name] = self._value(name, text[name])
            except RowError as error:
                faults.append(str(error))
        if not faults:
            faults = self._contradictions(values)
        if faults:
            raise RowError(" ".join(faults))
        return values

    def text(self, cells, name):
        """Return the text of a column, "" where the file has none."""
        column = self.fields.get(name)
        if not column:
            return ""
        return CONTROLS.sub(" ", cells.get(column, "")).strip()[:MAX_TEXT]

    def _value(self, name, text):
        if name in ("decision", "product", "request"):
            return self._word(name, text)
        if not text:
            return None
        if name in AMOUNT_COLUMNS:
            return self.amount(text) * self.profile.multiplier
        if name in (*DATE_COLUMNS, "file_date"):
            return self.date(text)
        if name == "currency":
            return self._currency(text)
        if name == "reason_code":
            return self._reason_code(text)
        if name == "insured_pct":
            return self._bounded(name, text.rstrip("% "), 100)
        if name == "max_payment_days":
            return int(self._bounded(name, text, 3650))
        return text

    def amount(self, text):
        """Read an amount written with the profile's marks; minus is no amount."""
        digits = SPACES.sub("", text) if self.spaced else text
        match = self.number.fullmatch(digits)
        if not match or len(text) > 30:
            raise RowError(
                self.env._(
                    "“%(text)s” is no amount: write digits, with “%(mark)s” before"
                    " cents and no minus sign.",
                    text=text[:40],
                    mark=self.decimal,
                )
            )
        whole = re.sub(r"\D", "", match[1])
        value = float(f"{whole}.{match[2] or 0}")
        if value > MAX_AMOUNT:
            raise RowError(
                self.env._("“%(text)s” is too large for a limit.", text=text)
            )
        return value

    def date(self, text):
        """Read a day in the profile's format, or as YYYY-MM-DD, which cells give."""
        for pattern in (self.pattern, "%Y-%m-%d"):
            try:
                day = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            if YEARS[0] <= day.year <= YEARS[1]:
                return day
        example = EXAMPLE.strftime(self.pattern)
        raise RowError(
            self.env._(
                "“%(text)s” is no date: write it like %(example)s.",
                text=text[:40],
                example=example,
            )
        )

    def _word(self, group, text):
        if not text:
            if group == "decision":
                raise RowError(self.env._("The decision is missing."))
            return "named" if group == "product" else None
        found = self.words.get((group, fold(text)))
        if not found:
            raise RowError(
                self.env._(
                    "The format does not know the word “%(word)s” in column"
                    " %(column)s: add it to the format, with its meaning.",
                    word=text[:40],
                    column=self.fields[group],
                )
            )
        return found

    def _currency(self, text):
        found = self.currencies.get(text.upper())
        if not found:
            raise RowError(
                self.env._(
                    "“%(code)s” is no active currency: activate it, or correct the"
                    " code.",
                    code=text[:10],
                )
            )
        return found

    def _reason_code(self, text):
        code = text.lstrip("0")
        if code not in dict(REASON_CODES):
            raise RowError(
                self.env._(
                    "“%(code)s” is no reason code: RECECO has 1 to 15.", code=text[:20]
                )
            )
        return code

    def _bounded(self, name, text, most):
        value = self.amount(text)
        if value > most:
            raise RowError(
                self.env._(
                    "%(column)s cannot be %(value)s: the most is %(most)s.",
                    column=self.fields[name],
                    value=text,
                    most=most,
                )
            )
        return value

    def _contradictions(self, values):
        """Return what cannot be true together."""
        faults = []
        granted = values.get("amount")
        grants = values["decision"] in GRANTING
        if grants and not granted:
            faults.append(
                self.env._(
                    "A decision that grants a limit needs an amount above zero; a limit"
                    " of zero is a cancellation or a refusal."
                )
            )
        if values["decision"] == REFUSED and granted:
            faults.append(
                self.env._("A refusal grants nothing, but the amount is not zero.")
            )
        if values["decision"] == CONDITIONAL and not (
            values.get("conditions") or values.get("reason")
        ):
            faults.append(self.env._("The conditions of the limit are missing."))
        faults += self._date_faults(values, grants)
        return faults

    def _date_faults(self, values, grants):
        faults = []
        decided = values.get("decision_date")
        effect = values.get("effect_date") or decided
        ends = values.get("end_date")
        if grants and effect and ends and ends < effect:
            faults.append(self.env._("The limit ends before it starts."))
        if decided and (asked := values.get("request_date")) and asked > decided:
            faults.append(self.env._("It was decided before it was asked for."))
        if grants and values.get("product", "named") == "temporary" and not ends:
            faults.append(
                self.env._("A temporary limit needs the day on which it ends.")
            )
        return faults


def fold(text):
    """Compare words without regard to case and spaces."""
    return " ".join(text.casefold().split())
