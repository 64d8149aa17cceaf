"""What the codes in a customer's records are called, where their person reads them; the files for programs keep the codes.

Each is said by the text that stands for it already: a field's and a table's by the inventory, a rule's by the policy, a letter's
by its subject. A value of several parts is a list of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale

from models.archive.value_words import WORDS, named
from models.policy import Policy, Words
from models.tables.accounts import Address, PersonalCode
from models.tables.changes import KeptPaymentMethod, from_text
from models.tables.letters import LetterKind
from models.tables.staff import ApprovalKind

OF_FIELDS = frozenset({"field", "fields_named", "revealed", "scope", "about_kind"})
"""Fields whose values name other fields, tables or sections, one or several."""

STORED: Mapping[str, tuple[str, str]] = {
    "phone": ("customer", "phone_number"),
    "signInIp": ("sign_in", "ip"),
    "serviceName": ("service", "name"),
    "relatedPersonEmail": ("related_person", "email"),
    "relatedPersonPhoneNumber": ("related_person", "phone_number"),
    "oldValue": ("change", "old"),
    "newValue": ("change", "new"),
}
OTHERS: Mapping[str, Words] = {
    "all": Words("Everything", "Viss"),
    "cookies": Words("Cookies", "Sīkdatnes"),
    "device": Words("Device", "Ierīce"),
    "factors": Words("Second factors", "Otrie faktori"),
    "label": Words("Name", "Nosaukums"),
    "name": Words("Family name and date of birth", "Uzvārds un dzimšanas datums"),
    "name_birthdate": Words("Family name and date of birth", "Uzvārds un dzimšanas datums"),
    "relatedPersonName": Words("Name of a person you named", "Jūsu nosauktā cilvēka vārds"),
    "terms_clause": Words("Clause of the terms", "Noteikumu punkts"),
}
"""What is no field of the inventory by itself."""


Subject = Callable[[str, str], str | None]
"""A letter's subject by its name and language, with "…" for what each one says anew; None where no letter is called so."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes in the words of one policy and of the letters that are written now."""

    policy: Policy
    subject: Subject

    def said(self, field: str, record: Mapping[str, Any]) -> Any:
        """A field of a record in words of both languages; what is no code of ours as it is."""
        value = record[field]
        if value is None:
            return None
        if field in OF_FIELDS:
            return [self.part(one) for one in value] if isinstance(value, list | tuple) else self.part(value)
        match field:
            case "template":
                return self.letter(value)
            case "rule":
                return self.policy.title(value, record["policy_version"])
            case "old" | "new":
                return _parts(from_text(record["field"], value))
            case "details":
                return [self.detail(*one) for one in value.items()]
            case "country":
                return country(value)
            case _:
                return _parts(named(field, value))

    def letter(self, name: str) -> Words | str:
        """A letter by its subject; news, whose subject is the issue's, by its kind."""
        english, latvian = self.subject(name, "en"), self.subject(name, "lv")
        if english is None or latvian is None:
            return name
        return WORDS[LetterKind]["MARKETING"] if english == "…" else Words(english, latvian)

    def detail(self, name: str, value: str) -> Words | str:
        """What a proposal says beside its reason, by what that is."""
        what = self.part(name)
        return Words(f"{what.en}: {value}", f"{what.lv}: {value}") if isinstance(what, Words) else f"{what}: {value}"

    def part(self, name: str) -> Words | str:
        """A field, a table or a section by its title; a number of a request and the like as it is."""
        if words := OTHERS.get(name) or WORDS[ApprovalKind].get(name):
            return words
        if name in STORED:
            return self._column(*STORED[name])
        stored = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        for entity in self.policy.inventory.entities:
            if name == entity.section or stored == entity.table:
                return entity.title
        for table in ("customer", "preferences"):
            if any(field.name == stored for field in self.policy.inventory.entity(table).fields):
                return self.policy.inventory.entity(table).field(stored).title
        return name

    def _column(self, table: str, column: str) -> Words:
        whole = self.policy.inventory.entity(table)
        one = whole.field(column).title
        if table in ("customer", "change"):
            return one
        return Words(f"{whole.title.en}: {one.en}", f"{whole.title.lv}: {one.lv}")


def country(code: str) -> Words:
    """A country's name by its ISO 3166-1 alpha-2 code; the code where there is none."""
    return Words(*(Locale(language).territories.get(code, code) for language in ("en", "lv")))


def _parts(value: Any) -> Any:
    """What there is to read of a value of several parts; any other as it is."""
    match value:
        case Address():
            lines = (value.street_address, value.locality, value.region, value.postal_code)
            return [*filter(None, lines), country(value.country)]
        case PersonalCode():
            return [country(value.country), value.code]
        case KeptPaymentMethod():
            held = value.contents
            land = held.country and country(held.country)
            return [named("kind", value.kind), *filter(None, (held.label, held.reference, held.holder, land))]
        case _:
            return value
