"""A time confirmed outside is of this record, and of an authority one trusts; or it says not."""

from datetime import UTC, datetime

import pytest
from tests.wire.time_authority import make_certificates

from quivive.vocabulary.errors import BadFile
from quivive.wire.timestamps import load_roots, question, time_of, trusting

pytestmark = pytest.mark.enable_socket
RECORD = b'{"post":"heating"}'


@pytest.fixture
def stamp(time_authority):
    return time_authority.stamp(question("https://t.example", RECORD).body)


class TestATimestamp:
    def test_gives_the_time_of_a_record(self, time_authority):
        before = datetime.now(UTC).replace(microsecond=0)
        stamp = time_authority.stamp(question("https://t.example", RECORD).body)

        assert before <= time_of(stamp, RECORD) <= datetime.now(UTC)

    def test_is_of_nothing_else(self, stamp):
        with pytest.raises(BadFile) as refused:
            time_of(stamp, RECORD + b" ")

        assert "something else" in refused.value.what.text

    @pytest.mark.parametrize("reply", [b"", b"no", b"\x30\x03\x02\x01\x02", bytes(500)])
    def test_is_refused_when_it_is_none(self, reply):
        with pytest.raises(BadFile):
            time_of(reply, RECORD)

    def test_holds_when_its_authority_is_trusted(self, stamp, time_authority):
        assert trusting(load_roots(time_authority.root))(stamp, RECORD)

    @pytest.mark.parametrize("time_authority", [True], indirect=True)
    def test_holds_when_its_authority_sends_no_certificate(self, time_authority):
        bare = time_authority.stamp(question("https://t", RECORD, certificates=False).body)
        roots = load_roots(time_authority.root)
        signer = load_roots(time_authority.folder / "signer.pem")

        assert trusting([*roots, *signer])(bare, RECORD)
        with pytest.raises(BadFile) as refused:
            trusting(roots)(bare, RECORD)
        assert "does not carry the certificate" in refused.value.what.text

    def test_fails_when_another_authority_is(self, stamp, tmp_path):
        make_certificates(tmp_path)

        with pytest.raises(BadFile) as refused:
            trusting(load_roots(tmp_path / "root.pem"))(stamp, RECORD)

        assert "you trust" in refused.value.what.text

    def test_needs_certificates_that_can_be_read(self, tmp_path):
        (tmp_path / "x.pem").write_text("nothing")

        with pytest.raises(BadFile):
            load_roots(tmp_path / "x.pem")


class TestAQuestion:
    def test_carries_a_hash_and_no_words(self):
        asked = question("https://t.example", RECORD)

        assert b"heating" not in asked.body
        assert asked.headers["Content-Type"] == "application/timestamp-query"
