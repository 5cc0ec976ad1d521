"""Every way to write posts down gives the same words: posts, deletions, or a clear refusal."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.listen.records import Deletion, Format
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.posts import Post
from quivive.wire.files import formats, look_at, read_posts

RECORDS = Path(__file__).parent / "records"
ANA = "at://did:plc:ana/app.bsky.feed.post/3kpost1"
COUNT = re.compile(r":\s*\d{1,5}(?=\s*[,}])")
"""A small number in a record: a count, most of the time."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "id",
        "id_str",
        "uri",
        "text",
        "full_text",
        "user",
        "author",
        "author_id",
        "account",
        "content",
        "created_at",
        "data",
        "includes",
        "did",
        "kind",
        "commit",
        "time_us",
        "record",
        "value",
        "post",
        "reason",
        "event",
        "payload",
        "reblog",
        "statuses",
        "thread",
        "feed",
        "posts",
        "delete",
        "body",
        "thread_id",
        "timestamp",
        "link",
        "Message",
        "URL",
        "attributed_to",
        "orderedItems",
        "type",
        "actor",
        "object",
        "to",
        "tweet",
        "source_platform",
        "timestamp_collected",
        "published",
        "messages",
        "envelope",
        "snippet",
        "comments",
        "comments_v2",
        "string_map_data",
        "latest_posts",
        "subreddit",
        "created_utc",
        "cooked",
        "network",
        "referenced_tweets",
        "attachments",
        "geo",
        "hashtags",
        "likes",
        "media",
        "reply",
        "embed",
        "facets",
    ]
)


def posts_in(name: str) -> list[Post]:
    return [post for batch in read_posts(RECORDS / name) for post in batch.posts]


def deletions_in(name: str) -> list[Deletion]:
    return [gone for batch in read_posts(RECORDS / name) for gone in batch.deletions]


@pytest.fixture(params=sorted(formats()))
def plug_in(request) -> Format:
    return formats()[request.param]


class TestEveryFormat:
    def test_has_a_name_a_title_and_its_own_record_for_these_tests(self, plug_in):
        own = [path.stem for path in RECORDS.iterdir()]

        assert plug_in.title.text
        assert plug_in.name in own

    def test_is_recognised_by_itself_and_sets_nothing_aside(self, plug_in):
        (path,) = RECORDS.glob(f"{plug_in.name}.*")

        look = look_at(path)

        assert look.format == plug_in.name
        assert look.posts
        assert not look.quarantined

    def test_is_not_sure_of_the_records_of_others(self, plug_in):
        for path in RECORDS.glob("*.*"):
            if path.stem not in {plug_in.name, "README"}:
                other = formats()[path.stem]
                sample = [dict(zip(look_at(path).header, look_at(path).rows[0], strict=True))]

                assert plug_in.recognise(sample) <= max(0.5, other.recognise(sample))

    def test_recognises_nothing_in_nothing(self, plug_in):
        assert plug_in.recognise([]) == 0

    def test_gives_times_in_utc(self, plug_in):
        (path,) = RECORDS.glob(f"{plug_in.name}.*")

        assert {post.published.tzinfo for post in posts_in(path.name)} == {UTC}

    @pytest.mark.parametrize("count", [-1, 2**64, 10**400])
    def test_gives_no_post_that_could_not_be_read_back(self, plug_in, count, tmp_path):
        (own,) = RECORDS.glob(f"{plug_in.name}.*")
        (path := tmp_path / own.name).write_text(COUNT.sub(f": {count}", own.read_text()))

        with suppress(BadFile):
            for batch in read_posts(path, format=plug_in.name):
                for post in batch.posts:
                    assert msgspec.json.decode(msgspec.json.encode(post), type=Post)

    @settings(deadline=None, max_examples=60)
    @given(record=st.dictionaries(FIELDS, JSON, max_size=8))
    def test_refuses_strange_records_and_never_breaks(self, record):
        for plug_in in formats().values():
            assert 0 <= plug_in.recognise([record]) <= 1
            with suppress(BadRecord):  # anything else would fail this test
                for part in plug_in.split(record):
                    plug_in.posts(part)


