"""Files of posts come in whole: packed, broken, huge or strange, and nothing is lost in silence."""

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from quivive.listen.mapping import Mapping
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.posts import Post
from quivive.wire.archives import USUAL, Limits
from quivive.wire.files import as_file, look_at, read_bytes, read_posts, write_posts
from quivive.wire.parquet import records_of

SMALL = Limits(line_bytes=2_000, ratio_after_bytes=100_000)
NIGHTLY = Mapping(
    columns={
        "published": "Reçu le",
        "content": "Ce qui a été dit",
        "attributed_to.name": "Locataire",
    },
    zone="Europe/Paris",
)
"""As one saves it for the table of a contact centre."""


def a_post(number: int, content: str = "Plus d'eau chaude 🥶") -> Post:
    return Post(
        id=f"micro:{number}",
        network="micro",
        published=datetime(2025, 11, 18, 7, number % 60, tzinfo=UTC),
        attributed_to=Account(id="micro:ana", handle="ana"),
        content=content,
    )


def ndjson(count: int) -> bytes:
    return b"".join(msgspec.json.encode(a_post(at)) + b"\n" for at in range(count))


def read(data: bytes, tmp_path: Path, **asked) -> tuple[list, list, BadFile | None]:
    """Read a file to its end; give posts, lines set aside and the trouble at the end if any."""
    path = tmp_path / "file"
    path.write_bytes(data)
    posts, aside = [], []
    try:
        for batch in read_posts(path, **asked):
            posts += batch.posts
            aside += batch.quarantined
    except BadFile as trouble:
        return posts, aside, trouble
    return posts, aside, None


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def xz(data: bytes) -> bytes:
    return lzma.compress(data, preset=0)


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": xz, "zstd": zstd}


