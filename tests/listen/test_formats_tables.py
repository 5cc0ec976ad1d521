"""Tables of unknown tools are read by their column names, in French and in English."""

from datetime import UTC, datetime

import msgspec
import pytest

from quivive.listen.dates import moment
from quivive.listen.guesses import NAMES, guess_mapping
from quivive.listen.mapping import FIELDS, Mapping, count, mapped, post_of
from quivive.vocabulary.errors import BadRecord

MAPPING = Mapping(
    columns={"content": "texte", "published": "date", "attributed_to.handle": "auteur"}
)
ROW = {"texte": "Plus d'eau", "date": "17/05/2024 14h30", "auteur": "@ana"}


class TestDates:
    @pytest.mark.parametrize(
        "written",
        [
            "2024-05-17T14:30:00Z",
            "2024-05-17T16:30:00+02:00",
            "2024-05-17 14:30",
            "20240517143000",
            "20240517T143000Z",
            "1715956200",
            "1715956200000",
            1715956200.0,
            "1715956200000000",
            "Fri May 17 14:30:00 +0000 2024",
            "Fri, 17 May 2024 14:30:00 GMT",
            "17/05/2024 14h30",
            "17/05/2024 14:30:00",
            "17.05.24 14:30",
            "05/17/2024 2:30 PM",
            "vendredi 17 mai 2024 à 14h30",
            "le 17 mai 2024 14:30",
            "May 17, 2024 at 2:30 PM",
            "2024-05-17 10:30:00 EDT",
            "2024/05/17 4:30:00 PM UTC+2",
            datetime(2024, 5, 17, 14, 30),  # noqa: DTZ001
        ],
    )
    def test_are_read_in_the_forms_people_and_tools_write(self, written):
        assert moment(written) == datetime(2024, 5, 17, 14, 30, tzinfo=UTC)

    def test_take_the_zone_they_are_given_when_they_name_none(self):
        paris = moment("17/05/2024 14h30", zone="Europe/Paris")

        assert paris == datetime(2024, 5, 17, 12, 30, tzinfo=UTC)

    def test_put_the_month_first_where_told(self):
        assert moment("03/04/2024", day_first=False).month == 3
        assert moment("03/04/2024").month == 4

    @pytest.mark.parametrize(
        "written", ["", None, "yesterday", "31/02/2024", "12", True, [1], "9" * 30, "0001-01-01"]
    )
    def test_that_are_none_are_refused(self, written):
        with pytest.raises(BadRecord) as trouble:
            moment(written, field="Date")

        assert trouble.value.field == "Date"


class TestCounts:
    @pytest.mark.parametrize(
        ("written", "value"),
        [("12", 12), ("1 234", 1234), ("1\u202f234", 1234), ("1,234", 1234), ("1.234.567", 1234567),
         ("12.0", 12), ("1,2 k", 1200), ("1.2K", 1200), ("3M", 3_000_000), (7, 7)],
    )  # fmt: skip
    def test_are_read_as_tools_write_them(self, written, value):
        assert count(written, field="likes", mapping=Mapping(columns={})) == value

    @pytest.mark.parametrize("written", ["many", "-", "1e5", "12/3"])
    def test_that_are_none_are_refused(self, written):
        with pytest.raises(BadRecord):
            count(written, field="likes", mapping=Mapping(columns={}))


