"""Does an organisation speak? It apologises and serves, in formulas that customers leave to it.

"Nous sommes désolés, écrivez-nous en message privé" holds the words of a complaint and is none.
What stands in quotation marks, or after somebody's comment as an old repost, is not its writer's
voice: people quote such answers to complain of them.
"""

import re

ENOUGH = 2
"""Formulas of service from which nobody doubts who speaks."""
_VERY = r"(?:(?:vraiment|sincerement|tres|profondement|vivement|bien) )?"
_MUCH = r"(?:(?:so|very|really|truly|deeply|extremely|terribly|sincerely) )?"
_TROUBLE = (
    r"(?:desagrements?|gene|derangement|attente|contretemps|contrariete|inconvenients?|retard"
    r"|delais?|interruption|panne|situation|reponse tardive|temps de reponse|mauvaise experience)"
)
_BOTHER = (
    r"(?:inconvenience|trouble|bother|delays?|wait|frustration|confusion|mix-up|slow reply"
    r"|late reply|disruption|outage|poor experience|bad experience|experience)"
)
_APOLOGIES = (
    rf"nous (?:en )?sommes {_VERY}(?:desole|navre)e?s?(?! d'avoir)",
    r"(?:desole|navre)e?s? (?:pour|de|du) "
    rf"(?:(?:ce|cette|ces|la|le|les|l'|notre|votre) ?)?{_TROUBLE}",
    r"(?:desole|navre)e?s? (?:de l'|d'|de )(?:apprendre|lire|entendre|savoir)",
    r"(?:nos|mes|ses) (?:(?:plus )?sinceres )?excuses",
    r"(?:veuillez|prions?) (?:de )?(?:bien vouloir )?(?:nous |m')(?:en )?excuser",
    r"nous nous (?:en )?excusons",
    rf"nous {_VERY}(?:regrettons|deplorons) (?!d'avoir|d'etre)",
    r"(?:gene|desagrement)s? (?:occasionne|cause)e?s?",
    rf"we(?:'re| are) (?:all )?{_MUCH}sorry"
    r"(?! (?:we|i|to report|to say|for them|for him|for her)\b)",
    rf"(?:sorry|apologies) (?:for|about) (?:(?:the|any|this|that|your|our) )?{_BOTHER}",
    r"(?:i'm|i am|so|very|really|truly) sorry (?:about|for) (?:the|this|that|your|any)",
    r"sorry to (?:hear|read|learn|see) ",
    r"our (?:most )?(?:sincere(?:st)? |deepest |humble )?apolog(?:y|ies)",
    rf"(?:we|i)(?: do| must| would like to|'d like to| wish to| want to)? {_MUCH}apologi[sz]e",
    r"(?:board|company|management) apologi[sz]es",
    rf"we {_MUCH}regret (?!ever|having|that we|mov|com|choos|buy)",
    r"inconvenience (?:caused|this)|any inconvenience",
)
_SERVES = (
    r"(?:nous comprenons|je comprends) (?:bien |tout a fait |parfaitement )?(?:votre|vos|que vous)",
    r"(?:contactez|ecrivez|retrouvez|envoyez|joignez|transmettez|communiquez|appelez)-nous",
    r"(?:pouvez|pourriez)[- ]vous (?:bien )?nous "
    r"(?:envoyer|communiquer|transmettre|ecrire|indiquer)",
    r"merci de (?:bien vouloir )?nous (?:communiquer|transmettre|envoyer|contacter|ecrire)",
    r"vous pouvez (?:aussi |egalement )?nous (?:joindre|ecrire|contacter|appeler|retrouver)",
    r"n'hesitez pas a (?:nous|revenir vers nous|me (?:contacter|ecrire|joindre|solliciter))",
    r"(?:reste|restons|sommes|suis) (?:donc )?a votre (?:disposition|ecoute)",
    r"(?:nous |et )?rev(?:enons|iendrons) vers vous",
    r"nous (?:vous )?(?:tiendrons|tenons) (?:informe|au courant)",
    r"(?:nous vous (?:invitons|informons|proposons|conseillons|remercions|confirmons)|je vous"
    r" (?:invite|propose) (?:a|de) (?:me|nous))",
    r"(?:faisons (?:le necessaire|notre possible)|(?:nous|et) mettons tout en oeuvre)",
    r"nos (?:equipes|techniciens|conseillers|agents|ingenieurs) (?:sont(?! a bout)|travaillent"
    r"|intervien|mettent|seront|font|y|vont|se)",
    r"sur nos (?:reseaux|fibres|installations|equipements)",
    r"(?:bonjour|,|et) votre (?:demande|dossier|signalement|reclamation|message) (?:a bien|est bien"
    r"|sera|a ete|est en cours|est pris)|votre (?:demande|signalement) a bien ete",
    r"nous avons bien (?:recu|pris|note)|nous sommes conscients",
    r"merci (?:de|pour) votre (?:patience|comprehension|signalement|fidelite|confiance)",
    r"(?:we|i) (?:fully |completely |totally )?understand (?:your|how)",
    r"(?:please|pls|kindly|could you|can you|you can|or|also)(?: also| please| just)? "
    r"(?:dm|pm|message|contact|call|e-?mail|ring|text|write to|reach out to|reach|follow) us",
    r"(?:send|drop|share)(?: it| them)?(?: with)? us (?:a |an |your |the |it )?"
    r"(?:dm|pm|direct|private|message|e-?mail|order|booking|account|contract|name|full|details)",
    r"we(?:'ll| will) (?:get back to you|look into|be happy|be glad|keep you|follow up"
    r"|do our best|pass (?:it|this|that|your)|let you know)",
    r"we(?:'re| are) (?:currently |already |still |now |actively )?(?:looking into|working (?:on|to"
    r"|hard)|here to help|happy to help|investigating|aware of|doing (?:everything|all))",
    r"we(?:'d| would) (?:like|love|be happy|be glad|hate) to (?:help|hear|assist|learn|look|lose)",
    r"our (?:engineers|technicians|crews|agents|advis[eo]rs|specialists|(?:support |service "
    r"|customer |care |technical )+team)s?",
    r"your (?:request|report|complaint|case|message|feedback) (?:has been|will be|is being)",
    r"we(?:'ve| have) (?:received|logged|noted|passed)",
    r"thank(?:s| you)(?: so much| again)? for (?:your (?:patience|understanding|loyalty|feedback)"
    r"|bearing with|letting us know|bringing this|contacting us|alerting us|reporting)",
    r"(?:how|what) (?:can|may) (?:we|i) (?:help|assist|do for)",
    r"let us know (?:if|how|what|when|should)",
    r"we (?:advise|encourage|invite|ask) (?:you|our|all|everyone)",
)
_FORMULA = re.compile(rf"(?<![\w'])(?:(?P<apology>{'|'.join(_APOLOGIES)})|(?:{'|'.join(_SERVES)}))")
_QUOTED = re.compile(
    r'"[^"]{1,300}"|“[^”]{1,300}”|«[^»]{1,300}»|(?<=\S )(?:rt |mt |via )?"?@\w+:.*$'
)
_QUOTING = frozenset('"“«@')
"""Every quotation holds one of these."""


def service_voice(folded: str) -> tuple[float, float]:
    """Return how surely an organisation apologises, and serves, to those it speaks to; 0 to 1.

    >>> service_voice("nous sommes desoles, ecrivez-nous en message prive.")
    (1.0, 0.5)
    >>> service_voice('"we are sorry for the inconvenience", they say. for three weeks!')
    (0.0, 0.0)
    """
    own = folded if _QUOTING.isdisjoint(folded) else _QUOTED.sub(" ", folded)
    apologies = [found["apology"] is not None for found in _FORMULA.finditer(own)]
    served = min(apologies.count(False), ENOUGH) / ENOUGH
    return float(any(apologies)), served
