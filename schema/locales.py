"""The portal's languages. An enum has to be the schema's before any argument names it: take Locale from here."""

import strawberry

from models.tables.preferences import Locale

strawberry.enum(Locale, description="The two languages of the portal and the letters.")

__all__ = ["Locale"]
