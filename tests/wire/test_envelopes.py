"""Posts inside a larger JSON object are found, whatever their list is called and its size."""

import json
from datetime import UTC, datetime

import pytest

from quivive.vocabulary.errors import BadFile
from quivive.wire.files import look_at, read_posts
from quivive.wire.reading import HEAD_BYTES


def message(number: int, **others: object) -> dict[str, object]:
    return {
        "ref": f"m-{number}",
        "text": f"Plus d'eau chaude au {number}",
        "date": "2025-11-18T07:00:00Z",
        **others,
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answer.json"


def read(path):
    return [post for batch in read_posts(path) for post in batch.posts]


class TestAnObjectAroundTheListOfPosts:
    @pytest.mark.parametrize("indent", [None, 2])
    def test_is_opened_though_it_is_longer_than_what_is_looked_at(self, path, indent):
        many = 2 * HEAD_BYTES // 100
        posts = [message(number) for number in range(many)]
        whole = {"meta": {"page": 1}, "found": {"messages": posts}, "next": None}
        path.write_text(json.dumps(whole, indent=indent))

        found = read(path)

        assert [post.content for post in found] == [one["text"] for one in posts]
        assert {post.published for post in found} == {datetime(2025, 11, 18, 7, tzinfo=UTC)}

    def test_may_hold_other_lists_too(self, path):
        people = [{"name": "Ana", "joined": "2020-01-01"}, {"name": "Bob", "joined": "2021-01-01"}]
        path.write_text(json.dumps({"people": people, "messages": [message(1)], "tags": ["a"]}))

        assert [post.content for post in read(path)] == ["Plus d'eau chaude au 1"]

    def test_may_stand_on_each_line(self, path):
        pages = ({"rows": [message(1), message(2)]}, {"rows": [message(3)]})
        path.write_text("\n".join(map(json.dumps, pages)))

        assert len(read(path)) == 3

    def test_may_be_read_with_a_mapping_that_somebody_chose(self, path):
        path.write_text(json.dumps({"rows": [message(1, said="Bonsoir à tous")]}))
        mapping = look_at(path).mapping
        chosen = type(mapping)(columns={**mapping.columns, "content": "said"})

        (batch,) = read_posts(path, mapping=chosen)

        assert [post.content for post in batch.posts] == ["Bonsoir à tous"]

    def test_that_is_cut_gives_all_before_the_cut_and_says_so(self, path):
        path.write_text(json.dumps({"rows": [message(n) for n in range(9)]})[:-20])

        batches = read_posts(path)

        assert len(next(batches).posts) == 8
        with pytest.raises(BadFile, match="breaks"):
            next(batches)

    def test_of_a_known_network_is_read_by_its_own_format(self, path):
        activity = {
            "id": "https://m.example/1/activity",
            "type": "Create",
            "actor": "https://m.example/users/ana",
            "published": "2025-11-18T07:00:00Z",
            "to": ["as:Public"],
            "object": {"id": "https://m.example/1", "content": "<p>Plus d'eau</p>" * 40},
        }
        archive = {"type": "OrderedCollection", "orderedItems": [activity] * 600}
        path.write_text(json.dumps(archive))

        assert path.stat().st_size > HEAD_BYTES
        assert look_at(path).format == "mastodon-outbox"
        assert len(read(path)) == 600