class TestAPackedFile:
    @pytest.mark.parametrize("kind", PACKERS)
    def test_reads_as_if_it_were_not_packed(self, kind, tmp_path):
        posts, aside, trouble = read(PACKERS[kind](ndjson(3)), tmp_path)

        assert [post.id for post in posts] == ["micro:0", "micro:1", "micro:2"]
        assert (aside, trouble) == ([], None)

    @pytest.mark.parametrize("kind", PACKERS)
    def test_may_be_several_packed_files_glued_together(self, kind, tmp_path):
        pack = PACKERS[kind]

        posts, _, trouble = read(pack(ndjson(2)) + pack(ndjson(3)), tmp_path)

        assert len(posts) == 5
        assert trouble is None

    @pytest.mark.parametrize("kind", PACKERS)
    def test_gives_what_comes_before_a_cut_then_says_so(self, kind, tmp_path):
        noise = random.Random(1)
        lines = [msgspec.json.encode(a_post(at, noise.randbytes(400).hex())) for at in range(2_000)]
        packed = PACKERS[kind](b"\n".join(lines))

        posts, _, trouble = read(packed[: len(packed) * 3 // 4], tmp_path)

        assert trouble
        assert 100 < len(posts) < 2_000

    @pytest.mark.parametrize("kind", PACKERS)
    def test_is_refused_when_it_is_a_bomb(self, kind, tmp_path):
        bomb = PACKERS[kind](b" " * 30_000_000)

        posts, _, trouble = read(bomb, tmp_path, limits=SMALL)

        assert posts == []
        assert "trap" in trouble.what.text or "empty" in trouble.what.text

    def test_is_refused_when_it_holds_another_archive(self, tmp_path):
        _, _, trouble = read(gzip.compress(gzip.compress(ndjson(2))), tmp_path)

        assert "another archive" in trouble.what.text

    def test_reads_every_member_of_a_zip_and_names_it(self, tmp_path):
        data = zipped({"a.ndjson": ndjson(2), "b/b.ndjson": ndjson(1) + b"{oops\n"})

        posts, aside, _ = read(data, tmp_path)

        assert len(posts) == 3
        assert (aside[0].member, aside[0].line) == ("b/b.ndjson", 2)

    def test_goes_on_with_the_zip_s_other_members_after_a_bad_one(self, tmp_path):
        data = zipped({"a.ndjson": b"", "b.zip": zipped({"c": b"x"}), "d.ndjson": ndjson(2)})

        posts, _, trouble = read(data, tmp_path)

        assert len(posts) == 2
        assert trouble

    @pytest.mark.parametrize("start", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7\n"])
    def test_is_sent_where_pictures_go_when_it_is_one(self, tmp_path, start):
        posts, _, trouble = read(start + b"text,date\nlift,2026-01-01\n", tmp_path)

        assert not posts
        assert "I saw this" in trouble.remedy.text

    def test_is_refused_when_a_password_protects_it(self, tmp_path):
        data = bytearray(zipped({"a.ndjson": ndjson(1)}))
        data[6] |= 1  # the local header's flag
        data[data.index(b"PK\x01\x02") + 8] |= 1  # the directory's

        _, _, trouble = read(bytes(data), tmp_path)

        assert "password" in trouble.what.text

    def test_gives_what_comes_before_the_cut_of_a_zip(self, tmp_path):
        noise = random.Random(1)
        lines = [msgspec.json.encode(a_post(at, noise.randbytes(400).hex())) for at in range(2_000)]
        data = zipped({"a.ndjson": ndjson(20), "b.ndjson": b"\n".join(lines)})

        posts, _, trouble = read(data[: len(data) // 2], tmp_path)

        assert 100 < len(posts) < 2_020
        assert "cut" in trouble.what.text


class TestABadLine:
    @pytest.mark.parametrize(
        "line",
        [
            b'{"id": "half"',
            b"[1, 2]",
            b'"words"',
            b"\xff\xfe\x00",
            b"{" * 5_000,
            b'{"id":"1","network":"m","published":"2025-11-18T07:00:00","attributed_to":{"id":"a"},'
            b'"content":"no zone"}',
            b'{"id":"1","network":"m","published":"2025-11-18T07:00:00Z","attributed_to":{"id":"a"},'
            b'"content":"nul \\u0000"}',
            b'{"id":"1","network":"m","published":"2025-11-18T07:00:00Z","attributed_to":{"id":"a"},'
            b'"content":"caf\xe9"}',
            b'{"id":"1","network":"m","published":"2025-11-18T07:00:00Z","attributed_to":{"id":"a"},'
            b'"content":"x","likes":-4}',
            b'{"id":"1","network":"m","published":"0001-01-01T00:00:00+14:00",'
            b'"attributed_to":{"id":"a"},"content":"x"}',
        ],
    )
    def test_is_set_aside_with_its_number_and_the_rest_goes_in(self, line, tmp_path):
        posts, aside, trouble = read(ndjson(1) + line + b"\n" + ndjson(2), tmp_path)

        assert len(posts) == 3
        assert [one.line for one in aside] == [2]
        assert aside[0].what.text
        assert aside[0].remedy.text
        assert trouble is None

    def test_is_not_one_that_spells_a_nul_out(self, tmp_path):
        programmer = ndjson(1).replace(b'"content":"', rb'"content":"\\u0000 ')

        posts, aside, _ = read(programmer, tmp_path)

        assert [post.content[:7] for post in posts] == ["\\u0000 "]
        assert not aside

    def test_keeps_its_beginning_when_it_is_monstrous(self, tmp_path):
        monster = b'{"id":"1","content":"' + b"x" * 3_000_000 + b'"}\n'

        posts, aside, _ = read(ndjson(1) + monster + ndjson(1), tmp_path, limits=SMALL)

        assert len(posts) == 2
        assert aside[0].truncated
        assert aside[0].raw.startswith('{"id":"1"')
        assert len(aside[0].raw) <= 64 << 10

    def test_can_be_exported_corrected_and_read_again(self, tmp_path):
        table = b"date;texte;auteur\n31/02/2025 10:00;bonjour;ana\n01/03/2025 10:00;bonsoir;ben\n"
        posts, aside, _ = read(table, tmp_path)

        corrected = as_file(aside).replace(b"31/02", b"28/02")
        (again,) = read_bytes(corrected)

        assert [post.content for post in posts] == ["bonsoir"]
        assert [post.content for post in again.posts] == ["bonjour"]

    def test_costs_a_page_nothing_when_blank(self, tmp_path):
        posts, aside, _ = read(b"\n\r\n" + ndjson(2) + b"\n", tmp_path)

        assert (len(posts), aside) == (2, [])


LINES = (
    msgspec.json.encode(a_post(1)),
    msgspec.json.encode(a_post(2)) + b" " + msgspec.json.encode(a_post(3)),
    msgspec.json.encode(a_post(4)) + b"\r",
    msgspec.json.format(msgspec.json.encode(a_post(5))),
    msgspec.json.encode(a_post(6)).replace(b'"attributed_to":', b'"attributed_to":\n'),
    msgspec.json.encode(a_post(7, "nul \0")),
    msgspec.json.encode(a_post(8, "accolades }\n{ et }{")),
    msgspec.json.encode(a_post(9))[:-9],
    msgspec.json.encode(a_post(10)).replace(b"2025", b"1025"),
    *(b"", b" ", b"{}", b"{", b"}", b"\0", b"\xff", b"null"),
)


class TestManyLinesReadTogether:
    @settings(max_examples=80, deadline=None)
    @example(lines=[LINES[1], b"", LINES[0]], ends=True)
    @example(lines=[LINES[1], LINES[4]], ends=False)
    @given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=6), ends=st.booleans())
    def test_give_what_each_gives_by_itself(self, lines, ends, tmp_path_factory):
        data = ndjson(20) + b"\n".join(lines) + b"\n" * ends
        one_by_one = SMALL  # no run fits, so that every line is looked at

        folder = tmp_path_factory.mktemp("lines")
        told = read(data, folder, format="native")

        assert told == read(data, folder, format="native", limits=one_by_one)
        assert len(told[0]) >= 20


class TestAnEmptyFile:
    @pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
    def test_says_it_is_empty_and_what_to_do(self, data, tmp_path):
        _, _, trouble = read(data, tmp_path)

        assert "empty" in trouble.what.text
        assert trouble.remedy.text

    def test_is_told_apart_from_a_header_alone(self, tmp_path):
        _, _, trouble = read(b"date,text\n", tmp_path)

        assert "header" in trouble.what.text

    def test_is_told_apart_from_no_file(self, tmp_path):
        with pytest.raises(BadFile):
            list(read_posts(tmp_path / "nowhere"))


class TestAParquetFile:
    def test_is_refused_when_many_rows_share_one_long_text(self, tmp_path):
        path = tmp_path / "posts.parquet"
        rows = pa.array([0] * 4_000, pa.int32())
        shared = pa.DictionaryArray.from_arrays(rows, pa.array(["x" * 100_000]))
        columns = {"id": [str(at) for at in range(4_000)], "content": shared}
        parquet.write_table(pa.table(columns), path, store_schema=False)
        assert path.stat().st_size < 200_000

        with pytest.raises(BadFile, match=r"takes 19\d MB"):
            list(read_posts(path, limits=Limits(group_bytes=64 << 20)))

    def test_gives_what_it_holds_whatever_its_columns(self, tmp_path):
        path = tmp_path / "posts.parquet"
        columns = {
            "text": pa.array(["x", None, "y"]),
            "list": pa.array([["q"], None, []]),
            "map": pa.array([[("k", "v")], [], None], pa.map_(pa.string(), pa.string())),
            "inside": pa.array([{"h": "z", "n": [{"deep": ["1"]}]}, None, {"h": None, "n": []}]),
            "bytes": pa.array([b"\xff", None, b"1"]),
            "view": pa.array(["a", "b", None], pa.string_view()),
            "long": pa.array(["l", None, "m"], pa.large_string()),
        }
        parquet.write_table(pa.table(columns), path)

        read_back = [row for rows in records_of(path, USUAL) for row in rows]

        assert read_back == pa.table(columns).to_pylist()


class TestReadingOn:
    @pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx", "parquet"])
    def test_gives_exactly_the_rest(self, kind, tmp_path):
        path = tmp_path / "file"
        write_posts((a_post(at, f"ligne {at}\nsuite") for at in range(25)), path, kind)
        whole = [post for batch in read_posts(path, batch=7) for post in batch.posts]

        for first in read_posts(path, batch=7):
            rest = read_posts(path, batch=4, start_after=first.line)
            done = whole.index(first.posts[-1]) + 1

            assert [post for batch in rest for post in batch.posts] == whole[done:]

    def test_counts_lines_through_the_members_of_a_zip(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(zipped({"a": ndjson(3), "b": ndjson(3)}))
        first, *_ = read_posts(path, batch=3)

        rest = [post for one in read_posts(path, start_after=first.line) for post in one.posts]

        assert first.line == 3
        assert len(rest) == 3

    def test_tells_how_far_it_got(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(ndjson(5))

        *_, last = read_posts(path)

        assert last.read_bytes == last.total_bytes == path.stat().st_size
        assert last.line == 5

    def test_tells_how_far_it_got_in_parquet_too(self, tmp_path):
        path = tmp_path / "file.parquet"
        write_posts(map(a_post, range(5)), path, "parquet")

        size = path.stat().st_size
        far = [batch.read_bytes for batch in read_posts(path, batch=2)]

        assert far == [size * 2 // 5, size * 4 // 5, size]


class TestTables:
    def test_follow_quotes_over_lines(self, tmp_path):
        table = b'date,text\n2025-11-18 07:00,"one, ""two""\nthree"\n2025-11-18 07:01,four\n'

        posts, aside, _ = read(table, tmp_path)

        assert [post.content for post in posts] == ['one, "two"\nthree', "four"]
        assert aside == []

    def test_lose_one_line_to_a_quote_that_never_closes(self, tmp_path):
        rows = [b"2025-11-18 07:%02d,words %d" % (at, at) for at in range(50)]
        rows[10] = b'2025-11-18 07:10,"never closed'

        posts, aside, _ = read(b"date,text\n" + b"\n".join(rows), tmp_path)

        assert len(posts) == 49
        assert [one.line for one in aside] == [12]

    def test_set_aside_a_row_with_a_stray_delimiter(self, tmp_path):
        posts, aside, _ = read(b"date,text\n2025-11-18,a\n2025-11-18,b,c\n", tmp_path)

        assert len(posts) == 1
        assert "cells" in aside[0].what.text

    def test_leave_the_limit_of_other_readers_of_the_process_alone(self, tmp_path):
        file = tmp_path / "calls.csv"
        file.write_text(f'date;texte\n2026-03-02 09:12;"{"eau " * 50_000}"\n')
        before = csv.field_size_limit()

        [batch] = read_posts(file)

        assert (len(batch.posts), csv.field_size_limit()) == (1, before)

    @pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
    def test_find_their_delimiter(self, delimiter, tmp_path):
        rows = ["Date", "Auteur", "Texte"], ["17/05/2024 14h30", "ana", "Voilà : l'eau"]
        table = "\n".join(delimiter.join(row) for row in rows)

        posts, _, _ = read(table.encode(), tmp_path)

        assert posts[0].content == "Voilà : l'eau"
        assert posts[0].attributed_to.handle == "ana"

    def test_may_end_their_lines_as_old_macs_did(self, tmp_path):
        posts, aside, _ = read(b"date,text\r2024-05-17,one\r2024-05-18,two\r", tmp_path)

        assert [post.content for post in posts] == ["one", "two"]
        assert not aside

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_find_their_encoding(self, encoding, tmp_path):
        table = "Date;Texte\r\n17/05/2024 14h30;Été, cœur, 5 €\r\n17/05/2024 14h31;déjà\r\n"

        posts, aside, _ = read(table.encode(encoding), tmp_path)

        assert [post.content for post in posts] == ["Été, cœur, 5 €", "déjà"]
        assert aside == []

    def test_set_aside_one_broken_line_of_a_utf8_file(self, tmp_path):
        table = "date,text\n2025-11-18,été\n2025-11-18,là\n".encode() + b"2025-11-18,\xe9t\xe9\n"

        posts, aside, _ = read(table, tmp_path)

        assert len(posts) == 2
        assert "UTF-8" in aside[0].what.text

    def test_say_which_columns_they_have_when_none_holds_the_text(self, tmp_path):
        _, _, trouble = read(b"when,what\n2025-11-18,hello\n", tmp_path)

        assert "when, what" in str(trouble)

    def test_use_the_mapping_they_are_given(self, tmp_path):
        mapping = Mapping(
            columns={"published": "when", "content": "what"},
            date_format="%d %m %Y",
            zone="Europe/Paris",
            network="forum",
        )

        posts, _, _ = read(b"when,what\n18 11 2025,hello\n", tmp_path, mapping=mapping)

        assert posts[0].published == datetime(2025, 11, 17, 23, tzinfo=UTC)
        assert posts[0].network == "forum"

    def test_refuse_a_mapping_to_no_field_of_ours(self, tmp_path):
        mapping = Mapping(columns={"published": "when", "content": "what", "colour": "x"})

        _, _, trouble = read(b"when,what\n2025-11-18,hello\n", tmp_path, mapping=mapping)

        assert "colour" in str(trouble)


class TestJson:
    @pytest.mark.parametrize("indent", [None, 2])
    def test_may_be_an_array(self, indent, tmp_path):
        rows = [msgspec.to_builtins(a_post(at)) for at in range(5)]

        posts, _, trouble = read(json.dumps(rows, indent=indent).encode(), tmp_path)

        assert len(posts) == 5
        assert trouble is None

    @pytest.mark.parametrize("around", ["{}", "[{}]"])
    def test_of_a_notebook_may_say_that_a_number_is_none(self, around, tmp_path):
        line = ndjson(1).decode().rstrip("\n}").rstrip() + ', "likes": NaN}'

        (post,), aside, _ = read(around.replace("{}", line).encode(), tmp_path)

        assert (post.likes, aside) == (None, [])

    def test_may_be_pretty_objects_one_after_the_other(self, tmp_path):
        rows = [json.dumps(msgspec.to_builtins(a_post(at)), indent=1) for at in range(3)]

        posts, _, _ = read("\n".join(rows).encode(), tmp_path)

        assert len(posts) == 3

    def test_gives_what_comes_before_a_break(self, tmp_path):
        rows = json.dumps([msgspec.to_builtins(a_post(at)) for at in range(3)])

        posts, _, trouble = read(rows[:-30].encode(), tmp_path)

        assert len(posts) == 2
        assert "breaks" in trouble.what.text

    def test_of_no_known_form_goes_through_a_guessed_mapping(self, tmp_path):
        row = {"id": "7", "time": 1763449200, "text": "bonjour", "user": {"name": "Ana"}}

        posts, _, _ = read(json.dumps(row).encode(), tmp_path)

        assert posts[0].attributed_to.handle == "Ana"
        assert posts[0].published == datetime(2025, 11, 18, 7, tzinfo=UTC)


class TestExports:
    FULL = Post(
        id="micro:1",
        network="micro",
        published=datetime(2025, 11, 18, 7, tzinfo=UTC),
        attributed_to=Account(id="micro:ana", handle="ana", followers=0, verified=True),
        content='=HYPERLINK("x")\n\'=déjà 🥶',
        hashtags=("#panne", "#eau chaude"),
        likes=0,
        seen_at=datetime(2025, 11, 18, 7, 1, tzinfo=UTC),
    )

    @pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx", "parquet"])
    def test_read_back_as_they_were(self, kind, tmp_path):
        path = tmp_path / "file"

        assert write_posts([self.FULL], path, kind) == 1
        (batch,) = read_posts(path)

        assert batch.posts == [self.FULL]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
    def test_run_in_no_spreadsheet_and_read_back(self, start, tmp_path):
        path = tmp_path / "file"
        post = a_post(1, f"{start}1+1")

        write_posts([post], path, "csv")
        (batch,) = read_posts(path)

        assert f"'{start}1+1" in path.read_bytes().decode().replace('"', "")
        assert batch.posts == [post]


class TestLooking:
    def test_shows_what_an_import_would_make_of_a_table(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes("Date;Texte\n17/05/2024 14h30;déjà\n".encode("cp1252"))

        look = look_at(path)

        assert (look.container, look.format, look.encoding) == ("plain", "csv", "cp1252")
        assert look.header == ("Date", "Texte")
        assert look.rows == (("17/05/2024 14h30", "déjà"),)
        assert look.mapping.columns == {"published": "Date", "content": "Texte"}
        assert look.posts[0].content == "déjà"

    def test_shows_the_columns_when_it_cannot_guess(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(b"when,what\n2025-11-18,hello\n")

        look = look_at(path)

        assert look.header == ("when", "what")
        assert look.trouble.text
        assert look.remedy.text
        assert not look.mapping.enough


class TestAProgramThatIsNoTable:
    def test_is_told_without_showing_its_bytes(self, tmp_path):
        file = tmp_path / "posts.csv"
        file.write_bytes(b"\x7fELF\x02\x01\x00,\xb5 jH\n\x00\x12\x00,\x00\x9a\n")

        look = look_at(file)

        assert look.trouble.text.startswith("This file holds no text")

    def test_is_told_when_a_mapping_was_given_too(self, tmp_path):
        file = tmp_path / "posts.csv"
        file.write_bytes(b"not a table \x00\x01")

        look = look_at(file, format="csv", mapping=NIGHTLY)

        assert look.trouble.text.startswith("This file holds no text")


class TestATableOfAnotherNight:
    """The saved mapping of a table that comes each night, and what may come instead."""

    def test_is_refused_whole_once_a_column_that_is_needed_has_another_name(self, tmp_path):
        file = tmp_path / "calls.csv"
        file.write_text("Date;Ce qui a été dit\n27/11/2026 09:12;Pas de chauffage\n")

        look = look_at(file, format="csv", mapping=NIGHTLY)

        assert look.trouble.values == {"column": "Reçu le", "columns": "Date, Ce qui a été dit"}

    def test_may_lack_what_is_not_needed(self, tmp_path):
        file = tmp_path / "calls.csv"
        file.write_text("Reçu le;Ce qui a été dit\n27/11/2026 09:12;Pas de chauffage\n")

        look = look_at(file, format="csv", mapping=NIGHTLY)

        assert [post.content for post in look.posts] == ["Pas de chauffage"]

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"delimiter": ";;"}, "which no table can"),
            ({"delimiter": "\n"}, "which no table can"),
            ({"zone": "Mars/Olympus"}, "no time zone called"),
            ({"zone": "../etc/passwd"}, "no time zone called"),
        ],
    )
    def test_is_refused_whole_where_its_mapping_cannot_be_followed(self, wrong, told, tmp_path):
        file = tmp_path / "calls.csv"
        file.write_text("Reçu le;Ce qui a été dit\n27/11/2026 09:12;Pas de chauffage\n")

        with pytest.raises(BadFile, match=told):
            list(read_posts(file, format="csv", mapping=msgspec.structs.replace(NIGHTLY, **wrong)))

    def test_may_hold_no_call(self, tmp_path):
        file = tmp_path / "calls.csv"
        file.write_text("Reçu le;Locataire;Ce qui a été dit\n")

        assert not look_at(file, format="csv", mapping=NIGHTLY).trouble


class TestAnyBytes:
    @settings(deadline=None, max_examples=150)
    @given(data=st.binary(max_size=300))
    def test_never_break_it(self, data, tmp_path_factory):
        self._survives(data, tmp_path_factory)

    @settings(deadline=None, max_examples=150)
    @given(
        parts=st.lists(
            st.sampled_from(
                [b"date,text\n", b"id;texte;date\n", b'"', b"\n", b"\r\n", b"2025-11-18", b",",
                 b"{", b"}", b'{"id":"1"}', b"[", b"]", b"\x00", b"\xe9", b"\xc3\xa9", b"\xff\xfe",
                 b"\xef\xbb\xbf", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd",
                 b"BZh9", b'"text":"x"', b"1e400", b"sep=;\n",
                 gzip.compress(b"a,b\n1,2\n", mtime=0)]
            ),
            max_size=25,
        )
    )  # fmt: skip
    def test_never_break_it_when_they_look_like_something(self, parts, tmp_path_factory):
        self._survives(b"".join(parts), tmp_path_factory)

    @settings(deadline=None, max_examples=60)
    @given(at=st.integers(0, 400), byte=st.integers(0, 255))
    def test_of_a_damaged_archive_never_break_it(self, at, byte, tmp_path_factory):
        data = bytearray(zipped({"a.ndjson": ndjson(3)}))
        data[at % len(data)] = byte

        self._survives(bytes(data), tmp_path_factory)

    def _survives(self, data: bytes, tmp_path_factory) -> None:
        folder = tmp_path_factory.getbasetemp()
        read(data, folder, limits=SMALL)

        assert look_at(folder / "file").total_bytes == len(data)
