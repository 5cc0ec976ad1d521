"""What is being claimed: posts that say, deny or ask the same thing, grouped as they are heard.

A post joins a claim by the way it came (a repost, an answer, a copy), else by the words it shares,
else by its meaning in another language, and otherwise begins one of its own; once joined it never
moves, so a claim's id never changes and batches of any size give one result. A post that comes a
little late is placed among what is known by then. A denial belongs to
its claim, with its stance; it is never a copy of it. ``docs/pathway/claims.md`` has the formulas.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import log, sqrt
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from quivive.detect import stance
from quivive.detect.attribution import names_who_says
from quivive.detect.candidates import Said, checkable, weigh
from quivive.detect.clusters import Claims, Cluster, Known, learn_words, tidy
from quivive.detect.copies import place, saying_of
from quivive.detect.counting import is_own, moment
from quivive.detect.cues import DENIAL, NEGATION, TAKES_BACK, bare
from quivive.detect.enquiry import enquires
from quivive.detect.lemmas import lemmas
from quivive.detect.sentences import most_telling, sentences_of
from quivive.detect.stance_cues import Told
from quivive.detect.stories import join
from quivive.vocabulary.claims import FoundClaim, Stance, Standing
from quivive.vocabulary.folding import fold
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.topics import Topic

Encoder: TypeAlias = Callable[[str], NDArray[np.float32]]
"""A text to its meaning: a vector of length one, near that of the same text in another language."""

ALIKE = {2: 0.45, 3: 0.3}
"""Least cosine between weighted words of a post and of a claim, by how many stems they share."""
ASKED_WITHIN_S = 3 * 3600
"""A post that asks or denies needs two words of a claim so recent (DR-30), no more."""
NEGATES = 0.2
"""Least cosine where what is shared is negated: it may deny a claim so recent in other words."""
FEWEST_SHARED = 2
SAME_MEANING = 0.7
"""Least cosine between the meanings of a post and of a claim: posts of one crisis are all near."""
TRANSLATED = 0.55
"""The same where one is French and the other English, say: it has no words to share."""
MOST_COMPARED = 24
ROUNDING = 1e-9
MEANINGS_A_MINUTE = 12
"""Posts a topic may have read by the encoder in a minute: it costs as much as 40 others."""
BEGAN = say("It began the claim.")
REPOSTS = say("It reposts a post that stands so.")
COPIES = say("It says what an earlier post says, in nearly the same words.")

TAKEN_BACK = say("Its author takes back what they said.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One post with what is needed to place it.

    Attributes:
        plain: its words, folded and bare.  words: its stems.
        first: id of the first post that said the same; may be its own.
        copied, answered: where that post, and the one it answers or quotes, were placed.
        repeats: it says what the post that it answers or quotes says.
        depth: 0 a post of its own, or a statement under one of ours; 1 an answer ...
        turned: it asks or denies.  takes_back: its author takes back what they said before.
        negated: stems of its sentences that say no, not or never.
        story: the wider talk it belongs to.
    """

    match: Match
    at: float
    own: bool
    plain: str
    words: frozenset[str]
    first: str
    copied: Known | None
    answered: Known | None
    repeats: bool
    depth: int
    enquiry: bool
    turned: bool
    takes_back: bool
    negated: frozenset[str]
    story: str


