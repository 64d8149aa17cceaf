"""What is said to people, in both languages of the portal and the letters (clause 2)."""

import msgspec


class Words(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One text in English and Latvian; in the files ``[English, Latvian]``."""

    en: str
    lv: str

    def said(self, locale: str) -> str:
        """In ``EN`` or ``LV`` (case does not matter); any other locale is answered in English."""
        return self.lv if locale.upper() == "LV" else self.en
