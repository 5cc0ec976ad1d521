"""Turns of phrase that mean the contrary of their words: thanks, questions and wishes of one vexed.

"Toujours pas de chauffage, merci la coopérative" thanks nobody, "pouvez-vous m'appeler ? merci" is
only polite, "do you ever pick up the phone?" asks nothing, and who says "it would be nice if the
lift worked" found nothing nice. Lists of ours, French and English, on folded texts.
"""

import re

ENOUGH = 2
"""Words of trouble beside which thanks are hardly meant; one that tells that it lasts will do."""
_MANY = (
    r"(?:\d+|an?|one|two|three|four|five|six|ten|several|many"
    r"|une?|deux|trois|quatre|cinq|dix|quinze|plusieurs|des)"
)
_TIME = r"(?:heures?|jours?|semaines?|mois|ans?|hours?|hrs?|days?|weeks?|months?|years?)"
_DAY = r"(?:hier|ce matin|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|le \d)"
_SUPPLIES = (
    r"(?:internet|reseau|connexion|wifi|fibre|chauffage|eau|lumiere|courant|electricite|reponse"
    r"|nouvelles?|solution|information|gardien\w*)"
)
_LASTING = (
    rf"(?:plus|zero|sans|aucune?) (?:d'|de )?{_SUPPLIES}|toujours (?:pas|rien|aucun\w*|sans)",
    rf"depuis (?:{_MANY} |{_DAY})|rien (?:ne|n'|du tout)|pour rien|personne (?:ne|n'|au|pour)",
    rf"{_MANY} {_TIME} (?:pour|sans|d'attente|de retard|a attendre|que?)",
    r"encore (?:une?|en) (?:panne|retard|coupure|fuite|lettre|courrier|erreur|fois)",
    r"(?:ne|n'|m'|se|nous) ?(?:\w+ ){0,2}(?:marche|fonctionne|repond|decroche|rembourse|vien)\w*"
    r" (?:pas|plus|jamais)",
    r"still (?:no|not|waiting|without|nothing|haven't|hasn't|isn't|don't|can't)|for nothing|nobody",
    r"no (?:heating|water|power|internet|signal|wifi|light|lift|answer|reply|response|news|help"
    r"|explanation|one|caretaker)|without (?:heating|water|power|internet|a reply)",
    rf"(?:for|over|after|only took|takes?) (?:the last |the past )?{_MANY} {_TIME}",
    rf"{_MANY} {_TIME} (?:to|on hold|late|without|waiting|delay|queue)",
    r"another (?:delay|letter|outage|cancel\w+|hour|fee|excuse)",
    r"(?:doesn't|don't|didn't|won't|isn't|can't|not|no longer) (?:even )?(?:work|answer|reply"
    r"|respond|care|come|show|refund|help)\w*",
)
_TROUBLES = (
    r"jamais|pannes?|hs|hors service|coupures?|coupee?s?|couper|deconnexions?|deconnecte\w*|bugs?",
    r"beugs?|freeze\w*|fuites?|inond\w+|moisi\w*|rats|cafards|punaises|ruine\w*|casse\w*|retards?",
    r"annule\w*|reporte\w*|supprime\w*|perdue?s?|perdre|bloque\w*|rate\w*|oublie\w*|ignore\w*",
    r"vole\w*|arnaques?|mensong\w+|menteu\w+|incompeten\w+|incapables?|honteu\w+|scandal\w+",
    r"inadmissible|catastroph\w+|galere\w*|nulle?s?|pourrie?s?|gach\w+|niquer|froide?s?|glacee?s?",
    r"\d+ degres|marteau-piqueur|hausse|augment\w+|double|a pied|furieu\w+|marre|sale|degueu\w*",
    r"never|out of order|outages?|delay\w*|cancel\w*|lost|losing|late|stuck|stranded|broken?",
    r"leaks?|leaking|flood\w*|mould|ruin\w*|wast(?:ed?|ing)|miss(?:ed|ing)|forg[eo]t\w*|ignor\w+|scams?",
    r"rude\w*|worst|terrible|awful|useless|fail\w*|hung up|on hold|freezing|cold|doubled",
    r"overcharg\w*|damag\w*|dirty|filthy|stinks?|crash\w*|peeling|jackhammer",
)
_MENDED = (
    r"repare\w*|reparation|retabli\w*|remarche\w*|revenue?s?|de retour|resolue?s?|reglee?s?",
    r"corrig\w+|retrouve\w*|a l'heure|rapide(?:ment)?|enfin|finie?s?|remplacee?s?|malgre|a temps",
    r"plus (?:jamais|une seule)|sans (?:le moindre |aucun |un seul )?(?:souci|probleme|bug|beug)s?",
    r"aucune? (?:attente|souci|probleme|panne)|a peine|aide|venue?s?|arrete|gentil\w*|au top",
    r"repaired|fixed|restored|resolved|solved|sorted|found|finding|back (?:on|up)|work\w* again",
    r"on time|quick\w*|finally|at last|despite|replaced|barely|helped|came|never cold|not one",
    r"without a (?:single )?(?:problem|hitch)|no wait",
)
_GLAD = (
    r"(?:super|genial|parfait|magnifique|formidable|excellent|chapeau|great|awesome|brilliant"
    r"|fantastic|wonderful|lovely|perfect|amazing)"
)
_THANKS = (
    r"merci|remercie\w*|bravo|felicitations?|vraiment chapeau|bien joue",
    r"(?:beau|bon) (?:travail|boulot)|on adore|j'adore|un regal|me regalez",
    r"quel(?:le)? (?:bonheur|chance|joie|plaisir|efficacite|professionnalisme|honneur|beau)",
    r"thanks|thank ?you|thx|tnx|cheers|congrat\w*|kudos|well done|nice one|way to go|lucky us",
    r"(?:great|good|nice|lovely|amazing) (?:job|work|service|timing|start)|just what i needed",
    r"love (?:how|that|it when|being)|(?:so|how) (?:efficient|professional)",
    rf"{_GLAD}(?= ?[!.,:]| service| quand| when)|(?:(?<=^)|(?<=[!?.,:] ))(?:oh |ah )?{_GLAD}",
)
_REQUESTS = (
    r"merci (?:de(?! (?:votre|vos|tout|rien|m'avoir|nous avoir|ne)\b)|d'(?!avoir|etre)\w+|par)",
    r"(?:pouvez|pourriez|pourrais|peux|peut|auriez|auraient|aurait|avez)-(?:vous|tu|on|il|elle)",
    r"qui peut|est-(?:il|ce)|serait[- ]il|possible|comment faire|s'il (?:vous|te) plait|svp|stp",
    r"besoin|j'aimerais|je souhaite|je cherche",
    r"(?:thanks|thank you) (?:in advance|for (?:closing|your help|getting back))|please|pls|plz",
    r"(?:can|could|would|will|may|should|do|does|did|is|are) (?:you|i|we|someone|any(?:one|body))",
    r"(?:i|we)(?:'d| would) like|i (?:need|am looking)|how (?:do|can)|who (?:can|do)|which|when",
)
_IMPATIENT = (
    r"(?:vous|tu) (?:comptez|attendez quoi)|comptez-vous|daign\w+|qu'attendez-vous|et nous",
    r"enfin|un jour|jusqu'a quand|a quand|ca vous arrive|trop demander|a quoi (?:ca )?sert",
    r"combien de \w+ (?:\w+ )?(?:encore|faut|faudra|avant)|encore combien|on peut savoir",
    r"(?:c'est|ca|cela) normal|on (?:fait|dort|respire|vit|mange) (?:quoi|ou|comment)",
    r"on se moque|de qui (?:on )?se (?:moque|fout)|pourquoi (?:personne|rien|toujours|jamais)",
    r"il faut \w+ .{2,40} pour que|c'est une (?:blague|plaisanterie)|serieux|serieusement",
    r"finally|ever (?:going|pick\w*|answer\w*|come|get|fix)|some ?day|how many (?:more|times)",
    r"how (?:much )?longer|what (?:are|r) (?:you|we|they) (?:waiting|supposed|doing)|kidding",
    r"(?:is|think) (?:it|this|that|.{1,40}) (?:is )?(?:normal|acceptable|ok|okay)|seriously",
    r"too much to ask|is this a joke|do we have to|what's the point|where do we",
    r"why (?:\w+ )?(?:nobody|no one|nothing|can't|won't|don't|haven't|hasn't|isn't)",
    r"why (?:\w+ )?is it (?:so|always)|do you (?:plan|intend)",
)
_PAST = r"(?:ait|aient|ais|ions|iez)"
_THEM = r"(?:you|they|it|there|this|the \w+)"
_WISHES = (
    rf"(?:si|s'ils?) [^.!?]{{0,60}}?\w{_PAST} [^.!?]{{0,60}}?\wr{_PAST}|si seulement",
    r"(?:ce|ca) serait (?:bien|cool|sympa|mieux|gentil|chouette)",
    rf"(?:j'|(?:on|nous|vous|ils?|tu|elles?) )aur{_PAST} (?:aime|pu|du|voulu|prefere|suffi|fallu)",
    r"(?:it|that)(?:'d| would) (?:be|have been) (?:nice|good|great|helpful)|if only",
    r"(?:you|they|u) (?:guys )?(?:should|could|would)(?:n't)?(?: have|'ve)|would have spared",
    r"(?:i|we)(?:'d| would) have (?:liked|preferred|appreciated|been)",
    r"had (?:i|we) [^.!?]{0,60}?would",
    rf"if {_THEM} (?:\w+ )?(?:were|was|had|\w{{2,}}ed|didn't) [^.!?]{{0,60}}?would",
    rf"would [^.!?]{{0,30}}?if {_THEM} (?:\w+ )?(?:were|weren't|had|\w{{2,}}ed)",
)
_SUPPOSED = ("si ", "s'il", "if ", "had ", "ould", "'d ", "aur", "serait")
"""One of them is in every wish: looked for first, for most texts hold none."""


