"""Who needs an answer first: people in danger, people in need and alone, then others.

A queue of unanswered posts is ordered by what their words say and then by waiting time, never by
followers (crisis.md R-52, R-71). Words are looked for in French and English; unusual ones are heard
by the model of tone. What both miss waits in order of time, so nothing is lost, only later.
"""

import re
from enum import IntEnum, StrEnum

import msgspec

from quivive.vocabulary.folding import fold


class Urgency(IntEnum):
    """How soon somebody should answer."""

    NONE = 0
    ADDRESSED = 1
    QUESTION = 2
    NEED = 3
    ALONE = 4
    DANGER = 5


class Reason(StrEnum):
    """Why somebody should answer."""

    DANGER = "danger"
    ALONE = "alone"
    FRAIL = "frail"
    WITHOUT = "without"
    UNHEARD = "unheard"
    QUESTION = "question"
    PRESS = "press"
    TO_US = "to-us"
    PLEA = "plea"


class Because(msgspec.Struct, frozen=True):
    """One reason, with the words that show it, folded; none for what no word says."""

    reason: Reason
    words: str = ""


class Asking(msgspec.Struct, frozen=True):
    """What a post asks of us: how soon, and every reason for it."""

    urgency: Urgency
    because: tuple[Because, ...] = ()

    @property
    def press(self) -> bool:
        """Whether a journalist asks, whose deadline is shorter than other people's."""
        return any(one.reason is Reason.PRESS for one in self.because)


_NOT_THE_ONLY = r"(?:(?!(?:le|la|les|un|une|des|mon|ma|notre|pas|the|only) )\w+ ){0,2}?"

