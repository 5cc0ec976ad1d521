"""Reads from an address which posts of a crisis a page shows."""

from collections.abc import Mapping

from quivive.web.coordinate.stream_queries import ChosenPosts


def chosen_posts(asked: Mapping[str, str]) -> ChosenPosts:
    """Return the filters an address carries; one that is absent chooses everything.

    >>> chosen_posts({"leaning": "negative", "words": "only"})
    ChosenPosts(leaning='negative', network='', words=True, hidden=False)
    """
    return ChosenPosts(
        leaning=asked.get("leaning", ""),
        network=asked.get("network", ""),
        words=asked.get("words", "") == "only",
        hidden=asked.get("kept", "") == "hidden",
    )
