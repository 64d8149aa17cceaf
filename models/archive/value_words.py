"""What the values of a closed list are called, where a person reads what is held about them (clauses 2 and 3.1).

The files for programs keep the codes. A list that a customer's record may hold and that has no words here fails the build.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from models.archive.event_titles import TITLES
from models.policy import Words
from models.tables.access import GrantReason
from models.tables.accounts import IndexUse, State
from models.tables.cases import IdentityDocument, RequestChannel, RequestKind, RequestStatus
from models.tables.credentials import Purpose, SessionKind
from models.tables.events import ActorKind, EventKind
from models.tables.exports import ExportStatus
from models.tables.factors import ChallengeUse
from models.tables.letters import LetterKind, MessageKind
from models.tables.payment_methods import PaymentKind
from models.tables.policy import AcceptanceEvent
from models.tables.preferences import AdTopic, ConsentDecision, ConsentPurpose, Locale, Theme
from models.tables.related_persons import RelatedPersonRole
from models.tables.services import ServiceKind
from models.tables.sign_ins import IpPrecision, SignInMethod, SignInOutcome
from models.tables.staff import ApprovalKind
from models.world import Place

LISTS: Mapping[str, type[StrEnum]] = {"ad_topics": AdTopic}  # fields that hold several of a list, as texts
WORDS: Mapping[type[StrEnum], Mapping[str, Words]] = {
    State: {
        "UNCONFIRMED": Words("e-mail address not confirmed yet", "e-pasta adrese vēl nav apstiprināta"),
        "ACTIVE": Words("open", "atvērts"),
        "CLOSED": Words("closed", "slēgts"),
        "ERASING": Words("being erased", "tiek dzēsts"),
    },
    IndexUse: {
        "CONFIRMED": Words("confirmed e-mail address", "apstiprināta e-pasta adrese"),
        "HELD": Words("earlier e-mail address, kept free for you", "agrāka e-pasta adrese, paturēta jums"),
        "PENDING": Words("e-mail address not confirmed yet", "vēl neapstiprināta e-pasta adrese"),
        "OTHER": Words("another value", "cita vērtība"),
    },
    SignInOutcome: {
        "SUCCEEDED": Words("signed in", "pierakstījās"),
        "WRONG_CREDENTIALS": Words("wrong password", "nepareiza parole"),
        "SECOND_FACTOR_FAILED": Words("second factor failed", "otrais apliecinājums neizdevās"),
        "THROTTLED": Words("stopped: too many tries", "apturēts: pārāk daudz mēģinājumu"),
        "BLOCKED": Words("blocked", "bloķēts"),
        "CLOSED": Words("account closed", "konts slēgts"),
    },
    SignInMethod: {
        "PASSWORD": Words("password", "parole"),
        "PASSKEY": Words("passkey", "piekļuves atslēga"),
        "TOTP": Words("app code", "lietotnes kods"),
        "RECOVERY_CODE": Words("recovery code", "atkopšanas kods"),
    },
    IpPrecision: {
        "FULL": Words("all of it", "visu"),
        "NETWORK": Words("only its network", "tikai tās tīklu"),
        "NONE": Words("nothing", "neko"),
    },
    SessionKind: {
        "BROWSER": Words("browser", "pārlūks"),
        "NATIVE": Words("app", "lietotne"),
    },
    Purpose: {
        "CONFIRM_EMAIL": Words("confirm an e-mail address", "apstiprināt e-pasta adresi"),
        "CONFIRM_EMAIL_CHANGE": Words("confirm a new e-mail address", "apstiprināt jaunu e-pasta adresi"),
        "REVERT_EMAIL_CHANGE": Words("take back a change of e-mail address", "atcelt e-pasta adreses maiņu"),
        "RESET_PASSWORD": Words("set a new password", "iestatīt jaunu paroli"),
        "REPORT_SIGN_IN": Words("say that a sign-in was not you", "ziņot, ka pierakstījāties nevis jūs"),
        "UNDO_FACTORS": Words("take back a change of second factors", "atcelt otro apliecinājumu maiņu"),
        "REMOVE_LOST_FACTORS": Words("remove lost second factors", "noņemt pazaudētos otros apliecinājumus"),
        "REMOVE_RELATED_PERSON": Words("remove a person you named", "noņemt jūsu nosauktu personu"),
        "UNSUBSCRIBE": Words("stop news", "atteikties no jaunumiem"),
        "COLLECT_COPY": Words("collect a copy from the office", "saņemt biroja izsniegtu kopiju"),
        "DOWNLOAD_COPY": Words("download a copy", "lejupielādēt kopiju"),
    },
    ChallengeUse: {
        "SECOND_FACTOR": Words("a second factor", "otrais apliecinājums"),
        "PASSKEY_SIGN_IN": Words("signing in with a passkey", "pierakstīšanās ar piekļuves atslēgu"),
        "PASSKEY_ADD": Words("adding a passkey", "piekļuves atslēgas pievienošana"),
        "STEP_UP": Words("a fresh proof of identity", "atkārtots identitātes apliecinājums"),
    },
    PaymentKind: {
        "BANK_ACCOUNT": Words("bank account", "bankas konts"),
        "PAYPAL": Words("PayPal", "PayPal"),
        "PHONE_BILL": Words("phone bill", "tālruņa rēķins"),
    },
    Locale: {"EN": Words("English", "angļu"), "LV": Words("Latvian", "latviešu")},
    Theme: {
        "SYSTEM": Words("as the device", "kā ierīcē"),
        "LIGHT": Words("light", "gaišs"),
        "DARK": Words("dark", "tumšs"),
    },
    AdTopic: {
        "HOSTING": Words("hosting", "mitināšana"),
        "DOMAINS": Words("domains", "domēni"),
        "EMAIL": Words("e-mail", "e-pasts"),
        "SECURITY": Words("security", "drošība"),
        "DEVELOPER_TOOLS": Words("tools for developers", "rīki izstrādātājiem"),
    },
    ConsentPurpose: {
        "NEWS_BY_EMAIL": Words("news by e-mail", "jaunumi e-pastā"),
        "PERSONALISED_CONTENT": Words("content chosen for you", "jums atlasīts saturs"),
        "PERSONALISED_ADS": Words("offers chosen for you", "jums atlasīti piedāvājumi"),
        "STATISTICS_COOKIES": Words("cookies for statistics", "statistikas sīkdatnes"),
        "ADVERTISING_COOKIES": Words("cookies for advertising", "reklāmas sīkdatnes"),
        "PREFERENCE_COOKIES": Words("cookies for preferences", "iestatījumu sīkdatnes"),
    },
    ConsentDecision: {
        "GIVEN": Words("given", "dota"),
        "REFUSED": Words("refused", "atteikta"),
        "WITHDRAWN": Words("taken back", "atsaukta"),
    },
    AcceptanceEvent: {
        "NOTIFIED": Words("told about", "paziņota"),
        "VIEWED": Words("read", "apskatīta"),
        "ACCEPTED": Words("agreed to", "pieņemta"),
        "DECLINED": Words("declined", "noraidīta"),
    },
    RelatedPersonRole: {
        "REGISTRANT": Words("registrant", "reģistrētājs"),
        "ADMINISTRATIVE": Words("administrative contact", "administratīvā kontaktpersona"),
        "TECHNICAL": Words("technical contact", "tehniskā kontaktpersona"),
        "BILLING": Words("billing contact", "norēķinu kontaktpersona"),
    },
    ServiceKind: {
        "HOSTING": Words("hosting", "mitināšana"),
        "DOMAIN": Words("domain", "domēns"),
        "EMAIL": Words("e-mail", "e-pasts"),
        "INFORMATION_REQUEST": Words("request for information", "informācijas pieprasījums"),
    },
    MessageKind: {
        "FROM_CUSTOMER": Words("you", "jūs"),
        "FROM_SUPPORT": Words("our support", "mūsu atbalsts"),
        "LETTER": Words("our system: a letter", "mūsu sistēma: vēstule"),
    },
    LetterKind: {
        "SERVICE": Words("about your account", "par jūsu kontu"),
        "MARKETING": Words("news", "jaunumi"),
    },
    ExportStatus: {
        "REQUESTED": Words("asked for", "pieprasīta"),
        "READY": Words("ready", "gatava"),
        "DOWNLOADED": Words("fetched", "saņemta"),
        "EXPIRED": Words("gone", "dzēsta"),
    },
    GrantReason: {
        "CUSTOMER_CONTACT": Words("you contacted us", "jūs sazinājāties ar mums"),
        "OFFICE_VISIT": Words("a visit to our office", "biroja apmeklējums"),
        "COMPLAINT": Words("a complaint", "sūdzība"),
        "FRAUD": Words("suspected fraud", "aizdomas par krāpšanu"),
        "LEGAL": Words("a legal matter", "juridisks jautājums"),
        "QUALITY_REVIEW": Words("a review of quality", "kvalitātes pārbaude"),
    },
    ApprovalKind: {
        "OFFICE_DELETION": Words("a deletion at the office", "dzēšana birojā"),
        "CLOSING_FOR_TERMS": Words("closing for the terms", "slēgšana noteikumu dēļ"),
        "HOLD_RELEASE": Words("the end of a hold", "aizturējuma beigas"),
        "POLICY_PUBLICATION": Words("a version of the policy", "politikas redakcija"),
    },
    RequestKind: {
        "COPY": Words("a copy", "kopija"),
        "UPDATE": Words("a correction", "labojums"),
        "DELETE": Words("deletion", "dzēšana"),
        "RESTORE": Words("restoring", "atjaunošana"),
        "RESTRICT": Words("restriction", "ierobežojums"),
        "OBJECT": Words("objection", "iebildums"),
    },
    RequestChannel: {
        "PORTAL": Words("these pages", "šīs lapas"),
        "OFFICE": Words("the office", "birojs"),
        "MAIL": Words("a letter", "vēstule"),
    },
    RequestStatus: {
        "RECEIVED": Words("received", "saņemts"),
        "IN_PROGRESS": Words("being worked on", "tiek izpildīts"),
        "FULFILLED": Words("done", "izpildīts"),
        "DENIED": Words("denied", "noraidīts"),
        "CANCELLED": Words("taken back", "atsaukts"),
    },
    IdentityDocument: {
        "PASSPORT": Words("passport", "pase"),
        "IDENTITY_CARD": Words("identity card", "personas apliecība"),
        "DRIVING_LICENCE": Words("driving licence", "vadītāja apliecība"),
        "RESIDENCE_PERMIT": Words("residence permit", "uzturēšanās atļauja"),
    },
    EventKind: {
        "ACCESS": Words("data was read", "dati apskatīti"),
        "AUTHENTICATION": Words("signing in", "pierakstīšanās"),
        "CREATE": Words("something was added", "kaut kas pievienots"),
        "MODIFY": Words("something was changed", "kaut kas mainīts"),
        "REMOVE": Words("something was removed", "kaut kas noņemts"),
        "RESTORE": Words("something was restored", "kaut kas atjaunots"),
        "NOTICE": Words("a notice", "paziņojums"),
    },
    ActorKind: {
        "CUSTOMER": Words("you", "jūs"),
        "STAFF": Words("our staff", "mūsu darbinieks"),
        "SYSTEM": Words("our system", "mūsu sistēma"),
    },
}  # fmt: skip

ACTIONS = {action: Words(*titles) for action, titles in TITLES.items()}
TEXTS: Mapping[str, Mapping[str, Words]] = {  # fields of texts, some of which are ours
    "place_source": {Place().source: Words("none: the place is not known", "nav: vieta nav zināma")},
    "changed_by": WORDS[ActorKind],
    "closed_by": {**WORDS[ActorKind], "OFFICE": Words("our office", "mūsu birojs")},
    "locale": WORDS[Locale],
    "action": ACTIONS,
    "last_action": ACTIONS,
    "reason": WORDS[GrantReason],
}


def named(field: str, value: Any) -> Any:
    """A value of a closed list, or several, or a text of ours by their names in both languages; anything else as it is."""
    if field in LISTS and isinstance(value, list):
        return [WORDS[LISTS[field]][one] for one in value]
    if field in TEXTS and isinstance(value, str):
        return TEXTS[field].get(value, value)
    return WORDS[type(value)][value.value] if type(value) in WORDS else value