_KIN_FR = "voisine?|mere|pere|maman|papa|mamie|papi|mari|femme|fils|fille|frere|soeur|dame|monsieur"
_KIN_EN = r"neighbou?r|next door|mother|mum|mom|father|dad|husband|wife|son|daughter|lady|gran\w*"
_PARTS_FR = "plafond|mur|toit|escalier|balcon|plancher|immeuble|batiment"
_PARTS_EN = "ceiling|roof|wall|floor|stairs|balcony|building"
_DANGER = (
    # fire, smoke, gas, electricity
    r"(?:ca|immeuble|maison|appartement|cave|toit) brule(?! bien)|flammes|(?:prend|pris) feu",
    r"fumee (?:noire|epaisse|partout|dans)|plein de fumee|decharge electrique|pris une decharge",
    r"(?:odeur|sent|fuite) (?:\w+ ){0,3}gaz|electrocut\w+|(?:fil|cable) electrique (?:pend|au sol)",
    r"fire (?:on|in) (?:the|my|our)|(?:house|building|flat|roof|kitchen) is burning|flames on",
    r"(?:black|thick|heavy) smoke|smoke (?:everywhere|coming|in the|from the)|full of smoke",
    r"smell\w* (?:\w+ ){0,2}gas|live wire|got (?:a|an electric) shock",
    r"il y a le feu(?! rouge)|en train de (?:bruler|flamber)|(?:plein|pleine|pleins) de fumee",
    r"ablaze|is burning|smok(?:e|y) (?:is )?(?:filling|under the door)",
    # life: breath, blood, heart, mind gone
    r"respire (?:plus|pas|mal)|(?:pas|plus) (?:a )?respirer|etouff\w+|saign\w+|hemorragie",
    r"perdu connaissance|inanimee?|ne (?:bouge|reagit|se reveille) (?:plus|pas)|convuls\w+",
    r"par terre\b.{0,40}\b(?:bouge|repond|reagit)|arret cardiaque|infarctus|overdose|avc",
    r"(?:not|isn't|stopped|can't|cannot) breath\w*|chok(?:es|ed|ing)|suffocat\w+|bleed(?:s|ing)",
    r"passed out|faint(?:ed|ing)|seizures?|stroke(?! of)|cardiac arrest|overdos\w+",
    r"on the (?:floor|ground)\b.{0,40}\b(?:respond|mov|answer|wak)\w*|won't wake up",
    rf"(?:{_KIN_FR}) (?:\w+ ){{0,3}}ne (?:repond|ouvre) (?:plus|pas)",
    rf"(?:{_KIN_EN}) (?:\w+ ){{0,3}}(?:not|n't|stopped) answer\w*|(?:{_KIN_EN}) doesn't answer",
    r"(?:fait une chute|(?:est|suis) tombee?)"
    r"\b.{0,60}\b(?:sol|terre|jambe|tete|hanche|bouger|relever)",
    r"(?:au sol|par terre|lying on the \w+|on the floor) (?:\w+ ){0,2}(?:depuis|since|for)",
    r"(?:fell|fallen)\b.{0,60}\b(?:floor|ground|leg|head|hip|move|get up)|broken (?:leg|hip|arm)",
    r"(?:vomi\w+|maux de tete|headaches?)\b.{0,60}\b(?:chaudiere|poele|boiler|stove|heater)",
    r"(?:gamin|enfant|bebe|homme|femme) (?:accroche|suspendu)e? (?:au|a la)",
    r"(?:toddler|child|kid|man|woman) hanging from",
    # despair
    r"(?:veux|envie de|vais) (?:mourir(?! de)|me (?:tuer|suicider|pendre|jeter)|en finir)",
    r"suicid\w+",
    r"(?:aval|pris)\w* (?:tous|toutes) (?:ses|mes|les) (?:cachets|medicaments|comprimes|pilules)",
    r"(?:swallowed|took) (?:all )?(?:her|his|my|the)(?: whole)? (?:pills|tablets)",
    r"plus la force(?! de (?:rire|marcher))|adieu a tous|no strength left|goodbye everyone",
    r"fin a (?:mes|ses) jours|(?:veux|envie de) plus (?:de )?vivre",
    r"(?:want|wish|going) to (?:die|end it)|kill (?:my|her|him)self|end my life",
    r"(?:will|going to|gonna) jump(?! (?:on|in|for|at))",
    # violence
    r"(?:me|la|le|nous) (?:frappe|bat|tabasse|etrangle|poignarde)(?:nt)?",
    r"(?:coups?|arme) (?:de|a) feu",
    r"menac\w+ (?:\w+ ){0,4}(?:tuer|mort|couteau|arme)|coups? de couteau|agresse\w*|poignard\w+",
    r"(?:is|are|keeps) (?:hitting|beating|strangling|attacking)|stabb(?:ed|ing)|gunshots?|shooter",
    r"(?:hit|beat|attack\w*|assault\w*) (?:me|her|him|us)",
    r"threaten\w* (?:\w+ ){0,4}(?:kill|knife|gun)",
    r"shooting(?! (?:an? |the )?(?:film|movie|scene|ad|photo))",
    r"avec (?:un|une) (?:fusil|pistolet|hache|machette|arme)|with an? (?:rifle|gun|knife|axe)",
    # what falls, what floods
    rf"(?:{_PARTS_FR}) (?:\w+[ '])?(?:\w+[ ']){{0,3}}(?:effondr|ecroul|affaiss|tomb)\w*",
    rf"(?:{_PARTS_EN}) (?:\w+ ){{0,3}}(?:collaps\w+|caved in|came down|fell|is falling)",
    r"l'eau monte|emporte\w* par|(?:sur le toit|on the roof) (?:avec|et|with|and)|water is rising",
    r"drown\w*|swept away|sous les (?:decombres|gravats)",
    r"(?:under|buried (?:under|in)) (?:the )?(?:rubble|debris)|l'eau jusqu'(?:a la|au|aux)",
    r"water up to (?:my|our|the)",
    r"(?:coinc|bloqu|pieg)\w+ (?:\w+ ){0,3}(?:flammes|feu|fumee|ascenseur)|cut off by",
    # who should come
    r"appel\w+ (?:vite )?(?:les secours|la police|le 1[578]|le 112|une ambulance)|faites vite",
    r"envoyez (?:vite )?(?:les secours|quelqu'un|de l'aide|une ambulance)",
    r"call (?:911|999|112|an ambulance|the police)|send (?:help|someone)|need (?:to be )?rescued?",
)
_ALONE = (
    r"personne pour (?:m'|nous |l'|l')?aider|(?:n'ai|n'a|pas) vu personne|vu personne depuis",
    r"(?:plus|pas) de famille|no family|pas sortie? de chez",
    r"not left (?:his|her|the) (?:flat|house|home)",
    r"veufs?|veuves?|widow(?:ed|er)?",
    rf"sans nouvelles? de (?:mon|ma) (?:\w+-)?(?:{_KIN_FR})",
    r"by (?:him|her)self|(?:seen|saw) (?:nobody|no one)",
    rf"no news (?:of|from) my (?:{_KIN_EN})",
)
_FRAIL = (
    r"nouveaux?-nes?|aveugles?|tout-petits|nos petits|biberons?|alitee?|asthm\w+|chimio\w*",
    r"tetraplegique|paralysee?s?|diabeti\w+|lit medicalise|paralysed",
    r"hospital bed|month old|respirateur|newborn|blind|little ones|kids",
    r"bedridden|chemo\w*|ventilator",
)
_WITHOUT = (
    r"(?:pas|plus) (?:d'|de )(?:eau|chauffage|courant|electricite|lumiere)|courant (?:est )?coupe",
    r"(?:pas|rien) (?:mange|bu|a manger)|(?<![-\w])(?:cinq|six|sept|huit|neuf|\d|1[0-3]) degres",
    r"(?:dors|dort|dormons|dorment|dormir) dehors|a la rue|sans (?:abri|logement|toit)",
    r"(?:no|without) (?:clean |hot |drinking |running )?(?:water|heat|heating|electricity|food)",
    r"(?:not|n't) (?:eaten|drunk|slept)|power is (?:out|cut|off)|sleep(?:ing)? (?:outside|rough)",
    r"glacial\w*|eau marron|brown water|plus de medicaments|no more medicine|homeless",
    r"(?<![-\w])(?:five|six|seven|eight|nine|\d|1[0-3]) degrees",
)
"""Turns of speech added to those below, by what emergency calls ask about first."""

