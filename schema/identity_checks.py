"""How the owner was identified at the office: a kind of document, its last four signs, by whom."""

from datetime import datetime

import strawberry

from models.actions.office import DocumentShown
from models.tables.cases import IdentityDocument


@strawberry.type(description="How the owner was identified at the office.")
class IdentityCheck:
    """The contract's IdentityCheck."""

    document: IdentityDocument
    last_four: str | None = strawberry.field(description="Null without an open grant.")
    office_id: strawberry.ID
    checked_by: str
    confirmed_by: str | None = strawberry.field(description="Who approved a deletion.")
    at: datetime


@strawberry.input(description="The document that was shown: its kind and last four signs, at which office.")
class IdentityCheckInput:
    """The contract's IdentityCheckInput."""

    document: IdentityDocument
    last_four: str
    office_id: strawberry.ID

    def shown(self) -> DocumentShown:
        return DocumentShown(document=self.document, last_four=self.last_four, office_id=self.office_id)
