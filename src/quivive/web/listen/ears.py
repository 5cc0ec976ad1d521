"""What the collector listens for: posts that speak of no topic are let go at once."""

from collections.abc import Sequence

from django.utils import timezone

from quivive.flow.steps import leads_of
from quivive.flow.watch import ours_in
from quivive.listen.engagements import Engagement
from quivive.listen.known import NOTHING_KNOWN
from quivive.listen.matching import Matcher, compile_watch
from quivive.listen.query import parse
from quivive.listen.searches import searches_for, unseen
from quivive.listen.sourcing import Search, Source
from quivive.vocabulary.messages import Message
from quivive.vocabulary.posts import Post
from quivive.vocabulary.topics import Topic
from quivive.web.listen.queries import watched_topics
from quivive.web.listen.source_queries import known_posts
from quivive.web.people.panel_queries import known_to_us

REMEMBERED = 50_000
"""Caught posts remembered, to follow their reposts before the engine has stored them."""


class Ears:
    """The topics of the moment, compiled; used by one thread at a time for each call."""

    def __init__(self) -> None:
        """Hear nothing until topics were read."""
        self._topics: tuple[Topic, ...] = ()
        self._known = NOTHING_KNOWN
        self._ours: frozenset[str] = frozenset()
        self._matcher: Matcher | None = None
        self._caught: dict[str, None] = {}

    @property
    def are_open(self) -> bool:
        """Tell whether there is anything to listen for: no topic, no collecting (LR-01)."""
        return self._matcher is not None

    def listen_for_topics(self) -> None:
        """Compile the topics, again only when one changed."""
        topics, known = watched_topics(), known_to_us()
        if (topics, known) != (self._topics, self._known):
            self._topics, self._known, self._ours = topics, known, ours_in(topics)
            compiled = compile_watch({topic.id: parse(topic.query) for topic in topics}, known)
            self._matcher = compiled if topics else None

    def searches(self, plug_in: Source) -> tuple[Search, ...]:
        """Say the topics' queries in the words of a source's own search."""
        return searches_for(self._topics, plug_in.capabilities, timezone.now())

    def unseen(self, plug_in: Source) -> tuple[Message, ...]:
        """Say what of the topics a source cannot be asked for."""
        return unseen(self._topics, plug_in.capabilities)

    def hear(self, posts: Sequence[Post]) -> list[Post]:
        """Return the posts that speak of a topic, repost one that did, or are our answer to it."""
        if self._matcher is None or not posts:
            return []
        spoken = {place for place, _topics in self._matcher.match(posts)}
        leads = [leads_of(post, self._ours) for post in posts]
        stored = known_posts({lead for some in leads for lead in some} - self._caught.keys())
        caught: list[Post] = []
        for place, post in enumerate(posts):
            followed = any(lead in stored or lead in self._caught for lead in leads[place])
            if place in spoken or followed:
                caught.append(post)
                self._caught[post.id] = None
        for _ in range(len(self._caught) - REMEMBERED):
            del self._caught[next(iter(self._caught))]
        return caught

    def about_ours(self, engagements: Sequence[Engagement]) -> list[Engagement]:
        """Return what people did with posts that are kept, or were just caught."""
        ours = known_posts({one.post for one in engagements} - self._caught.keys())
        return [one for one in engagements if one.post in ours or one.post in self._caught]