class TestZeeschuimer:
    def test_reads_what_the_pages_of_three_networks_were_sent(self):
        tweet, repost, video, picture = posts_in("zeeschuimer.ndjson")

        assert tweet.id == "x:1990851234567890123"
        assert tweet.published == datetime(2025, 11, 18, 17, 12, 3, tzinfo=UTC)
        assert tweet.seen_at == datetime(2025, 11, 18, 18, 20, 0, 1000, tzinfo=UTC)
        assert tweet.hashtags == ("#LesErables",)
        assert (tweet.likes, tweet.reposts, tweet.replies, tweet.views) == (4, 2, 1, 310)
        assert (tweet.attributed_to.handle, tweet.attributed_to.followers) == ("awa_d", 412)
        assert (repost.repost_of, repost.content) == (tweet.id, tweet.content)
        assert (video.network, video.attributed_to.followers, video.views) == ("tiktok", 1200, 900)
        assert video.url == "https://www.tiktok.com/@ines.v/video/7573000000000000001"
        assert (picture.network, picture.place) == ("instagram", "Valdorle")
        assert picture.content == "Trois jours sans eau chaude."

    def test_says_which_network_is_not_read(self):
        line = {"source_platform": "9gag.com", "timestamp_collected": 1, "data": {}}

        with pytest.raises(BadRecord) as trouble:
            formats()["zeeschuimer"].posts(line)

        assert "9gag.com" in str(trouble.value)


class TestAnArchiveOfX:
    def test_is_read_though_it_is_a_script(self):
        first, answer = posts_in("x-archive.js")

        assert first.id == "x:1990851234567890123"
        assert first.content.startswith("Nos équipes sont sur place")
        assert (first.likes, first.reposts) == (3, 1)
        assert first.hashtags == ("#LesErables",)
        assert first.media == ("https://pbs.example/media/1.jpg",)
        assert answer.in_reply_to == first.id


class TestAnArchiveOfMastodon:
    def test_gives_what_was_public_and_nothing_else(self):
        written, relayed = posts_in("mastodon-outbox.json")

        assert written.id == "https://social.example/users/valdorle/statuses/1"
        assert written.content == "Nos équipes sont sur place. #panne"
        assert written.attributed_to.handle == "valdorle@social.example"
        assert (written.language, written.hashtags) == ("fr", ("#panne",))
        assert relayed.repost_of == "https://other.example/users/awa/statuses/9"


class TestATelegramExport:
    def test_gives_messages_with_words_in_whatever_pieces_they_are_written(self):
        first, answer = posts_in("telegram.json")

        assert first.id == "telegram:1405600001/2"
        assert first.published == datetime(2025, 11, 18, 7, 0, tzinfo=UTC)
        assert (first.attributed_to.id, first.attributed_to.name) == ("telegram:user11", "Ana V.")
        assert answer.content == "Pareil, voir l'avis #panne"
        assert (answer.links, answer.hashtags) == (("https://valdorle.example/info",), ("#panne",))
        assert (answer.in_reply_to, answer.likes) == (first.id, 3)

    @pytest.mark.parametrize("copies", [1, 5_000])
    def test_of_a_private_chat_is_refused_whatever_its_size(self, copies, tmp_path):
        chat = json.loads((RECORDS / "telegram.json").read_text())
        path = tmp_path / "result.json"
        path.write_text(
            json.dumps({**chat, "type": "personal_chat", "messages": chat["messages"] * copies})
        )

        with pytest.raises(BadFile, match="private"):
            list(read_posts(path))


class TestCommentsOfYouTube:
    def test_are_read_from_the_network_and_from_two_collectors(self):
        top, answer, downloaded, alone = posts_in("youtube.ndjson")

        assert top.id == top.url == "https://www.youtube.com/watch?v=vid1&lc=UgzA"
        assert (top.attributed_to.handle, top.likes) == ("ana_v", 7)
        assert answer.in_reply_to == top.id
        assert downloaded.id == "https://www.youtube.com/watch?v=vid1&lc=UgzB"
        assert downloaded.conversation == "https://www.youtube.com/watch?v=vid1"
        assert (alone.id, alone.in_reply_to, alone.likes) == (
            "youtube:UgzC.9",
            "youtube:UgzC",
            1200,
        )


