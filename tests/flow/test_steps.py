"""The flow: posts in, signals out, whatever the size of the batches they come in."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from quivive.detect import law
from quivive.detect.episodes import DetectState, graft
from quivive.engines.local import live_turn, replay
from quivive.flow import steps
from quivive.flow.watch import Watch, watch_for
from quivive.listen.known import Known
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.signals import Signal
from quivive.vocabulary.topics import Topic
from quivive.wire.models import load_sentiment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPIC = Topic(id="lift", name="Lift", query="ascenseur OR lift", own_accounts=("our_coop",))


@pytest.fixture(scope="module")
def watch() -> Watch:
    return watch_for([TOPIC], load_sentiment())


def post(minute: float, by: str, content: str = "the lift is broken", **more: object) -> Post:
    return Post(
        id=f"{by}-{minute}",
        network="test",
        published=NOON + timedelta(minutes=minute),
        attributed_to=Account(id=by, handle=by),
        content=content,
        **more,  # type: ignore[arg-type]
    )


ORDINARY = [post(-60 * hours, f"neighbour{hours}") for hours in range(2, 200, 7)]
BURST = [post(minute, f"witness{minute}") for minute in range(0, 16, 2)]


class Memory:
    """A sink that keeps outcomes in memory."""

    def __init__(self) -> None:
        self.matches: list[Match] = []
        self.signals: list[Signal] = []

    def fresh(self, matches: list[Match]) -> list[Match]:
        known = {match.post.id for match in self.matches}
        return [match for match in matches if match.post.id not in known]

    def keep(self, outcome: steps.Outcome) -> None:
        self.matches.extend(outcome.matches)
        self.signals.extend(outcome.signals)


def replayed(posts: list[Post], watch: Watch, batch: int = 1000) -> Memory:
    sink = Memory()
    replay([posts[at : at + batch] for at in range(0, len(posts), batch)], watch=watch, sink=sink)
    return sink


class TestTheFlow:
    def test_rings_early_for_a_burst_and_dates_its_beginning(self, watch: Watch) -> None:
        sink = replayed([*ORDINARY, *BURST], watch)

        signal, *_ = [one for one in sink.signals if one.rang_at]
        assert signal.onset == NOON
        assert NOON + timedelta(minutes=4) <= signal.found_at <= NOON + timedelta(minutes=15)
        assert signal.evidence[0] == "witness0-0"

    def test_says_nothing_on_ordinary_days(self, watch: Watch) -> None:
        assert replayed(ORDINARY, watch).signals == []

    def test_forgets_posts_on_other_matters(self, watch: Watch) -> None:
        sink = replayed([post(0, "someone", "nice weather"), *BURST], watch)

        assert "someone-0" not in {match.post.id for match in sink.matches}

    def test_reads_a_few_words_in_the_language_of_the_room(self) -> None:
        french = watch_for([TOPIC], load_sentiment(), Known(language="fr"))
        caught = [Match(post=post(0, "ann", "Ascenseur HS"), topics=("lift",))]
        tagged = [Match(post=post(0, "ann", "Ascenseur HS", language="en"), topics=("lift",))]

        assert [one.sentiment.language for one in steps.enrich(caught, watch=french)] == ["fr"]
        assert [one.sentiment.language for one in steps.enrich(tagged, watch=french)] == ["fr"]

    def test_reads_what_is_usual_on_the_clock_of_the_place(self, watch: Watch) -> None:
        moved = replace(watch, zone=ZoneInfo("Europe/Paris"))
        state = steps.start(watch, now=NOON)

        state = steps.advance((), until=NOON + timedelta(hours=2), watch=moved, state=state).state

        assert str(state.detect.bursts.zone) == "Europe/Paris"

    @pytest.mark.parametrize("order", [1, -1])
    @pytest.mark.parametrize("batch", [1, 2])
    def test_follows_the_repost_of_a_caught_post(
        self, watch: Watch, order: int, batch: int
    ) -> None:
        first = post(0, "witness")
        repost = post(1, "friend", "", repost_of=first.id)
        again = post(2, "cousin", "", repost_of=repost.id)

        sink = replayed([first, repost, again][::order], watch, batch)

        assert [match.relayed for match in sink.matches] == [False, True, True]

    def test_waits_for_so_many_posts_and_no_more(
        self, watch: Watch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steps, "MOST_WAITING", 2)
        waiting: steps.Waiting = {}

        for number in range(5):
            repost = post(number, "friend", "", repost_of=f"elsewhere-{number}")
            steps.catch([repost], watch=watch, caught={}, waiting=waiting)

        assert [*waiting] == ["elsewhere-3", "elsewhere-4"]

    def test_follows_our_own_answer_to_a_caught_post_whatever_its_words(self, watch: Watch) -> None:
        asked = post(0, "witness")
        ours = post(1, "Our_Coop", "We are looking into it.", in_reply_to=asked.id)
        quoted = post(2, "our_coop", "An engineer is there.", quote_of=asked.id)
        others = post(3, "friend", "They never answer.", in_reply_to=asked.id)
        elsewhere = post(4, "our_coop", "Happy birthday!", in_reply_to="somebody-0")

        sink = replayed([asked, ours, quoted, others, elsewhere], watch)

        assert [match.post.id for match in sink.matches] == [asked.id, ours.id, quoted.id]
        assert not any(match.relayed for match in sink.matches)

    def test_does_not_count_our_own_words_as_voices(self, watch: Watch) -> None:
        ours = [post(minute / 2, "our_coop") for minute in range(30)]

        assert replayed([*ORDINARY, *ours], watch).signals == []

    @pytest.mark.parametrize("batch", [1, 7])
    def test_gives_the_same_signals_whatever_the_batches(self, watch: Watch, batch: int) -> None:
        whole = replayed([*ORDINARY, *BURST], watch)

        assert replayed([*ORDINARY, *BURST], watch, batch).signals == whole.signals

    @pytest.mark.parametrize("seed", [1, 2])
    def test_gives_the_same_signals_whatever_the_order_of_the_file(
        self, watch: Watch, seed: int
    ) -> None:
        posts = [*ORDINARY, *BURST]
        random.Random(seed).shuffle(posts)

        shuffled = replayed(posts, watch)

        assert shuffled.signals == replayed([*ORDINARY, *BURST], watch).signals


class TestALivedDay:
    def test_gives_the_signals_of_the_same_day_replayed(self, watch: Watch) -> None:
        posts = sorted([*ORDINARY, *BURST], key=lambda one: one.heard_at)
        sink, state = Memory(), steps.start(watch, now=steps.minute_of(posts[0].heard_at))
        waiting = list(posts)
        now = posts[0].heard_at
        while now < NOON + timedelta(hours=1):
            now += timedelta(seconds=20) if now > NOON - timedelta(hours=1) else timedelta(hours=1)
            heard = [one for one in waiting if one.heard_at < now]
            waiting = waiting[len(heard) :]
            state = live_turn(heard, now=now, watch=watch, state=state, sink=sink)

        assert sink.signals == replayed(posts, watch).signals

    def test_goes_on_from_a_checkpoint_as_if_nothing_had_happened(self, watch: Watch) -> None:
        posts = sorted([*ORDINARY, *BURST], key=lambda one: one.heard_at)
        sink, state = Memory(), steps.start(watch, now=steps.minute_of(posts[0].heard_at))
        for one in posts:
            state = live_turn([one], now=one.heard_at, watch=watch, state=state, sink=sink)
            packed = state.detect.to_bytes()
            state = msgspec.structs.replace(state, detect=type(state.detect).from_bytes(packed))
        live_turn([], now=NOON + timedelta(hours=1), watch=watch, state=state, sink=sink)

        assert sink.signals == replayed(posts, watch).signals


class TestTopicsDetectedAnew:
    def test_stand_where_they_would_after_a_rerun_of_all(self) -> None:
        topics = [TOPIC, Topic(id="heat", name="Heat", query="heating OR chauffage")]
        both = watch_for(topics, load_sentiment())
        cold = [post(40 * n - 7_000, f"cold{n}", "no heating again") for n in range(150)]
        late = [post(7 * n - 3_000, f"late{n}") for n in range(9)]
        now = NOON + timedelta(hours=30)
        early = [*ORDINARY, *BURST, *cold]
        whole = lived([*early, *late], both, now)

        anew = lived(
            [*ORDINARY, *BURST, *late],
            both.only({"lift"}),
            now,
            since=min(early, key=lambda one: one.heard_at),
        )
        grafted = graft(lived(early, both, now), anew)

        assert grafted.counters == whole.counters
        assert grafted.episodes == whole.episodes
        for one, other in zip(
            law.upper_per_hour(grafted.bursts), law.upper_per_hour(whole.bursts), strict=True
        ):
            assert one == pytest.approx(other)  # sums of few and of many series round differently

    def test_must_have_begun_whole_days_apart(self, watch: Watch) -> None:
        one, other = (steps.start(watch, now=NOON + timedelta(hours=h)).detect for h in (0, 5))

        with pytest.raises(ValueError, match="do not fit"):
            graft(one, other)


def lived(posts: list[Post], watch: Watch, now: datetime, since: Post | None = None) -> DetectState:
    posts = sorted(posts, key=lambda one: one.heard_at)
    first = since or posts[0]
    state = steps.start(watch, now=steps.minute_of(first.heard_at))
    live = live_turn(posts, now=now, watch=watch, state=state, sink=Memory())
    return live.detect