_UNHARMED = re.compile(
    r"\b(?:aucune?|ni|sans|zero|pas d(?:e |'))(?: autre| nouveau)? ?"
    r"(?:bless|deces|mort|victime|intoxi)\w*"
    r"|\b(?:personne|nul) n(?:e |')(?:est|a ete|semble) (?:\w+ ){0,2}?"
    r"(?:bless|intoxi|en danger)\w*"
    r"|\b(?:pas|plus|hors|nobody|no one|none|not) (?:(?:was|is|were|are|has been) )?"
    r"(?:in |en |de )?(?:danger|hurt|injured|trapped)"
    r"|\b(?:no|zero|without) (?:further |serious |reported )?"
    r"(?:injur\w+|casualt\w+|deaths?|victims?)"
    r"|\b(?:selon|d'apres|according to) (?:les |le |the )?(?:sapeurs-)?"
    r"(?:pompiers|samu|firefighters)"
)
"""Says that nobody came to harm, or cites rescuers; such as do not come are no such thing."""

_WORDS: dict[Reason, re.Pattern[str]] = {
    Reason.DANGER: re.compile(
        rf"\b(?:{'|'.join(_DANGER)})\b"
        r"|\b(?:au secours|a l'aide|aidez[- ](?:moi|nous)|en danger|besoin d'aide|urgence vitale"
        r"|bless(?:e|es|ee|ees)|pompiers|samu|ambulance|intoxiqu\w+|malaise|monoxyde"
        r"|crise cardiaque|fuite de gaz|(?:odeur|sent) (?:de|le) gaz|incendie|en feu|inconscient\w*"
        r"|evanoui\w*|suffo\w+|noye\w*|(?:crier?|hurler?) (?:dans|au secours|a l'aide)"
        r"|(?:emmen|transport|conduit|evacu|admis)\w* (?:\w+ ){0,3}(?:a l'hopital|aux urgences)"
        r"|(?:bloqu|coinc|enferm)(?:e|es|ee|ees) (?:dans|dedans|au|a)"
        r"|help (?:me|us)|in danger|injured|hurt|firefighters|heart attack|gas leak|smell of gas"
        r"|(?:taken|rushed) to hospital|on fire|trapped|stuck in|unconscious|can't breathe"
        r"|carbon monoxide|panicking|screaming)\b"
    ),
    Reason.ALONE: re.compile(
        rf"\b(?:{'|'.join(_ALONE)})\b"
        rf"|\b(?:(?:suis|est|sont|vis|vit|vivent|habite\w*|reste\w*|laisse\w*|me sens)"
        rf" {_NOT_THE_ONLY}seule?s?\b"
        r"(?! (?:responsable|maitre|juge|proprietaire|a (?:pouvoir|avoir)))"
        r"|toute?s? seule?s?|seule?s? (?:avec|chez|dans mon|dans ma|a la maison|depuis|et j)"
        r"|(?:personnes?|dames?|gens|suis|me sens|se sent) (?:(?!mal )\w+ )?isole(?:e|es|s)?"
        r"|sans famille|ne connais personne"
        r"|(?:am|is|are|lives?|living|all|left|feel) alone|alone (?:and|with|in|since)"
        r"|on (?:my|her|his) own|by myself|(?:nobody|no one) to (?:help|call))\b"
    ),
    Reason.FRAIL: re.compile(
        rf"\b(?:{'|'.join(_FRAIL)})\b"
        r"|\b(?:agee?s?|handicap\w*|(?:en|mon|son|sans) fauteuil|fauteuil roulant|mobilite reduite"
        r"|(?<!l')enceinte(?! (?:du|des|sportive))|bebes?|nourrissons?|enfants?"
        r"|malades?|dialyse|(?<!bol d')oxygene|perfusion|insuline"
        r"|(?:7[5-9]|[89]\d|1[01]\d) ans|\d{1,2} mois"
        r"|elderly|disabled|wheelchair(?! (?:basketball|rugby|tennis))|pregnant(?! pause)"
        r"|baby|babies|toddler|children|sick|dialysis|(?<!pure )oxygen"
        r"|insulin|(?:7[5-9]|[89]\d|1[01]\d) years? old)\b"
    ),
    Reason.WITHOUT: re.compile(
        rf"\b(?:{'|'.join(_WITHOUT)})\b"
        r"|\b(?:froid|gele\w*|grelott\w*|sans (?:eau|chauffage|courant|electricite|ascenseur)"
        r"|bloqu(?:e|es|ee|ees)"
        r"|freezing|cold|no (?:water|heating|power|lift)|stranded)\b"
    ),
    Reason.UNHEARD: re.compile(
        r"\b(?:personne ne (?:me |nous )?(?:repond|rappelle|vient)|toujours pas de reponse"
        r"|(?:nobody|no one) (?:answers|calls back|comes))\b"
    ),
    Reason.QUESTION: re.compile(
        r"[?؟]|\b(?:c'est vrai|est-ce vrai|vrai ou faux|info ou intox"
        r"|quelqu'un (?:peut|sait|a|confirme)"
        r"|(?:a )?qui (?:appeler|telephoner|joindre)|que faire|combien de temps"
        r"|is it true|does anyone|who (?:can|do) (?:i|we) call|what should|how long)\b"
    ),
    Reason.PRESS: re.compile(
        r"\b(?<!\bun )(?<!\bune )(?<!\ble )(?<!\bla )(?<!\bce )(?<!\bcette )"
        r"(?:journaliste (?:a|au|pour|chez)|(?:de|pour) la redaction (?:de|du))\b"
        r"|\b(?<!\ba )(?<!\bthe )(?<!\bthat )(?<!\bthis )"
        r"(?:journalist|reporter|producer) (?:at|for|from|with)\b"
        r"|\bi(?:'m| am) an? (?:\w+ )?(?:journalist|reporter|producer)\b"
        r"|\b(?:pour (?:un|mon|notre) (?:article|reportage)"
        r"|for (?:an|my|our) (?:article|report))\b"
    ),
}
_NEEDS = {Reason.FRAIL, Reason.WITHOUT, Reason.UNHEARD, Reason.PLEA}
_PUT_FIRST = {*_NEEDS, Reason.DANGER, Reason.ALONE}
PLEA = 0.5
"""Share from which a post is taken for a cry for help though no word says so."""


