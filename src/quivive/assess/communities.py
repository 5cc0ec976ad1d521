"""How many groups of accounts talk among themselves (i3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

_SMALLEST = 3

Pair = tuple[str, str]


def communities(posts: Sequence[Post], every: Iterable[Post], *, cap: int) -> int:
    """Count communities of three accounts or more, by greedy modularity.

    Two accounts are tied when one answers, reposts, quotes or mentions the other.

    Args:
        posts: those whose ties count.
        every: posts that they may answer, so that an answer finds its author.
        cap: groups and lone accounts kept, those with most ties first, before groups are joined.
    """
    authors = {post.id: _name(post.attributed_to) for post in every}
    ties = Counter(tie for post in posts for tie in _ties(post, authors))
    if not ties:
        return 0
    groups = _Groups(ties)
    groups.fold_pendants()
    groups.keep_busiest(cap)
    groups.join_greedily()
    return sum(size >= _SMALLEST for size in groups.sizes.values())


def _name(account: Account) -> str:
    return fold(account.handle or account.id)


def _ties(post: Post, authors: dict[str, str]) -> set[Pair]:
    author = _name(post.attributed_to)
    others = {
        authors[target]
        for target in (post.in_reply_to, post.repost_of, post.quote_of)
        if target in authors
    }
    others |= {fold(mention).lstrip("@") for mention in post.mentions}
    return {(min(author, other), max(author, other)) for other in others - {author, ""}}


class _Groups:
    """Groups of accounts that are joined while modularity rises (Clauset, Newman & Moore 2004).

    Unlike in the paper, accounts with one tie join their neighbour beforehand: they do so in every
    best partition, and a post that thousands relay costs no more than it holds.
    Nothing is random: ties of gain go to the first name.
    """

    def __init__(self, ties: Counter[Pair]) -> None:
        """Begin with a group for each account."""
        total = sum(ties.values())
        self.links: dict[str, dict[str, float]] = {}
        for (one, other), times in ties.items():
            self.links.setdefault(one, {})[other] = times / total
            self.links.setdefault(other, {})[one] = times / total
        self.shares = {name: sum(linked.values()) / 2 for name, linked in self.links.items()}
        self.sizes = dict.fromkeys(self.links, 1)
        self.changes = dict.fromkeys(self.links, 0)

    def fold_pendants(self) -> None:
        """Join each account that has a single neighbour to it, once: the rest is weighed."""
        pendants = sorted(name for name, linked in self.links.items() if len(linked) == 1)
        for name in pendants:
            if name in self.links and len(self.links[name]) == 1:
                (keeper,) = self.links[name]
                self._join(keeper, name)

    def keep_busiest(self, cap: int) -> None:
        """Take the groups with fewest ties out of the search; they stay as they are."""
        ranked = sorted(self.links, key=lambda name: (-self.shares[name], name))
        for name in ranked[cap:]:
            for other in self.links.pop(name):
                del self.links[other][name]

    def join_greedily(self) -> None:
        """Join the pair that gains most, until no pair gains."""
        waiting = [
            self._offer(one, other)
            for one, linked in self.links.items()
            for other in linked
            if one < other
        ]
        heapify(waiting)
        while waiting:
            loss, one, other, changes = heappop(waiting)
            if one not in self.links or other not in self.links:
                continue
            if changes != self.changes[one] + self.changes[other]:
                continue
            if loss >= 0:
                return
            keeper, gone = (
                (one, other) if len(self.links[one]) >= len(self.links[other]) else (other, one)
            )
            self._join(keeper, gone)
            for neighbour in self.links[keeper]:
                heappush(waiting, self._offer(*sorted((keeper, neighbour))))

    def _offer(self, one: str, other: str) -> tuple[float, str, str, int]:
        """Half the loss of modularity if both were joined, with what it was computed from."""
        gain = self.links[one][other] / 2 - self.shares[one] * self.shares[other]
        return -gain, one, other, self.changes[one] + self.changes[other]

    def _join(self, keeper: str, gone: str) -> None:
        mine = self.links[keeper]
        for neighbour, weight in self.links.pop(gone).items():
            theirs = self.links[neighbour]
            del theirs[gone]
            if neighbour != keeper:
                mine[neighbour] = theirs[keeper] = mine.get(neighbour, 0.0) + weight
        self.shares[keeper] += self.shares.pop(gone)
        self.sizes[keeper] += self.sizes.pop(gone)
        self.changes[keeper] += 1