class TestAMapping:
    def test_makes_the_same_id_of_the_same_row_and_another_of_another(self):
        again = post_of(dict(ROW), MAPPING)
        other = post_of(ROW | {"texte": "Plus d'eau chaude"}, MAPPING)

        assert post_of(ROW, MAPPING).id == again.id != other.id

    def test_leaves_what_is_not_told_untold(self):
        account = post_of(ROW, MAPPING).attributed_to

        assert (account.handle, account.followers, account.verified) == ("ana", None, None)

    def test_needs_no_author(self):
        mapping = Mapping(columns={"content": "texte", "published": "date"})

        assert post_of(ROW, mapping).attributed_to.id == "unknown"

    def test_reads_a_tweet_s_date_and_author_from_its_address(self):
        mapping = Mapping(columns={"content": "texte", "url": "lien"}, network="x")
        row = {"texte": "a", "lien": "https://twitter.com/ana_v/status/536831867329466369"}

        post = post_of(row, mapping)

        assert post.id == "x:536831867329466369"
        assert post.attributed_to.handle == "ana_v"
        assert post.published.year == 2014

    def test_distrusts_ids_that_a_spreadsheet_rounded(self):
        columns = {"content": "texte", "published": "date", "id": "tweet_id"}
        mapping = Mapping(columns=columns, network="x")

        first = post_of(ROW | {"tweet_id": "5.70306E+17"}, mapping)
        other = post_of(ROW | {"tweet_id": "5.70306E+17", "texte": "b"}, mapping)

        assert first.id.startswith("row:")
        assert first.id != other.id

    @pytest.mark.parametrize("missing", ["texte", "date"])
    def test_names_the_column_that_is_empty(self, missing):
        with pytest.raises(BadRecord) as trouble:
            post_of(ROW | {missing: " "}, MAPPING)

        assert trouble.value.field == missing

    @pytest.mark.parametrize(
        ("url", "network"),
        [
            ("https://m.facebook.com/logis/posts/1", "facebook"),
            ("https://twitter.com/ana/status/536831867329466369", "x"),
            ("https://www.tiktok.com/@ana/video/7", "tiktok"),
            ("at://did:plc:ana/app.bsky.feed.post/1", "bluesky"),
            ("https://gazette.example/article", "file"),
        ],
    )
    def test_that_names_no_network_lets_each_row_tell_it_by_its_address(self, url, network):
        columns = {**MAPPING.columns, "url": "lien"}

        post = post_of({**ROW, "lien": url}, Mapping(columns=columns))

        assert post.network == network

    def test_knows_retweets_by_their_first_words_where_no_column_tells(self):
        mapping = msgspec.structs.replace(
            MAPPING, network="x", columns={**MAPPING.columns, "likes": "likes"}
        )
        rows = [
            {**ROW, "auteur": who, "texte": text, "likes": "9"}
            for who, text in (
                ("ana", "Plus d'eau"),
                ("bob", "RT @ana: Plus d'eau"),
                ("eve", "RT @ana: Plus d'eau"),
                ("eve", "RT @ana: Et le gaz"),
            )
        ]

        said, first, second, other = (post_of(row, mapping) for row in rows)

        assert (said.repost_of, said.likes) == (None, 9)
        assert first.repost_of == second.repost_of is not None
        assert other.repost_of not in {None, first.repost_of}
        assert first.likes is None  # those were the original's

    def test_reads_lists_of_objects_and_the_names_of_languages(self):
        columns = {**MAPPING.columns, "hashtags": "tags", "links": "liens", "language": "langue"}
        row = {
            **ROW,
            "tags": [{"id": "1", "name": "froid"}],
            "liens": "[{'text': 'ici', 'url': 'https://a.example/'}]",
            "langue": "Français",
        }

        post = post_of(row, Mapping(columns=columns))

        assert (post.hashtags, post.links) == (("#froid",), ("https://a.example/",))
        assert post.language == "fr"

    def test_reads_words_that_are_marked_up(self):
        post = post_of({**ROW, "texte": "<p>Plus d&#39;eau <b>ici</b></p>"}, MAPPING)

        assert post.content == "Plus d'eau ici"

    def test_reads_words_that_came_escaped_once(self):
        said = "Eau &amp; gaz coup&eacute;s &lt;3 ?a=1&copy=2 &amp;lt;script&amp;gt; &nope;"
        post = post_of({**ROW, "texte": said}, MAPPING)

        assert post.content == "Eau & gaz coupés <3 ?a=1&copy=2 &lt;script&gt; &nope;"

    def test_refuses_fields_that_are_not_ours(self):
        with pytest.raises(BadRecord, match="colour"):
            mapped(Mapping(columns={"colour": "x"}))

    def test_can_be_kept_as_json(self):
        kept = msgspec.json.encode(MAPPING)

        assert msgspec.json.decode(kept, type=Mapping) == MAPPING


