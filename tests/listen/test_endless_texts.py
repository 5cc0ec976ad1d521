"""Texts a stranger made endless: each step over them takes time with their length, not its square.

Before, one post of a few thousand letters held up everybody's for seconds, a longer one for hours:
whoever reads these tests waits for them where that comes back.
"""

from email.message import EmailMessage

import pytest

from quivive.detect.attribution import names_who_says
from quivive.detect.copies import saying_of
from quivive.detect.sentences import quotable
from quivive.listen.dates import moment
from quivive.listen.formats import mastodon
from quivive.listen.letters import read_letter
from quivive.listen.markup import plain_text
from quivive.listen.positions import sentences
from quivive.listen.written import words_of
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.folding import readings

LONG = 200_000


class TestAnEndlessText:
    @pytest.mark.parametrize("sign", ["a", "é", "1"])
    def test_is_folded_beside_inclusive_writing(self, sign):
        assert readings(f"locataire·s {sign * LONG}")[0].startswith("locataires ")

    @pytest.mark.parametrize("sign", ["a", "é", "…"])
    def test_is_cut_into_words_where_it_might_be_an_address(self, sign):
        assert [word.raw for word in words_of(f"{sign * LONG} Lyon")][-1] == "Lyon"

    @pytest.mark.parametrize("sign", [" ", "-", "(", "\n"])
    def test_is_quoted_where_links_might_end_it(self, sign):
        assert quotable(f"L'eau{sign * LONG}coupée").startswith("L'eau")

    @pytest.mark.parametrize("sign", [" ", "#a"])
    def test_is_compared_where_hashtags_might_end_it(self, sign):
        assert saying_of(f"eau {sign * LONG} coupee")

    @pytest.mark.parametrize("sign", ["a ", "is ", "Aa-", "Aa", "vient d'"])
    def test_is_asked_whom_it_names(self, sign):
        assert not names_who_says(f"say {sign * (LONG // len(sign))}")

    @pytest.mark.parametrize("sign", [".", "?"])
    def test_is_cut_into_sentences(self, sign):
        assert len(list(sentences(f"{sign * LONG}a b"))) == 1

    @pytest.mark.parametrize("sign", ["<", "<a ", "<!--", "</p><p", "&"])
    def test_is_taken_out_of_marks_that_never_end(self, sign):
        assert plain_text(f"<p>Eau</p>{sign * LONG}").startswith("Eau")

    @pytest.mark.parametrize("sign", ["<a ", '<a href="', '<a href="a" '])
    def test_is_asked_for_links_that_never_end(self, sign):
        account = {"id": "1", "acct": "ana", "url": "https://valdorle.example/@ana"}
        status = {"uri": "1", "created_at": "2026-03-02", "content": sign * (LONG // len(sign))}

        [post] = mastodon.FORMAT.posts({**status, "account": account})

        assert not post.links

    @pytest.mark.parametrize("sign", ["<!--", "<style>", "<style"])
    def test_is_shown_where_a_letter_hides_parts_without_end(self, sign):
        letter = EmailMessage()
        letter["From"] = "Ana <ana@valdorle.example>"
        letter.set_content(f"<p>Eau froide</p>{sign * (LONG // len(sign))}", subtype="html")

        said = read_letter(letter.as_bytes())

        assert "Eau froide" in str(said)

    def test_is_no_date(self):
        with pytest.raises(BadRecord):
            moment(f"01/03/2026{' ' * LONG}x")