class Reader:
    """Places posts with a stance model and, where there is one, an encoder."""

    def __init__(self, model: stance.Model, encoder: Encoder | None = None) -> None:
        """Keep both."""
        self._model = model
        self._encode = encoder

    def take(self, claims: Claims, matches: Sequence[Match], topic: Topic) -> list[FoundClaim]:
        """Place posts of one topic, in the order heard or a little late; ``claims`` learns them.

        Returns:
            Claims that have new posts, in the order they got the first of them.
        """
        told: dict[str, tuple[Cluster, list[Standing]]] = {}
        for match in matches:
            tidy(claims, match.post.heard_at.timestamp())
            cluster, standing = self._place(claims, match, own=is_own(match.post, topic))
            told.setdefault(cluster.id, (cluster, []))[1].append(standing)
        return [_found(cluster, topic, some) for cluster, some in told.values()]

    def _place(self, claims: Claims, match: Match, *, own: bool) -> tuple[Cluster, Standing]:
        post = match.post
        relayed = claims.known.get(post.repost_of or "")
        if relayed is not None and relayed.claim in claims.open:
            claims.known[post.id] = msgspec.structs.replace(relayed, text="", own=own)
            cluster = claims.open[relayed.claim]
            cluster.posts += 1
            cluster.last_at = max(cluster.last_at, post.heard_at.timestamp())
            return cluster, _standing(match, relayed, own=own, reasons=(REPOSTS,))
        heard = _hear(claims, match, own=own)
        cluster_of = self._claim_of(claims, heard)
        cluster = cluster_of or _begin(claims, heard)
        stood, share, reasons = self._stand(cluster, heard, began=cluster_of is None)
        known = Known(cluster.id, stood, heard.first, heard.depth, post.content, own)
        claims.known[post.id] = known
        if post.attributed_to.is_told:
            claims.spoke[post.attributed_to.id] = post.id
        standing = _standing(match, known, own=own, share=share, reasons=reasons)
        _learn(claims, cluster, heard, standing)
        return cluster, standing

    def _claim_of(self, claims: Claims, heard: Heard) -> Cluster | None:
        """Find the claim a post belongs to; None when it begins one."""
        for known in (heard.copied, heard.answered):
            if known is not None and known.claim in claims.open:
                return claims.open[known.claim]
        found = _by_words(claims, heard)
        if found is not None and self._is_beside(found, heard):
            return None
        return found or self._by_meaning(claims, heard)

    def _is_beside(self, cluster: Cluster, heard: Heard) -> bool:
        """Tell whether a post only touches the claim whose words it shares: it is of other talk.

        One of the same talk may comment on what is claimed; kept apart, candidates lost rumours.
        """
        if heard.depth or heard.story == cluster.story:
            return False
        return self._read(cluster, heard).stance is Stance.COMMENTS

    def _by_meaning(self, claims: Claims, heard: Heard) -> Cluster | None:
        """Find a claim that means the same in other words or another language.

        Only rumours are compared, and what was said in the last three hours: in another language,
        or in any for a post that asks or denies.
        """
        if self._encode is None or not _may_read(claims, heard.at):
            return None
        spoken = _language_of(heard.match)
        latest = (
            one
            for one in reversed(claims.open.values())
            if one.sentence  # its author may have taken it back
            and (
                one.rumour_at
                or (
                    (heard.at - one.began_at <= ASKED_WITHIN_S and one.texts)
                    and (heard.turned or _translates(spoken, one.language))
                )
            )
        )
        near = list(islice(latest, MOST_COMPARED))[::-1]
        if not near:
            return None
        claims.read += 1
        meaning = self._encode(heard.match.post.content)
        cosines = [float(meaning @ self._meaning_of(one)) for one in near]
        best = int(np.argmax(cosines))
        translated = _translates(spoken, near[best].language)
        enough = TRANSLATED if translated else SAME_MEANING
        return near[best] if cosines[best] >= enough else None

    def _meaning_of(self, cluster: Cluster) -> NDArray[np.float32]:
        if not cluster.meaning and self._encode is not None:
            cluster.meaning = self._encode(cluster.sentence).astype(np.float16).tobytes()
        return np.frombuffer(cluster.meaning, np.float16).astype(np.float32)

    def _stand(
        self, cluster: Cluster, heard: Heard, *, began: bool
    ) -> tuple[Stance, float, tuple[Message, ...]]:
        """Say how a post stands, how surely, and why."""
        if began:
            return (Stance.ASKS if heard.enquiry else Stance.RELAYS), 1.0, (BEGAN,)
        if heard.takes_back:
            return Stance.DENIES, 1.0, (TAKEN_BACK,)
        copied = heard.copied
        if copied is not None and (not heard.depth or heard.repeats):
            return copied.stance, 1.0, (COPIES,)
        stood = self._read(cluster, heard)
        return stood.stance, max(stood.shares), stood.reasons

    def _read(self, cluster: Cluster, heard: Heard) -> stance.Stood:
        post, answered, copied = heard.match.post, heard.answered, heard.copied
        told = Told(
            text=post.content,
            claim=cluster.sentence,
            answered=answered.text if answered is not None else "",
            depth=heard.depth,
            copy=copied is not None and not copied.depth and copied.claim == cluster.id,
            linked=bool(post.links),
        )
        return stance.read([told], self._model)[0]


