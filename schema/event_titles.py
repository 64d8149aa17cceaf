"""What each action of the history is called, in the portal's two languages."""

from collections.abc import Mapping
from typing import Final

from models.tables.events import EventKind

TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "access.reset": ("Access reset at the office", "Piekļuve atiestatīta birojā"),
    "account.confirmed": ("E-mail address confirmed", "E-pasta adrese apstiprināta"),
    "account.imported": ("Account taken over from our earlier records", "Konts pārņemts no agrākajiem ierakstiem"),
    "account.secured": ("Account secured", "Konts nodrošināts"),
    "account.signed-up": ("Account opened", "Konts izveidots"),
    "approval.approved": ("Agreed by a second member of staff", "Apstiprinājis otrs darbinieks"),
    "approval.proposed": ("Proposed by a member of staff", "Ierosinājis darbinieks"),
    "approval.rejected": ("Rejected by a second member of staff", "Noraidījis otrs darbinieks"),
    "copy.code-used": ("Code for the copy from the office used", "Izmantots birojā izsniegtais datu kopijas kods"),
    "database.restored": ("Database brought back from a backup", "Datubāze atjaunota no rezerves kopijas"),
    "email.change-cancelled": ("Change of e-mail address cancelled", "E-pasta adreses maiņa atcelta"),
    "email.change-requested": ("Change of e-mail address asked for", "Pieprasīta e-pasta adreses maiņa"),
    "email.changed": ("E-mail address changed", "E-pasta adrese nomainīta"),
    "email.reverted": ("Earlier e-mail address brought back", "Atjaunota iepriekšējā e-pasta adrese"),
    "export.downloaded": ("Copy of your data downloaded", "Datu kopija lejupielādēta"),
    "export.ready": ("Copy of your data ready", "Datu kopija gatava"),
    "export.requested": ("Copy of your data asked for", "Pieprasīta datu kopija"),
    "hold.placed": ("Erasure of some data held back", "Daļas datu dzēšana apturēta"),
    "hold.released": ("Hold on erasure ended", "Dzēšanas apturējums atcelts"),
    "hold.reviewed": ("Hold on erasure reviewed", "Dzēšanas apturējums pārskatīts"),
    "message.sent": ("Message sent to support", "Atbalstam nosūtīts ziņojums"),
    "password.changed": ("Password changed", "Parole nomainīta"),
    "password.reset": ("Password set anew", "Parole iestatīta no jauna"),
    "password.reset-requested": (
        "Link to set a new password asked for",
        "Pieprasīta saite jaunas paroles iestatīšanai",
    ),
    "payment-method.added": ("Payment method added", "Maksāšanas veids pievienots"),
    "payment-method.default-set": ("Default payment method chosen", "Izvēlēts noklusējuma maksāšanas veids"),
    "payment-method.removed": ("Payment method removed", "Maksāšanas veids noņemts"),
    "payment-method.renamed": ("Payment method renamed", "Maksāšanas veids pārdēvēts"),
    "personal-code.revealed": ("Personal code shown whole", "Personas kods parādīts pilnībā"),
    "policy.accepted": ("Privacy policy accepted", "Privātuma politika pieņemta"),
    "policy.declined": ("Privacy policy declined", "Privātuma politika noraidīta"),
    "policy.notified": ("Told of a new privacy policy", "Paziņots par jaunu privātuma politiku"),
    "policy.viewed": ("Privacy policy viewed", "Privātuma politika apskatīta"),
    "preferences.changed": ("Preferences changed", "Iestatījumi mainīti"),
    "preferences.unsubscribed": ("News by e-mail stopped", "Jaunumi e-pastā apturēti"),
    "processing.restricted": ("Processing restricted", "Apstrāde ierobežota"),
    "processing.unrestricted": ("Restriction of processing ended", "Apstrādes ierobežojums atcelts"),
    "profile.closed": ("Profile deleted by its owner", "Profilu dzēsis tā īpašnieks"),
    "profile.closed-by-company": ("Profile closed by us", "Profilu slēdzām mēs"),
    "profile.edited": ("Profile changed", "Profils mainīts"),
    "profile.reopened": ("Closed profile opened again", "Slēgtais profils atkal atvērts"),
    "profile.restored": ("Earlier value of the profile brought back", "Atjaunota iepriekšējā profila vērtība"),
    "related-person.added": ("Related person added", "Pievienota saistītā persona"),
    "related-person.edited": ("Related person changed", "Mainīti saistītās personas dati"),
    "related-person.removed": ("Related person removed", "Noņemta saistītā persona"),
    "related-person.removed-themselves": (
        "Related person removed at their own request",
        "Saistītā persona noņemta pēc pašas lūguma",
    ),
    "request.assigned": ("Your request given to a member of staff", "Jūsu pieprasījums nodots darbiniekam"),
    "request.copy-handed-over": ("Code for the copy handed out at the office", "Birojā izsniegts datu kopijas kods"),
    "request.copy-ordered": (
        "Copy asked for at the office is being made",
        "Tiek gatavota birojā pieprasītā datu kopija",
    ),
    "request.copy-ready": ("Copy asked for at the office is ready", "Birojā pieprasītā datu kopija ir gatava"),
    "request.denied": ("Request refused", "Pieprasījums noraidīts"),
    "request.filed": ("Request filed", "Pieprasījums iesniegts"),
    "request.fulfilled": ("Request carried out", "Pieprasījums izpildīts"),
    "request.identified": ("Identity checked at the office", "Identitāte pārbaudīta birojā"),
    "request.received": ("Request received by the office", "Birojs saņēmis pieprasījumu"),
    "request.withdrawn": ("Request taken back", "Pieprasījums atsaukts"),
    "service.recorded": ("Service recorded by staff", "Darbinieks reģistrējis pakalpojumu"),
    "session.ended": ("A session ended", "Sesija beigta"),
    "session.others-ended": ("All other sessions ended", "Visas pārējās sesijas beigtas"),
    "session.renamed": ("Session renamed", "Sesija pārdēvēta"),
    "session.signed-out": ("Signed out", "Izrakstīšanās"),
    "session.stepped-up": ("Identity proved again", "Identitāte apliecināta vēlreiz"),
    "session.token-reused": (
        "Session ended: its token was used twice",
        "Sesija beigta: tās marķieris izmantots divreiz",
    ),
    "sign-in.blocked": ("Sign-in blocked", "Pierakstīšanās bloķēta"),
    "sign-in.closed": ("Sign-in to the closed account", "Pierakstīšanās slēgtajā kontā"),
    "sign-in.second-factor-failed": ("Sign-in failed at the second step", "Pierakstīšanās neizdevās otrajā solī"),
    "sign-in.succeeded": ("Signed in", "Pierakstīšanās"),
    "sign-in.throttled": (
        "Sign-in slowed down after many tries",
        "Pierakstīšanās palēnināta pēc daudziem mēģinājumiem",
    ),
    "sign-in.wrong-credentials": ("Sign-in with a wrong password", "Pierakstīšanās ar nepareizu paroli"),
    "staff.deactivated": ("Member of staff left", "Darbinieka piekļuve slēgta"),
    "staff.factor-added": ("Member of staff added a sign-in method", "Darbinieks pievienoja pierakstīšanās veidu"),
    "staff.invitation-accepted": ("Member of staff accepted the invitation", "Darbinieks pieņēma uzaicinājumu"),
    "staff.invited": ("Member of staff invited", "Uzaicināts darbinieks"),
    "staff.password-changed": ("Member of staff changed the password", "Darbinieks nomainīja paroli"),
    "staff.roles-changed": ("Roles of a member of staff changed", "Mainītas darbinieka lomas"),
    "staff.second-factor-failed": (
        "Member of staff failed to prove who they are",
        "Darbinieka identitāte netika apliecināta",
    ),
    "staff.signed-in": ("Member of staff signed in", "Darbinieks pierakstījās"),
    "staff.signed-out": ("Member of staff signed out", "Darbinieks izrakstījās"),
    "staff.stepped-up": ("Member of staff proved again who they are", "Darbinieks vēlreiz apliecināja identitāti"),
    "staff.wrong-password": (
        "Wrong password for a member of staff",
        "Nepareiza darbinieka parole",
    ),
    "value.restored": ("Earlier value brought back", "Atjaunota iepriekšējā vērtība"),
}
KINDS: Final[Mapping[EventKind, tuple[str, str]]] = {
    EventKind.ACCESS: ("Data was read", "Dati tika lasīti"),
    EventKind.AUTHENTICATION: ("Access to the account", "Piekļuve kontam"),
    EventKind.CREATE: ("Something was added", "Kaut kas tika pievienots"),
    EventKind.MODIFY: ("Something was changed", "Kaut kas tika mainīts"),
    EventKind.REMOVE: ("Something was removed", "Kaut kas tika noņemts"),
    EventKind.RESTORE: ("Something was brought back", "Kaut kas tika atjaunots"),
    EventKind.NOTICE: ("Something was told", "Kaut kas tika paziņots"),
}
"""For an action of an earlier release that has no title any more."""


def event_title(action: str, kind: EventKind, locale: str) -> str:
    """An action's title in ``EN`` or ``LV``; its kind's where it has none."""
    english, latvian = TITLES.get(action) or KINDS[kind]
    return latvian if locale == "LV" else english
