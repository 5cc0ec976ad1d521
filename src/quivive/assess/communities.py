"""How many groups of accounts talk among themselves (i3)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

_SMALLEST = 3

Pair = tuple[str, str]


def communities(posts: Sequence[Post], every: Iterable[Post], *, seed: int, cap: int) -> int:
    """Count communities of three accounts or more, by modularity (Louvain, one thread, seeded).

    Two accounts are tied when one answers, reposts, quotes or mentions the other.

    Args:
        posts: those whose ties count.
        every: posts that they may answer, so that an answer finds its author.
        seed: of the order in which accounts are visited.
        cap: accounts kept, those with most ties first.
    """
    authors = {post.id: _name(post.attributed_to) for post in every}
    ties = Counter(tie for post in posts for tie in _ties(post, authors))
    kept = _busiest(ties, cap)
    ties = Counter({tie: n for tie, n in ties.items() if tie[0] in kept and tie[1] in kept})
    if len(kept) < _SMALLEST or not ties:
        return 0
    return sum(size >= _SMALLEST for size in _sizes(ties, sorted(kept), seed))


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


def _busiest(ties: Counter[Pair], cap: int) -> frozenset[str]:
    degree: Counter[str] = Counter()
    for (one, other), times in ties.items():
        degree[one] += times
        degree[other] += times
    ranked = sorted(degree, key=lambda name: (-degree[name], name))
    return frozenset(ranked[:cap])


def _sizes(ties: Counter[Pair], names: list[str], seed: int) -> list[int]:
    """Sizes of the communities, on a single thread so that a seed always gives the same."""
    import networkit  # a second to load: only for those who ask

    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    networkit.engineering.setSeed(seed, False)  # noqa: FBT003 - networkit's own signature
    try:
        place = {name: n for n, name in enumerate(names)}
        graph = networkit.Graph(len(names), weighted=True)
        for (one, other), times in sorted(ties.items()):
            graph.addEdge(place[one], place[other], times)
        search = networkit.community.PLM(graph, refine=True)
        search.run()
        return list(search.getPartition().subsetSizes())
    finally:
        networkit.setNumberOfThreads(threads)