def _hear(claims: Claims, match: Match, *, own: bool) -> Heard:
    """Read what a post says and where it comes from; the topic learns its words."""
    post = match.post
    folded = fold(post.content)
    plain = bare(folded)
    words = lemmas(plain)
    claims.heard += 1
    for word in words:
        claims.seen[word] = claims.seen.get(word, 0) + 1
    first = place(claims.copies, post.id, saying_of(folded))
    said_before = claims.spoke.get(post.attributed_to.id, "") if TAKES_BACK.search(plain) else ""
    answered = claims.known.get(post.in_reply_to or post.quote_of or said_before)
    enquiry = enquires(plain)
    turned = enquiry or "?" in plain or DENIAL.search(plain) is not None
    depth = answered.depth + 1 if answered is not None else int(bool(post.in_reply_to))
    if answered is not None and answered.own and not turned and checkable(plain):
        answered, depth = None, 0  # under a post of ours people state things of their own
    return Heard(
        match=match,
        at=post.heard_at.timestamp(),
        own=own,
        plain=plain,
        words=words,
        first=first,
        copied=claims.known.get(first),
        answered=answered,
        repeats=answered is not None and first == answered.copy_of,
        depth=depth,
        enquiry=enquiry,
        turned=turned,
        takes_back=answered is not None and bool(said_before),
        negated=_negated(post.content),
        story=join(claims.stories, post.id, words, post.heard_at.timestamp()),
    )


def _negated(text: str) -> frozenset[str]:
    """Return the stems of the sentences that negate: what they share with a claim, they deny."""
    told = [bare(fold(sentence)) for sentence in sentences_of(text)]
    return frozenset().union(*(lemmas(one) for one in told if NEGATION.search(one)))


def _begin(claims: Claims, heard: Heard) -> Cluster:
    post = heard.match.post
    cluster = Cluster(
        id=post.id,
        language=_language_of(heard.match),
        sentence=most_telling([post.content], {}),
        sentence_from=post.id,
        began_at=heard.at,
        last_at=heard.at,
    )
    claims.open[post.id] = cluster
    return cluster


def _language_of(match: Match) -> str:
    return match.sentiment.language if match.sentiment else "und"


def _translates(spoken: str, other: str) -> bool:
    return spoken != other and "und" not in (spoken, other)


def _by_words(claims: Claims, heard: Heard) -> Cluster | None:
    """Return the claim with the nearest words; a post that asks or denies may be further off."""
    weights = {word: _weight(claims, word) for word in sorted(heard.words)}
    squared = {word: weight**2 for word, weight in weights.items()}
    length = sqrt(sum(squared.values()))
    best: tuple[float, str] = (0.0, "")
    for name, shared in _candidates(claims, heard.words):
        cluster = claims.open[name]
        least = max(best[0], _least(heard, cluster, shared))
        # By Cauchy and Schwarz no cosine is above what the shared words hold of the post.
        if sqrt(sum(map(squared.__getitem__, shared))) < (least - ROUNDING) * length:
            continue
        dot = sum(squared[word] * cluster.words[word] for word in shared)
        squares = ((_weight(claims, word) * many) ** 2 for word, many in cluster.words.items())
        cosine = dot / (length * sqrt(sum(squares)))
        if cosine >= least and (cosine, name) > best:
            best = (cosine, name)
    return claims.open[best[1]] if best[1] else None


