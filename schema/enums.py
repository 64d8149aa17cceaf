"""The models' enums as the schema's: made so once, before any type or argument names one of them."""

import strawberry

from models.actions.powers import Power
from models.actions.searches import AccountState
from models.policy import Change, Role, StoredItemKind
from models.refused import ProblemCode, Reason
from models.tables.access import GrantReason
from models.tables.cases import IdentityDocument, RequestChannel, RequestKind, RequestStatus
from models.tables.credentials import SessionKind
from models.tables.events import ActorKind, EventKind
from models.tables.exports import ExportStatus
from models.tables.letters import MessageKind
from models.tables.payment_methods import PaymentKind
from models.tables.policy import AcceptanceEvent
from models.tables.preferences import AdTopic, ConsentDecision, ConsentPurpose, Locale, Theme
from models.tables.related_persons import RelatedPersonRole
from models.tables.services import ServiceKind
from models.tables.sign_ins import IpPrecision, SignInMethod, SignInOutcome
from models.tables.staff import ApprovalKind, ReviewKind

strawberry.enum(AcceptanceEvent, description="What happened with a version; each is recorded apart (clause 10).")
strawberry.enum(AccountState, description="An account's state, as staff see it.")
strawberry.enum(ActorKind, description="Who acted: the customer, a member of staff, or the software itself.")
strawberry.enum(AdTopic, description="The closed list that advertising may read.")
strawberry.enum(ApprovalKind, description="What takes two people.")
strawberry.enum(Change, name="PolicyChange", description="What a version changed (clause 9).")
strawberry.enum(ConsentDecision, description="REFUSED: never given; WITHDRAWN: given before.")
strawberry.enum(ConsentPurpose, description="What a consent is asked for.")
strawberry.enum(EventKind, description="What sort of thing happened.")
strawberry.enum(ExportStatus, description="Where an export stands.")
strawberry.enum(GrantReason, description="Why a member of staff opens a record.")
strawberry.enum(IdentityDocument, description="What the owner showed: never a scan, never the whole number.")
strawberry.enum(IpPrecision, description="How much of an IP address is still held.")
strawberry.enum(Locale, description="The two languages of the portal and the letters.")
strawberry.enum(MessageKind, description="Who wrote: the customer, support, or the software (a letter's copy).")
strawberry.enum(PaymentKind, description="The three ways to pay.")
strawberry.enum(Power, description="Something that some roles may do; the pages leave out what would only be refused.")
strawberry.enum(ProblemCode, name="ProblemCode", description="What is wrong with an input field.")
strawberry.enum(Reason, name="RefusalCode", description="Why something was refused.")
strawberry.enum(RelatedPersonRole, description="The roles of a domain contact.")
strawberry.enum(RequestChannel, description="How a request came.")
strawberry.enum(RequestKind, description="What is asked for.")
strawberry.enum(RequestStatus, description="Where a request stands.")
strawberry.enum(ReviewKind, description="What clause 6.1.2 has looked over every quarter.")
strawberry.enum(Role, description="What a member of staff may do.")
strawberry.enum(ServiceKind, description="What the policy covers (clause 7).")
strawberry.enum(SessionKind, description="A browser carries a cookie, a native app tokens.")
strawberry.enum(SignInMethod, description="With what somebody proves who they are.")
strawberry.enum(SignInOutcome, description="How an attempt to sign in ended.")
strawberry.enum(StoredItemKind, description="Where in the browser.")
strawberry.enum(Theme, description="Light, dark, or as the device says.")
