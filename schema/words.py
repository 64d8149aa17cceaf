"""The sentences of refusals and problems, in the portal's two languages."""

from models.refused import ProblemCode as P
from models.refused import Reason as R

REASONS: dict[R, dict[str, str]] = {
    R.INVALID_INPUT: {"EN": "Something in what you entered needs mending.", "LV": "Ievadītajos datos kaut kas jālabo."},
    R.NOT_SIGNED_IN: {"EN": "Please sign in first.", "LV": "Lūdzu, vispirms pierakstieties."},
    R.NOT_FOUND: {"EN": "There is no such thing here.", "LV": "Šeit tāda nav."},
    R.WRONG_CREDENTIALS: {"EN": "That does not match what we know.", "LV": "Tas neatbilst mūsu datiem."},
    R.STEP_UP_REQUIRED: {
        "EN": "Please prove once more that it is you.",
        "LV": "Lūdzu, vēlreiz aplieciniet, ka tas esat jūs.",
    },
    R.STALE_REVISION: {
        "EN": "Your profile was changed meanwhile; look at it again before you save.",
        "LV": "Jūsu profils pa šo laiku ir mainīts; pirms saglabāšanas apskatiet to vēlreiz.",
    },
    R.TOO_MANY_ATTEMPTS: {
        "EN": "Too many tries; please wait a little.",
        "LV": "Pārāk daudz mēģinājumu; lūdzu, mazliet uzgaidiet.",
    },
    R.COOLING_OFF: {
        "EN": "A contact or password changed lately; for your safety this has to wait.",
        "LV": "Nesen tika mainīta kontaktinformācija vai parole; jūsu drošībai ar šo jāuzgaida.",
    },
    R.ON_HOLD: {
        "EN": "This is held for now and cannot be changed.",
        "LV": "Šie dati pašlaik ir aizturēti un nav maināmi.",
    },
    R.EXPIRED_TOKEN: {
        "EN": "This link or code is used or too old.",
        "LV": "Šī saite vai kods jau ir izmantots vai novecojis.",
    },
    R.IN_USE: {
        "EN": "This is still in use; name a replacement first.",
        "LV": "Šis vēl tiek izmantots; vispirms norādiet aizstājēju.",
    },
    R.RESTRICTED: {"EN": "Processing of this account is restricted.", "LV": "Šī konta apstrāde ir ierobežota."},
    R.EMAIL_UNCONFIRMED: {
        "EN": "Your e-mail address is not confirmed yet; look for our letter or ask for another.",
        "LV": "Jūsu e-pasta adrese vēl nav apstiprināta; atrodiet mūsu vēstuli vai palūdziet jaunu.",
    },
    R.RESET_REQUIRED: {
        "EN": "This account was secured; we have sent a letter with a link to set a new password.",
        "LV": "Šis konts ir nodrošināts; mēs nosūtījām vēstuli ar saiti jaunas paroles iestatīšanai.",
    },
    R.LIMIT_REACHED: {
        "EN": "You have as many of these as one account may hold.",
        "LV": "Jums jau ir tik daudz, cik vienā kontā atļauts.",
    },
    R.BUSY: {
        "EN": "We are very busy; please try again in a moment.",
        "LV": "Esam ļoti noslogoti; lūdzu, mēģiniet pēc brīža.",
    },
    R.NOT_PERMITTED: {
        "EN": "You may not do this, or not as things are.",
        "LV": "Jums tas nav atļauts, vai arī pašlaik tas nav iespējams.",
    },
    R.GRANT_REQUIRED: {
        "EN": "Open the record first, with a reason.",
        "LV": "Vispirms atveriet ierakstu, norādot iemeslu.",
    },
    R.SECOND_PERSON_REQUIRED: {"EN": "Somebody else has to do this.", "LV": "Tas jādara kādam citam."},
    R.NOT_READY: {
        "EN": "Something has to be done first, or this is not offered yet.",
        "LV": "Vispirms kaut kas jāizdara, vai arī tas vēl netiek piedāvāts.",
    },
    R.LOCKED: {"EN": "Stopped: too many records were read.", "LV": "Apturēts: izlasīts pārāk daudz ierakstu."},
}

PROBLEMS: dict[P, dict[str, str]] = {
    P.REQUIRED: {"EN": "This is needed.", "LV": "Šis ir obligāts."},
    P.TOO_LONG: {
        "EN": "This is too long; at most {limit} characters.",
        "LV": "Pārāk garš; ne vairāk kā {limit} rakstzīmes.",
    },
    P.TOO_SHORT: {
        "EN": "This is too short; at least {limit} characters.",
        "LV": "Pārāk īss; vismaz {limit} rakstzīmes.",
    },
    P.MALFORMED: {"EN": "This does not look right.", "LV": "Tas neizskatās pareizi."},
    P.NOT_ALLOWED: {"EN": "This is not allowed here.", "LV": "Šeit tas nav atļauts."},
    P.CARD_NUMBER: {
        "EN": "This looks like a card number; we never store those, please leave it out.",
        "LV": "Tas izskatās pēc kartes numura; tos mēs nekad neglabājam, lūdzu, izņemiet to.",
    },
    P.BREACHED_PASSWORD: {"EN": "This password is too easy to guess.", "LV": "Šo paroli ir pārāk viegli uzminēt."},
    P.DUPLICATE: {"EN": "You have this already.", "LV": "Jums tāds jau ir."},
    P.IN_THE_FUTURE: {"EN": "This lies in the future.", "LV": "Tas ir nākotnē."},
}
