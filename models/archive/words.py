"""What the archive's page says around the data, in both languages (clause 2): what Article 15 GDPR asks for."""

# ruff: noqa: E501  sentences

from models.policy import Words

TITLE = Words("A copy of your data", "Jūsu datu kopija")
MADE = Words(
    "Made on {at} for {name}, customer number {number}.", "Izveidota {at}, saņēmējs: {name}, klienta numurs {number}."
)
GOVERNS = Words("Policy version {version} binds you.", "Jums saistoša ir politikas redakcija {version}.")
SKIP = Words("To the contents", "Uz saturu")
CONTENTS = Words("Contents", "Saturs")
RECORDS = Words("Records", "Ieraksti")
LAST_DAY = Words("Last possible day", "Pēdējā iespējamā diena")
WITH_ACCOUNT = Words("as long as the account", "tik ilgi, cik konts")
EMPTY = Words("Nothing is held.", "Netiek glabāts nekas.")
ABOUT = Words("About these data", "Par šiem datiem")
FIELD, SOURCE = Words("Field", "Lauks"), Words("Source", "Avots")
PURPOSES, BASIS = Words("Purposes", "Nolūki"), Words("Legal basis", "Juridiskais pamats")
READERS, KEPT = Words("Who can come to read it", "Kas to var izlasīt"), Words("How long", "Cik ilgi")
ONLY_YOU = Words("only you", "tikai jūs")
YES, NO = Words("yes", "jā"), Words("no", "nē")
HELD = Words("held, not shown: it is a secret", "tiek glabāts, netiek rādīts: tas ir noslēpums")
NOT_HELD = Words("not held", "netiek glabāts")
NEWEST = Words(
    "The newest {shown} of {count} records are shown here. All of them are in {csv} and {json}.",
    "Šeit redzami jaunākie {shown} no {count} ierakstiem. Visi ir failos {csv} un {json}.",
)
ALSO = Words(
    "The same as files: {csv} for spreadsheet programs, {json} for other programs.",
    "Tas pats failos: {csv} izklājlapu programmām, {json} citām programmām.",
)

CONTROLLER = Words("Who is responsible", "Kas atbild par datiem")
COMPANY = Words("{name}, registration number {number}", "{name}, reģistrācijas numurs {number}")
WHY = Words("Why we hold it", "Kāpēc datus glabājam")
WHY_TEXT = Words(
    "Each kind of record below says for which purposes it is used, on which legal basis, and for how long.",
    "Pie katra ierakstu veida norādīts, kādiem nolūkiem, uz kāda juridiskā pamata un cik ilgi to izmanto.",
)
RECIPIENTS = Words("Who receives it", "Kas datus saņem")
RECIPIENTS_TEXT = (
    Words("Payment data is passed on to nobody.", "Maksājumu datus nevienam nenododam."),
    Words(
        "Other data goes only to those without whom a service that you ordered cannot be provided, such as the registry of a domain.",
        "Citus datus nododam tikai tiem, bez kuriem jūsu pasūtīto pakalpojumu nevar sniegt, piemēram, domēna reģistram.",
    ),
    Words("We sell nothing and pass nothing on for advertising.", "Neko nepārdodam un reklāmai nenododam."),
)
PLACES = Words("Where it is", "Kur dati atrodas")
PLACES_TEXT = Words("On servers in these countries and nowhere else:", "Uz serveriem šajās valstīs un nekur citur:")
SOURCES = Words("Where it comes from", "No kurienes dati ir")
SOURCES_TEXT = Words(
    "We buy nothing and add nothing from elsewhere. For every field its source is named below.",
    "Mēs neko nepērkam un no citurienes neko nepievienojam. Pie katra lauka ir norādīts tā avots.",
)
AUTOMATED = Words("Automated decisions", "Automatizēti lēmumi")
AUTOMATED_TEXT = Words(
    "No decision about you is taken by a program alone, and there is no profiling with effects on you.",
    "Nevienu lēmumu par jums nepieņem tikai programma, un profilēšana ar sekām jums netiek veikta.",
)
RIGHTS = Words("Your rights", "Jūsu tiesības")
RIGHTS_TEXT = (
    Words(
        "to see everything that is held about you (Article 15): your profile report, and copies such as this one",
        "redzēt visu, ko par jums glabājam (15. pants): profila pārskatā un kopijās, kāda ir šī",
    ),
    Words(
        "to correct it (Article 16), in the portal or at our office", "labot datus (16. pants) portālā vai mūsu birojā"
    ),
    Words(
        "to have it erased (Article 17): 'Delete my profile' in the portal, or at our office",
        "panākt datu dzēšanu (17. pants): portālā «Dzēst manu profilu» vai mūsu birojā",
    ),
    Words("to have its use restricted (Article 18)", "ierobežot datu apstrādi (18. pants)"),
    Words(
        "to take it elsewhere (Article 20): the files in the folder data can be read by programs",
        "pārnest datus citur (20. pants): mapes data failus var lasīt programmas",
    ),
    Words(
        "to object (Article 21), and to take back any consent at any time in the preferences",
        "iebilst (21. pants) un jebkurā laikā iestatījumos atsaukt piekrišanu",
    ),
    Words("to complain to us, and to an authority", "sūdzēties mums un uzraudzības iestādei"),
)
COMPLAIN = Words("How to complain", "Kā sūdzēties")
FILES = Words("The files of this archive", "Šā arhīva faili")
FILES_TEXT = (
    Words(
        "data: every record as JSON; schemas: what those files look like (JSON Schema 2020-12).",
        "data: visi ieraksti JSON formātā; schemas: šo failu apraksti (JSON Schema 2020-12).",
    ),
    Words(
        "csv: the same for spreadsheet programs. An apostrophe stands before text that such a program would take for a formula.",
        "csv: tas pats izklājlapu programmām. Tekstam, ko programma uzskatītu par formulu, priekšā ir apostrofs.",
    ),
    Words(
        "manifest.json names every file with its SHA-256; manifest.sig is our Ed25519 signature of it. Whoever holds this archive can check it with: octopus verify.",
        "manifest.json nosauc katru failu ar tā SHA-256; manifest.sig ir mūsu Ed25519 paraksts. Arhīvu var pārbaudīt ar: octopus verify.",
    ),
)
