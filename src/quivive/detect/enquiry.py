"""Does a post ask whether something is so? A few who ask early mark a whole rumour (DR-30).

Zhao, Resnick and Mei 2015, "Enquiring minds: early detection of rumors in social media from
enquiry posts". Their five patterns, made ours for French and English.
"""

import re

_FRENCH = (
    r"(?:est-ce|est-ce que c'est|serait-ce|est-il) (?:bien |vraiment )?vrai",
    r"c'est (?:bien |vraiment )?vrai[^.!]{0,80}\?",
    r"(?:vrai ou faux|info ou intox|intox ou info|rumeur ou|ou (?:c'est )?une rumeur)",
    r"qu(?:elqu'un|i) (?:peut|sait|a (?:une|des|la|plus|entendu)|en sait|confirme|pour|est au)",
    r"(?:serieux|serieusement|vraiment|confirme|confirmation|avere|verifie) ?\?",
    r"(?:c'est|est-ce|deja) (?:confirme|sur|officiel|verifie) ?\?",
    r"(?:avez|as|auriez|aurais|y a)-(?:vous|tu|t-il) (?:un document|des documents|une preuve|des "
    r"preuves|une source|des sources|un temoin|plus d'info\w*|vu|entendu)",
    r"(?:une|des|la|ta|tes|vos|votre|quelle?s?) (?:sources?|preuves?) ?\?",
    r"(?:sources?|preuves?) ?\?+",
    r"(?:j'ai|on a) (?:entendu|lu) (?:dire )?que.{0,80}\?",
)
_ENGLISH = (
    r"(?:is|was|are) (?:this|that|it|these|those) (?:really |actually )?(?:true|real|legit|so)",
    r"is it (?:true|confirmed|official)",
    r"really ?\?|seriously ?\?|for real ?\?|true ?\?|confirmed ?\?",
    r"(?:can|could|has|did) (?:any ?one|any ?body|some ?one|you) (?:else )?(?:please )?"
    r"(?:confirm\w*|verify|verified|back this)",
    r"any(?:one|body) (?:else )?(?:in [\w' ]{1,30}? )?(?:know\w*|hear\w*|confirm\w*|got|has)",
    r"(?:any|your|what|what's the|have a|got a|link to a?) ?(?:proof|evidence|sources?) ?\?",
    r"(?:source|sources|proof|link|hoax|fact ?check) ?\?+",
    r"(?:true or false|fact or fiction|or (?:is (?:it|this) )?"
    r"(?:a |just a )?(?:hoax|rumou?r|fake))",
    r"who (?:says|said|told|confirmed)\b.{0,40}\?",
    r"(?:unconfirmed|i heard|hearing|rumou?rs?) .{0,80}\?",
)
_ENQUIRY = re.compile(rf"(?<!\w)(?:{'|'.join((*_FRENCH, *_ENGLISH))})")


def enquires(folded: str) -> bool:
    """Tell whether a folded text asks if something is true, or for a source.

    A question about anything else ("when will it work again?") is no enquiry.

    >>> enquires("deux hospitalises ?? c'est vrai ? quelqu'un a une source ?")
    True
    >>> enquires("can anyone confirm that the bridge fell"), enquires("when does it open?")
    (True, False)
    """
    return _ENQUIRY.search(folded) is not None
