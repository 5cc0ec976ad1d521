"""Meta's two sources with a token too weak for mentions: what it may read still comes."""

import msgspec
import pytest
from tests.listen.sources.worlds import Said, asked, drive, facebook, instagram

from quivive.listen.sources.facebook import SOURCE as FACEBOOK
from quivive.listen.sources.instagram import SOURCE as INSTAGRAM
from quivive.listen.unreadable import refused
from quivive.vocabulary.requests import Kind, NoAnswer, Reply

TALK = [Said("1", "L'eau est coupée")]


def shown(url):
    """Where a world shows its posts: Instagram's shows them to whom they tag alone."""
    return url.replace("/media", "/tags")


@pytest.mark.parametrize(
    ("source", "world", "mentions"),
    [(FACEBOOK, facebook.WORLD, "/tagged"), (INSTAGRAM, instagram.WORLD, "/tags")],
    ids=["facebook", "instagram"],
)
class TestMentions:
    def test_are_done_without_where_the_token_may_not_read_them(self, source, world, mentions):
        def serve(request):
            if request.url.endswith(mentions):
                raise refused(request.url, 403)
            return world.serve(TALK, msgspec.structs.replace(request, url=shown(request.url)))

        page = drive(source.collect(asked(world)), serve)

        assert TALK[0].text in {post.content for post in page.posts}
        assert [trouble.kind for trouble in page.troubles] == [Kind.FORBIDDEN]

    def test_stop_the_turn_when_the_network_is_in_trouble(self, source, world, mentions):
        def serve(request):
            if request.url.endswith(mentions):
                raise refused(request.url, 503)
            return world.serve(TALK, request)

        with pytest.raises(NoAnswer) as trouble:
            drive(source.collect(asked(world)), serve)

        assert trouble.value.kind is Kind.BROKEN


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (190, Kind.BAD_KEY),
        (4, Kind.TOO_MANY),
        (200, Kind.FORBIDDEN),
        (100, Kind.SETTINGS),
    ],
)
class TestARefusal:
    """The Graph API answers 400 to nearly all it does not like."""

    def test_is_told_by_what_it_means(self, code, kind):
        def serve(request):
            error = {"error": {"code": code, "message": "No.", "type": "OAuthException"}}
            return Reply(status=400, url=request.url, body=msgspec.json.encode(error))

        with pytest.raises(NoAnswer) as told:
            drive(FACEBOOK.collect(asked(facebook.WORLD)), serve)

        assert told.value.kind is kind