def _least(heard: Heard, cluster: Cluster, shared: Sequence[str]) -> float:
    """Return the least cosine from which a post belongs to a claim with which it shares stems."""
    if heard.at - cluster.last_at <= ASKED_WITHIN_S:
        if heard.turned:
            return 0.0
        if len(heard.negated.intersection(shared)) >= FEWEST_SHARED:
            return NEGATES
    return ALIKE[min(len(shared), max(ALIKE))]


def _candidates(claims: Claims, words: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield claims that share two words or more, with the words."""
    ordered = sorted(words)
    shared = Counter(chain.from_iterable(claims.holding.get(word, ()) for word in ordered))
    for name, many in shared.items():
        if many >= FEWEST_SHARED and name in claims.open:
            held = claims.open[name].words
            some = [word for word in ordered if word in held]
            if len(some) >= FEWEST_SHARED:  # a post told twice began its claim anew
                yield name, some


def _weight(claims: Claims, word: str) -> float:
    """Say how rare a stem is on the topic: what everybody says tells nothing apart."""
    return log(1 + claims.heard / claims.seen.get(word, 1))


def _may_read(claims: Claims, at: float) -> bool:
    """Say whether the topic may have another post encoded in this minute."""
    minute = at // 60
    if minute > claims.minute:
        claims.minute, claims.read = minute, 0
    return claims.read < MEANINGS_A_MINUTE


def _learn(claims: Claims, cluster: Cluster, heard: Heard, standing: Standing) -> None:
    """Let a claim learn a post; see whether it is a rumour now."""
    post = heard.match.post
    cluster.lead += 1 if heard.story == cluster.story else -1
    if cluster.lead < 0:  # majority vote of Boyer and Moore (1991): the first post may be astray
        cluster.story, cluster.lead = heard.story, 1
    cluster.began = cluster.began or standing
    cluster.posts += 1
    cluster.began_at = min(cluster.began_at, heard.at)
    cluster.last_at = max(cluster.last_at, heard.at)
    if standing.stance is not Stance.COMMENTS:  # comments do not say what the claim is
        learn_words(claims, cluster, heard.words)
    if heard.own or cluster.rumour_at:
        return
    said = Said(
        post=post.id,
        author=post.attributed_to.id if post.attributed_to.is_told else post.id,
        text=post.content,
        plain=heard.plain,
        apart=not heard.depth or post.id == cluster.id,
        enquiry=heard.enquiry,
        linked=_links_out(post),
    )
    weigh(cluster, said, standing, heard.at)


def _links_out(post: Post) -> bool:
    """Say whether a post brings something to look up; a name in its words is nothing of it."""
    return bool(post.links) or post.kind == "article" or "http" in post.content.lower()


def _standing(
    match: Match,
    known: Known,
    *,
    own: bool,
    share: float = 1.0,
    reasons: tuple[Message, ...],
) -> Standing:
    post = match.post
    return Standing(
        post=post.id,
        at=post.heard_at,
        stance=known.stance,
        sourced=_links_out(post) or names_who_says(post.content),
        own=own,
        copy_of=known.copy_of,
        share=share,
        reasons=reasons,
    )


def together(found: Iterable[FoundClaim]) -> list[FoundClaim]:
    """Join what several batches found of the same claims, in the order of their first posts."""
    whole: dict[str, FoundClaim] = {}
    for claim in found:
        before = whole[claim.id].standings if claim.id in whole else ()
        whole[claim.id] = msgspec.structs.replace(claim, standings=(*before, *claim.standings))
    return list(whole.values())


def _found(cluster: Cluster, topic: Topic, standings: Sequence[Standing]) -> FoundClaim:
    return FoundClaim(
        id=cluster.id,
        topic=topic.id,
        sentence=cluster.sentence,
        sentence_from=cluster.sentence_from,
        language=cluster.language,
        story=cluster.story,
        first_at=moment(cluster.began_at),
        rumour_at=moment(cluster.rumour_at) if cluster.rumour_at else None,
        asked=cluster.asked,
        posts=cluster.posts,
        began=cluster.began or standings[0],
        standings=tuple(standings),
    )
