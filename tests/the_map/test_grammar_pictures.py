"""The pictures of the grammar in the docs are those that the grammar gives."""

import pytest
from tests.the_map.grammar_pictures import FOLDER, WORDS, path_of, pictures

DOCS = FOLDER.parents[1]


@pytest.mark.parametrize(("language", "page"), [("en", "query.md"), ("fr", "query.fr.md")])
class TestThePicturesOfTheGrammar:
    def test_are_drawn_from_it_as_it_is(self, language, page):
        for name, drawing in pictures(language):
            assert path_of(name, language).read_text(encoding="utf-8") == drawing, (
                "Run: python -m tests.the_map.grammar_pictures"
            )

    def test_are_all_on_the_page_and_no_others_lie_there(self, language, page):
        text = (DOCS / "pathway" / page).read_text(encoding="utf-8")
        names = {path_of(name, language).name for name, _drawing in pictures(language)}

        assert all(f"images/query/{name}" in text for name in names)
        known = {path_of(name, one).name for one in WORDS for name, _drawing in pictures(one)}
        assert {path.name for path in FOLDER.iterdir()} == known
