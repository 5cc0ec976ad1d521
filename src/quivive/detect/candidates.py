"""When is a claim a rumour candidate (R-25)? Two say it with no link, or one says it, one asks.

What they say must be something one can check: a wish, an opinion, a question or what somebody feels
is said by many at once and is no rumour (Hassan, Li and Tremayne 2015, "Detecting check-worthy
factual claims", part sentences alike). Who writes "police say" brings nothing one could open
either. Answers are talk about what is claimed; they do not claim.
"""

import msgspec

from quivive.detect.clusters import Cluster
from quivive.detect.cues import OPINION, asks, words_of
from quivive.detect.sentences import most_telling
from quivive.vocabulary.claims import Stance, Standing

FEWEST_VOICES = 2
FEWEST_WORDS = 6
"""A statement of fewer words names nothing one could look up."""
MOST_TEXTS = 3


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its weight is read.

    Attributes:
        plain: its words, folded and bare.  apart: it answers nobody, or it began the claim.
        enquiry: it asks whether something is true, or for a source.
        linked: it brings a link, so that others can look it up.
    """

    post: str
    author: str
    text: str
    plain: str
    apart: bool
    enquiry: bool
    linked: bool


def checkable(plain: str) -> bool:
    """Tell whether a bare text states something that could be looked up.

    >>> checkable("deux locataires de la tour hugo sont hospitalises")
    True
    >>> checkable("courage aux locataires de la tour hugo ce soir")
    False
    >>> checkable("i think the landlord does not care about us")
    False
    >>> checkable("i heard that two tenants of the tower are in hospital")
    True
    """
    return (
        len(words_of(plain)) >= FEWEST_WORDS and not asks(plain) and OPINION.search(plain) is None
    )


def weigh(cluster: Cluster, said: Said, standing: Standing, at: float) -> None:
    """Let a post count for its claim, which may become a rumour candidate by it."""
    if standing.stance is Stance.RELAYS:
        _relay(cluster, said)
    elif standing.stance is Stance.ASKS and (said.apart or said.enquiry):
        cluster.asked_by.add(said.author)
    if cluster.texts:
        _judge(cluster, at)


def _relay(cluster: Cluster, said: Said) -> None:
    asserts = said.apart and not said.linked and checkable(said.plain)
    if asserts:
        if not cluster.relayed_by:
            cluster.texts = []  # what came before said nothing one could check
        cluster.relayed_by.add(said.author)
    if (asserts or not cluster.relayed_by) and len(cluster.texts) < MOST_TEXTS:
        cluster.texts.append((said.post, said.text))


def _judge(cluster: Cluster, at: float) -> None:
    """Take the sentence anew; make it a candidate where enough spoke."""
    texts = [text for _, text in cluster.texts]
    cluster.sentence = most_telling(texts, cluster.words)
    cluster.sentence_from = next(
        name for name, text in cluster.texts if cluster.sentence.rstrip("…") in text
    )
    asserted, asked = len(cluster.relayed_by), len(cluster.asked_by - cluster.relayed_by)
    if asserted >= FEWEST_VOICES or (asserted and asked):
        cluster.rumour_at, cluster.asked, cluster.meaning = at, bool(asked), b""
        cluster.relayed_by, cluster.asked_by, cluster.texts = set(), set(), []