def _any_of(patterns: tuple[str, ...], then: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w){then}")


_THANKED, _MENDS, _REQUESTED = map(_any_of, (_THANKS, _MENDED, _REQUESTS))
_LASTS, _TROUBLED = _any_of(_LASTING), _any_of(_TROUBLES)
_PRESSED, _WISHED = _any_of(_IMPATIENT, r"(?=[^.!]*\?)"), _any_of(_WISHES)
_BARE = re.compile(r"(?<!\w)(?:merci|thanks|thank you|thx)(?!\w)")


def contraries(folded: str) -> tuple[float, ...]:
    """Return how surely each of ``signs.CONTRARIES`` is heard in a folded text, 0 to 1.

    >>> contraries("toujours pas de chauffage depuis hier, merci la cooperative, bravo !")
    (1.0, 0.0, 0.0, 0.0)
    >>> contraries("pouvez-vous m'envoyer le lien ? merci")
    (0.0, 1.0, 0.0, 0.0)
    >>> contraries("do you ever pick up the phone?"), contraries("you could have told us")
    ((0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0))
    """
    return (
        *_thanks(folded),
        float("?" in folded and _PRESSED.search(folded) is not None),
        float(any(map(folded.__contains__, _SUPPOSED)) and _WISHED.search(folded) is not None),
    )


def _thanks(folded: str) -> tuple[float, float]:
    """Return how surely thanks stand beside a trouble that lasts, and end a request."""
    if not _THANKED.search(folded):
        return 0.0, 0.0
    asks = bool(_BARE.search(folded) and ("?" in folded or _REQUESTED.search(folded)))
    if _MENDS.search(folded):
        return 0.0, float(asks)
    troubles = ENOUGH if _LASTS.search(folded) else len(set(_TROUBLED.findall(folded)))
    return min(troubles, ENOUGH) / ENOUGH, float(asks)
