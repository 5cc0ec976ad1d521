"""Which wider talk a post belongs to: stories that begin, grow and fade, and nobody says how many.

One pass of a Dirichlet process mixture over words (Yin, Chao, Liu, Wang, Yuan and Zhao 2018,
"Model-based clustering of short text streams", MStream without its second pass): a post joins the
story that makes its words likeliest, large ones a little easier, or begins one. We differ in that
a post must hold words that are usual in a story to join it (one everyday word in common drew all
crises of an hour into one) unless that story is all the talk, that a story nobody joined for a week
is over, and that a post's id names the story it began.
"""

from math import log

import msgspec

ALPHA = 1e-4
"""How ready a post is to begin a story."""
BETA = 0.1
"""How surprising a word may be that the story has not heard."""
FADES_S = 7 * 86_400
VOCABULARY = 20_000
"""Words a topic may use, as the model believes: the fewer, the readier a post is to begin one."""
USUAL = 0.6
"""Posts of a story hold each word of a post that joins it so often on average, summed up."""
LATE = 15
"""Posts over which it is told what is talked of of late (the decay of a mean, in posts)."""
RULES = 0.3
"""Share of late posts from which on a story asks less of who joins it; nothing when it has all."""
MOST_STORIES = 500
MOST_WORDS = 2_000


class Story(msgspec.Struct):
    """Words heard in one story.

    Attributes:
        posts: how many.  words: posts that held each word.  total: sum of ``words``.
        last_at: Unix second of the latest.
        late: share of the topic's late posts that joined it, as it was at its latest post.
        heard: posts of the topic by then.
    """

    posts: int
    words: dict[str, int]
    total: int
    last_at: float
    late: float = 0.0
    heard: int = 0


class Stories(msgspec.Struct):
    """Stories of one topic.

    Attributes:
        open: id of the post that began it to the story.
        heard: posts so far.
    """

    open: dict[str, Story] = msgspec.field(default_factory=dict)
    heard: int = 0


def join(stories: Stories, post_id: str, words: frozenset[str], at: float) -> str:
    """Return the id of the story a post belongs to, which may be its own; learn it.

    Args:
        at: Unix second at which it was heard.
    """
    stories.heard += 1
    _fade(stories, at)
    ordered = sorted(words)  # sums of fractions depend on their order
    unseen = VOCABULARY * BETA
    best = log(ALPHA * stories.heard)
    best += sum(log(BETA) - log(unseen + place) for place in range(len(words)))
    chosen = post_id
    for name, story in stories.open.items():
        usual = sum(story.words.get(word, 0) for word in ordered)
        if words and usual < _asked(story, stories.heard - 1) * story.posts:
            continue
        score = log(story.posts)
        for place, word in enumerate(ordered):
            score += log(story.words.get(word, 0) + BETA) - log(story.total + unseen + place)
        if score > best:
            best, chosen = score, name
    _learn(stories, chosen, words, at)
    return chosen


def _learn(stories: Stories, name: str, words: frozenset[str], at: float) -> None:
    story = stories.open.setdefault(name, Story(0, {}, 0, at))
    story.late, story.heard = _late(story, stories.heard) + 1 / LATE, stories.heard
    story.posts += 1
    story.last_at = max(story.last_at, at)
    for word in words:
        story.words[word] = story.words.get(word, 0) + 1
    story.total += len(words)
    if len(story.words) > MOST_WORDS:
        rare = [word for word, count in story.words.items() if count == 1]
        for word in rare:
            del story.words[word]
        story.total -= len(rare)


def _asked(story: Story, heard: int) -> float:
    """Return how often posts of a story must hold the words of one that joins it, summed up."""
    if story.late <= RULES:
        return USUAL
    return USUAL * min(1.0, (1 - _late(story, heard)) / (1 - RULES))


def _late(story: Story, heard: int) -> float:
    """Return the share of the topic's late posts that joined a story, once so many are heard."""
    return story.late * float((1 - 1 / LATE) ** (heard - story.heard))


def _fade(stories: Stories, at: float) -> None:
    """End stories nobody joins any more; of too many, the quietest."""
    over = [name for name, one in stories.open.items() if at - one.last_at > FADES_S]
    for name in over:
        del stories.open[name]
    if len(stories.open) > MOST_STORIES:
        quiet = sorted(stories.open, key=lambda name: (stories.open[name].last_at, name))
        for name in quiet[: MOST_STORIES // 10]:
            del stories.open[name]