def asking(words: str, *, to_us: bool = False, plea: float = 0.0) -> Asking:
    """Tell what a post asks of us, and why.

    Args:
        words: of the post.
        plea: the share of ``Sentiment.plea``, which hears cries for help in unusual words; it tells
            not what is wrong, so the post is one in need.
        to_us: it answers us or names us, so that even a remark deserves a look.

    >>> told = asking("j ai froid je suis seule a qui telephoner")
    >>> told.urgency.name, [(one.reason.value, one.words) for one in told.because]
    ('ALONE', [('alone', 'suis seule'), ('without', 'froid'), ('question', 'a qui telephoner')])
    """
    plain = fold(words)
    said = {Reason.DANGER: _UNHARMED.sub(" ", plain)}
    found = [(reason, each.search(said.get(reason, plain))) for reason, each in _WORDS.items()]
    because = [Because(reason, met[0]) for reason, met in found if met]
    if plea >= PLEA and not any(one.reason in _PUT_FIRST for one in because):
        because.insert(0, Because(Reason.PLEA))
    if to_us:
        because.append(Because(Reason.TO_US))
    return Asking(_urgency({one.reason for one in because}), tuple(because))


def _urgency(reasons: set[Reason]) -> Urgency:
    if Reason.DANGER in reasons:
        return Urgency.DANGER
    if Reason.ALONE in reasons:
        return Urgency.ALONE
    if reasons & _NEEDS:
        return Urgency.NEED
    if reasons & {Reason.QUESTION, Reason.PRESS}:
        return Urgency.QUESTION
    return Urgency.ADDRESSED if reasons else Urgency.NONE


def urgency(words: str, *, plea: float = 0.0) -> Urgency:
    """Tell how soon somebody should answer a post; ``plea`` as ``asking`` takes it.

    >>> urgency("Ma voisine de 82 ans est seule et elle a froid").name
    'ALONE'
    >>> urgency("Au secours, odeur de gaz au 3e !").name, urgency("C'est vrai ?").name
    ('DANGER', 'QUESTION')
    """
    return asking(words, plea=plea).urgency
