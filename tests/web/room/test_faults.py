"""A page that breaks says what it can, and gives back what somebody had typed."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

pytestmark = pytest.mark.django_db

PLACE = {"name": "Tower <i>of</i> the mill", "level": "building"}


@pytest.fixture
def browser(emma, browse):
    opened = browse(emma)
    opened.raise_request_exception = False
    return opened


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (OperationalError("database is locked"), 503, "Another program holds the database"),
        (KeyError("x"), 500, "Something broke on our side"),
    ],
)
class TestAFormWhosePageBreaks:
    def test_says_why_and_gives_the_words_back(self, fault, status, words, browser):
        with patch("quivive.web.people.place_services.audit", side_effect=fault):
            answer = browser.post("/places/new/", PLACE)

        page = answer.content.decode()
        assert answer.status_code == status
        assert words in page
        assert "Tower &lt;i&gt;of&lt;/i&gt; the mill" in page
