"""NOUNS: one file per subject; what a row is and what it can say about itself.

Every table of a person's data has at most one ``sealed`` column: its personal fields as one struct under the person's key.
"""

from models.tables.access import AccessGrant, Conversation, Note, Search
from models.tables.accounts import Closure, Customer, IndexEntry, Tombstone
from models.tables.cases import Complaint, Hold, Restriction, RightsRequest
from models.tables.changes import Change
from models.tables.credentials import ActionToken, Bucket, Password, Session, Stranger
from models.tables.erasure import Certificate
from models.tables.events import Event
from models.tables.exports import Export
from models.tables.factors import Challenge, FactorRecovery, Passkey, RecoveryCode, Totp
from models.tables.letters import Letter, Message, NewsIssue
from models.tables.obligations import Obligation
from models.tables.payment_methods import PaymentMethod
from models.tables.policy import PolicyAcceptance, PolicyNotice
from models.tables.preferences import Consent, Preferences
from models.tables.proof import Backup, Checkpoint, Publication
from models.tables.related_persons import RelatedPerson
from models.tables.services import Service
from models.tables.sign_ins import SignIn
from models.tables.staff import Approval, Review, Staff, StaffSession
from models.tables.worker import Beat, Lease

__all__ = [
    "AccessGrant", "ActionToken", "Approval", "Backup", "Beat", "Bucket", "Certificate", "Challenge", "Change", "Checkpoint",
    "Closure", "Complaint", "Consent", "Conversation", "Customer", "Event", "Export", "FactorRecovery", "Hold", "IndexEntry",
    "Lease", "Letter", "Message", "NewsIssue", "Note", "Obligation", "Passkey", "Password", "PaymentMethod",
    "PolicyAcceptance", "PolicyNotice", "Preferences", "Publication", "RecoveryCode", "RelatedPerson", "Restriction",
    "Review", "RightsRequest", "Search", "Service", "Session", "SignIn", "Staff", "StaffSession", "Stranger", "Tombstone",
    "Totp",
]  # fmt: skip