class TestGuessing:
    def test_knows_fields_of_ours_only(self):
        assert set(NAMES) <= set(FIELDS)

    @pytest.mark.parametrize(
        ("header", "row"),
        [
            (["Date", "Auteur", "Texte", "Abonnés"], ["17/05/2024", "ana", "Voilà", "12"]),
            (["created_at", "screen_name", "full_text", "followers_count"],
             ["2024-05-17", "ana", "There", "12"]),
            (["Publié le", "Compte", "Message", "Nb abonnés"],
             ["17/05/2024 10:00", "ana", "Voilà", "12"]),
        ],
    )  # fmt: skip
    def test_finds_columns_in_french_and_in_english(self, header, row):
        guess = guess_mapping(header, [row])

        assert guess.enough
        assert guess.columns["published"] == header[0]
        assert guess.columns["attributed_to.handle"] == header[1]
        assert guess.columns["content"] == header[2]
        assert guess.columns["attributed_to.followers"] == header[3]

    @pytest.mark.parametrize(
        "header",
        [
            ["Réf.", "Message (FR)", "Date de Paris"],
            ["videoId", "textDisplay", "publishedAt"],
            ["Source", "Titre", "pubDate"],
            ["N° dossier", "Description de la demande", "Reçu le"],
        ],
    )
    def test_knows_a_column_by_a_word_of_its_name(self, header):
        guess = guess_mapping(header, [["12", "Plus d'eau ce matin", "17/05/2024 14:30"]])

        assert (guess.columns["content"], guess.columns["published"]) == tuple(header[1:])

    @pytest.mark.parametrize("column", ["N° de demande", "Ticket", "Call number", "Réf. dossier"])
    def test_takes_the_number_of_a_request_for_its_id_unless_it_stands_on_several_rows(
        self, column
    ):
        header = [column, "Date", "Motif"]
        rows = [
            [4021, "26/11/2026", "Plus d'eau ce matin"],
            [4022, "26/11/2026", "Plus de gaz ce soir"],
        ]

        assert guess_mapping(header, rows).columns["id"] == column
        assert "id" not in guess_mapping(header, [*rows, rows[0]]).columns

    def test_keeps_the_requests_of_two_offices_apart_and_knows_one_that_was_corrected(self):
        header = ["N° de demande", "Date", "Motif"]
        mapping = Mapping(columns={"id": header[0], "published": header[1], "content": header[2]})

        def request(number, at, words, zone="UTC"):
            row = dict(zip(header, (number, at, words), strict=True))
            return post_of(row, msgspec.structs.replace(mapping, zone=zone)).id

        north = request("1", "02/01/2026 08:15", "Plus d'eau ce matin")

        assert request("1", "02/01/2026 09:40", "L'ascenseur est bloqué") != north
        assert request("2", "02/01/2026 08:15", "Plus d'eau ce matin") != north
        assert request(1, "2026-01-02 08:15:00", "Plus d'eau ce matin, et hier") == north
        assert request("1", "02/01/2026 08:15", "Plus d'eau ce matin", "Europe/Paris") == north

    def test_leaves_a_number_alone_that_rows_refer_to(self):
        columns = {"id": "n", "published": "date", "content": "text", "in_reply_to": "to"}
        rows = [
            {"n": "1", "date": "2026-01-02", "text": "Plus d'eau", "to": ""},
            {"n": "2", "date": "2026-01-03", "text": "Ici aussi", "to": "1"},
        ]

        first, second = (post_of(row, Mapping(columns=columns)) for row in rows)

        assert second.in_reply_to == first.id

    def test_takes_no_number_for_a_text_by_its_name(self):
        assert not guess_mapping(["date", "message count"], [["2024-05-17", "12"]]).enough

    def test_prefers_the_date_that_has_a_clock(self):
        guess = guess_mapping(["date", "time", "text"], [["17/05/2024", "17/05/2024 14:30", "a"]])

        assert guess.columns["published"] == "time"

    def test_does_not_take_repeated_numbers_for_ids(self):
        rows = [["1", "2024-05-17", "a"], ["1", "2024-05-17", "b"], ["1", "2024-05-17", "c"]]

        assert "id" not in guess_mapping(["id", "date", "text"], rows).columns

    def test_needs_no_date_when_tweet_ids_carry_it(self):
        guess = guess_mapping(["tweet id", " tweet"], [["'536831867329466369'", "hello"]])

        assert (guess.network, guess.enough) == ("x", True)

    def test_tells_american_dates_by_those_that_allow_no_doubt(self):
        guess = guess_mapping(["date", "text"], [["03/04/2024", "a"], ["03/14/2024", "b"]])

        assert not guess.day_first

    def test_joins_the_hour_that_stands_in_another_column(self):
        header = ["Date", "Heure", "Locataire", "Motif de l’appel"]
        rows = [["05/03/2024", "18h22", "Mme Le Goff", "Plus de chauffage ce soir"]]

        guess = guess_mapping(header, rows)
        post = post_of(dict(zip(header, rows[0], strict=True)), guess)

        assert post.published == datetime(2024, 3, 5, 18, 22, tzinfo=UTC)
        assert (post.content, post.attributed_to.name) == (rows[0][3], "Mme Le Goff")

    @pytest.mark.parametrize("others", ["account_creation_date", "user created", "harvested_date"])
    def test_takes_no_date_of_the_account_or_of_the_tool_for_the_post_s(self, others):
        header = [others, "sent at (time)", "text"]
        rows = [["2010-01-01 10:00", "2024-03-05 17:22", "Plus d'eau"]]

        assert guess_mapping(header, rows).columns["published"] == header[1]

    def test_takes_the_only_dates_and_the_longest_sentences_where_no_name_tells(self):
        header = ["Qui", "Vu", "Quoi", "Suite"]
        rows = [["Ana", "mar. 5 mars 2024 18:22", "Plus de chauffage depuis trois jours", "à voir"]]

        guess = guess_mapping(header, rows)

        assert (guess.columns["published"], guess.columns["content"]) == ("Vu", "Quoi")

    def test_takes_no_row_numbers_for_addresses_unless_rows_refer_to_them(self):
        rows = [["1", "2024-05-17", "a", ""], ["2", "2024-05-17", "b", "1"]]

        alone = guess_mapping(["id", "date", "text", "note"], rows)
        answering = guess_mapping(["id", "date", "text", "in_reply_to"], rows)

        assert "id" not in alone.columns
        assert answering.columns["id"] == "id"

    def test_keeps_comments_apart_that_share_the_link_of_what_they_answer(self):
        header = ["commentText", "commentDate", "postUrl"]
        url = "https://www.linkedin.com/feed/1"
        rows = [[f"Pareil {n}", f"2024-03-05 17:2{n}", url] for n in range(3)]

        guess = guess_mapping(header, rows)
        posts = [post_of(dict(zip(header, row, strict=True)), guess) for row in rows]

        assert len({post.id for post in posts}) == 3
        assert {(post.conversation, post.network) for post in posts} == {(url, "linkedin")}

    def test_knows_tweets_by_numbers_that_hold_the_very_second_of_the_table(self):
        rows = [["536831867329466369", "2014-11-24T10:41:05Z", "hello there"]]
        late = [["536831867329466369", "2014-11-24T18:41:05Z", "hello there"]]

        assert guess_mapping(["id", "date", "text"], rows).network == "x"
        assert guess_mapping(["id", "date", "text"], late).network == "file"

    def test_takes_neither_dates_nor_counts_for_what_their_names_recall(self):
        header = ["Review Created (UTC)", "Review Content", "Reply Date (UTC)", "Hashtags", "Media"]
        rows = [["2024-03-05 17:22:11", "No heating", "2024-03-06 10:00:00", "2", "The Gazette"]]

        columns = guess_mapping(header, rows).columns

        assert (columns["published"], columns["content"]) == (header[0], header[1])
        assert not {"hashtags", "media"} & columns.keys()

    def test_takes_a_list_of_accounts_for_no_posts(self):
        header = ["screen_name", "followers_count", "created_at", "description"]
        rows = [["ana", "12", "2011-01-01", "Tenant and mother of two"]]

        assert not guess_mapping(header, rows).enough

    def test_leaves_columns_that_hold_no_counts_and_no_references(self):
        header = ["date", "text", "replies", "replies_count", "reply_to"]
        rows = [["2024-05-17", "Plus d'eau", "[]", "3", "[]"]]

        columns = guess_mapping(header, rows).columns

        assert columns["replies"] == "replies_count"
        assert "in_reply_to" not in columns

    def test_does_not_invent_a_text(self):
        assert not guess_mapping(["date", "value"], [["2024-05-17", "12"]]).enough