class TestReddit:
    def test_is_read_from_dumps_and_from_listings_with_the_same_addresses(self):
        post, comment, asked, answer = posts_in("reddit.ndjson")

        assert (post.id, post.title) == ("reddit:t3_1b7abc", "Plus d'eau chaude aux Érables")
        assert post.url == "https://www.reddit.com/r/valdorle/comments/1b7abc/plus_deau/"
        assert (comment.id, comment.in_reply_to) == ("reddit:t1_kabc1", post.id)
        assert (asked.in_reply_to, answer.in_reply_to) == (comment.id, asked.id)

    def test_forgets_what_was_taken_back(self):
        assert [gone.id for gone in deletions_in("reddit.ndjson")] == ["reddit:t1_kabc4"]


class TestADiscourseForum:
    def test_gives_the_posts_of_a_topic(self):
        first, answer = posts_in("discourse.json")

        assert (first.id, first.title) == ("discourse:eau-chaude/5/1", "Eau chaude")
        assert (first.content, first.likes, first.views) == ("Plus d'eau chaude", 3, 40)
        assert (answer.in_reply_to, answer.title) == (first.id, None)


class TestAnArchiveOfMeta:
    def test_gives_words_with_their_accents(self):
        comment, post, picture = posts_in("meta-archive.json")

        assert (comment.content, comment.attributed_to.name) == ("Merci pour la réponse", "Ana V.")
        assert (post.content, post.network) == ("L'eau est revenue à Valdorle", "facebook")
        assert (picture.content, picture.network) == ("Étage 3 : toujours froid", "instagram")


class TestBluesky:
    def test_reads_words_tags_mentions_and_links_of_a_jetstream_event(self):
        post = posts_in("bluesky.ndjson")[0]

        assert post.id == ANA
        assert post.content.startswith("Plus d'eau chaude à Valdorle 🥶")
        assert post.hashtags == ("#panne",)
        assert post.mentions == ("did:plc:office",)
        assert post.links == ("https://valdorle.example/info",)
        assert post.seen_at == datetime(2025, 11, 18, 7, 0, 0, 123456, tzinfo=UTC)

    def test_reads_a_repost_without_words_and_leaves_likes_out(self):
        ids = [post.id for post in posts_in("bluesky.ndjson")]
        repost = posts_in("bluesky.ndjson")[1]

        assert (repost.repost_of, repost.content) == (ANA, "")
        assert not [one for one in ids if "like" in one]

    def test_tells_deletions(self):
        assert [gone.id for gone in deletions_in("bluesky.ndjson")] == [ANA]

    def test_follows_a_reply_and_a_quote_beside_pictures(self):
        post = posts_in("bluesky.ndjson")[2]

        assert post.in_reply_to == post.conversation == ANA
        assert post.quote_of == "at://did:plc:office/app.bsky.feed.post/3kq"
        assert post.media == ("bafyimage",)

    def test_takes_the_network_s_time_when_the_author_s_cannot_be_read(self):
        view = {
            "uri": ANA,
            "record": {"text": "ici", "createdAt": "yesterday"},
            "indexedAt": "2025-11-18T07:00:00Z",
        }

        (post,) = formats()["bluesky"].posts(view)

        assert post.published == datetime(2025, 11, 18, 7, tzinfo=UTC)

    def test_opens_a_page_of_posts(self):
        view = {"uri": ANA, "record": {"text": "ici", "createdAt": "2025-11-18T07:00:00Z"}}
        page = {"posts": [view, view], "cursor": "2"}

        assert list(formats()["bluesky"].split(page)) == [view, view]


class TestMastodon:
    def test_turns_html_into_words(self):
        post = posts_in("mastodon.ndjson")[0]

        assert post.content == (
            "L'eau est froide\ndepuis hier\n\n#panne https://valdorle.example/info"
        )
        assert post.links == ("https://valdorle.example/info",)
        assert post.attributed_to.handle == "ana@social.example"

    def test_leaves_hidden_counts_untold(self):
        assert posts_in("mastodon.ndjson")[1].attributed_to.followers is None

    def test_gives_an_answered_local_status_its_address(self):
        first, _, answer, _ = posts_in("mastodon.ndjson")

        assert answer.in_reply_to == first.id
        assert answer.content.startswith("Update")


