"""What each action of the history is called, in the portal's two languages."""

from collections.abc import Mapping
from typing import Final

from models.tables.events import EventKind

TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "account.confirmed": ("E-mail address confirmed", "E-pasta adrese apstiprināta"),
    "account.imported": ("Account taken over from our earlier records", "Konts pārņemts no agrākajiem ierakstiem"),
    "account.secured": ("Account secured", "Konts nodrošināts"),
    "account.signed-up": ("Account opened", "Konts izveidots"),
    "email.change-cancelled": ("Change of e-mail address cancelled", "E-pasta adreses maiņa atcelta"),
    "email.change-requested": ("Change of e-mail address asked for", "Pieprasīta e-pasta adreses maiņa"),
    "email.changed": ("E-mail address changed", "E-pasta adrese nomainīta"),
    "email.reverted": ("Earlier e-mail address brought back", "Atjaunota iepriekšējā e-pasta adrese"),
    "export.downloaded": ("Copy of your data downloaded", "Datu kopija lejupielādēta"),
    "export.ready": ("Copy of your data ready", "Datu kopija gatava"),
    "export.requested": ("Copy of your data asked for", "Pieprasīta datu kopija"),
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
    "profile.closed": ("Profile deleted by its owner", "Profilu dzēsis tā īpašnieks"),
    "profile.edited": ("Profile changed", "Profils mainīts"),
    "profile.restored": ("Earlier value of the profile brought back", "Atjaunota iepriekšējā profila vērtība"),
    "related-person.added": ("Related person added", "Pievienota saistītā persona"),
    "related-person.edited": ("Related person changed", "Mainīti saistītās personas dati"),
    "related-person.removed": ("Related person removed", "Noņemta saistītā persona"),
    "related-person.removed-themselves": (
        "Related person removed at their own request",
        "Saistītā persona noņemta pēc pašas lūguma",
    ),
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
    "staff.invited": ("Member of staff invited", "Uzaicināts darbinieks"),
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