class TestTweets:
    @pytest.mark.parametrize("name", ["x-v1.ndjson", "x-v2.ndjson"])
    def test_give_a_retweet_the_whole_text_of_the_original(self, name):
        original, retweet, _ = posts_in(name)

        assert retweet.repost_of == original.id == "x:1990672000000000001"
        assert "…" not in retweet.content
        assert retweet.likes is None

    @pytest.mark.parametrize("name", ["x-v1.ndjson", "x-v2.ndjson"])
    def test_take_a_missing_date_from_the_id(self, name):
        assert posts_in(name)[2].published == datetime(2025, 11, 18, 6, 50, 41, 191000, tzinfo=UTC)

    def test_keep_unknown_followers_apart_from_none_at_all(self):
        unknown = posts_in("x-v1.ndjson")[2].attributed_to.followers
        none = posts_in("x-v1.ndjson")[1].attributed_to.followers

        assert (unknown, none) == (None, 0)

    @pytest.mark.parametrize("name", ["x-v1.ndjson", "x-v2.ndjson"])
    def test_are_escaped_by_the_network_and_quoted_as_written(self, name, tmp_path):
        path = tmp_path / name
        told = (RECORDS / name).read_text()
        path.write_text(re.sub(r'"(text|full_text)": ?"', r'"\1":"Salt &amp; pepper &lt;3 ', told))

        for batch in read_posts(path):
            assert all(post.content.startswith("Salt & pepper <3") for post in batch.posts)

    def test_tell_deletions(self):
        (gone,) = deletions_in("x-v1.ndjson")

        assert gone.id == "x:1990672000000000001"
        assert gone.deleted_at == datetime(2025, 11, 18, 7, 2, tzinfo=UTC)

    def test_name_the_field_at_fault(self):
        tweet = {"id_str": "1", "text": "a", "user": {"id_str": "2", "followers_count": "many"}}

        with pytest.raises(BadRecord) as trouble:
            formats()["x-v1"].posts(tweet)

        assert trouble.value.field == "user.followers_count"

    def test_lose_one_tweet_of_a_page_not_the_page(self, tmp_path):
        page = (RECORDS / "x-v2.ndjson").read_text().splitlines()[0]
        path = tmp_path / "page.ndjson"
        path.write_text(page.replace('"like_count":3', '"like_count":"lots"'))

        (batch,) = read_posts(path)

        assert len(batch.posts) == 1
        assert batch.quarantined[0].field == "public_metrics.like_count"
        assert "__twarc" not in batch.quarantined[0].raw

    def test_come_out_of_twarc_s_table_as_they_went_in(self, tmp_path):
        path = tmp_path / "tweets.csv"
        path.write_text(
            "id,author_id,created_at,text,lang,public_metrics.like_count,entities.hashtags,"
            "referenced_tweets.retweeted.id,referenced_tweets.quoted.id,author.username,"
            "author.public_metrics.followers_count,__twarc.version\n"
            '1990672000000000001,11,2025-11-18T07:00:00.000Z,"[Urgent], plus d\'eau",fr,3,'
            '"[{""start"": 1, ""tag"": ""eau""}]",,1990672000000000009,ana_v,40,2.8\n'
        )

        (batch,) = read_posts(path)
        (post,) = batch.posts

        assert (post.content, post.hashtags, post.likes) == ("[Urgent], plus d'eau", ("#eau",), 3)
        assert (post.attributed_to.handle, post.attributed_to.followers) == ("ana_v", 40)
        assert (post.repost_of, post.quote_of) == (None, "x:1990672000000000009")


class TestTablesOfTools:
    @pytest.mark.parametrize("kind", ["csv", "ndjson"])
    def test_of_nobody_known_are_not_taken_for_tweets_by_the_names_of_columns(self, kind, tmp_path):
        row = {"id": "7", "text": "Bonjour", "created_at": "2026-11-01T10:00:00Z", "author": "ana"}
        rows = {
            "csv": f"{','.join(row)}\n{','.join(row.values())}\n",
            "ndjson": f"{json.dumps(row)}\n",
        }
        path = tmp_path / "anybody"
        path.write_text(rows[kind])

        (batch,) = read_posts(path)

        assert [post.attributed_to.handle for post in batch.posts] == ["ana"]
        assert not batch.quarantined

    def test_4cat_tells_the_network_by_the_link_and_writes_minus_one_for_untold(self):
        (post,) = posts_in("4cat.csv")

        assert post.network == "x"
        assert post.replies is None
        assert post.likes == 3
        assert post.hashtags == ("#panne",)

    def test_crowdtangle_dates_are_new_york_s(self):
        (post,) = posts_in("crowdtangle.csv")

        assert post.published == datetime(2025, 11, 18, 7, tzinfo=UTC)
        assert post.attributed_to.followers == 1234
