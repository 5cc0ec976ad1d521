"""In which language is a post? For ``lang:``: by its words, and by its tag where they do not tell.

The same post has one language wherever it is asked about: live, in an import, in a search. So only
what stands in the post tips the scales, and what most write here; who else is read with it, or
what its author wrote before, does not.
"""

from quivive.listen.known import Known
from quivive.vocabulary.posts import Post

UNTOLD = "und"

_SAME = {"in": "id", "iw": "he", "ji": "yi", "nb": "no", "fil": "tl"}
"""Codes that networks give for languages which are told under another."""


def language_of(post: Post, known: Known) -> str:
    """Return the tag of a post where its words do not speak against it, else what they tell.

    >>> from datetime import UTC, datetime
    >>> from quivive.vocabulary.accounts import Account
    >>> said = Post(id="1", network="m", published=datetime(2026, 3, 1, tzinfo=UTC),
    ...             attributed_to=Account(id="u"), content="plus de gaz", language="en-GB")
    >>> language_of(said, Known(tell=lambda text, tag, home: "fr"))
    'fr'
    >>> language_of(said, Known(tell=lambda text, tag, home: "und"))
    'en-gb'
    """
    tag = as_tag(post.language or UNTOLD)
    named = tag.partition("-")[0]
    words = post.content if post.content.strip() else post.title or ""
    told = known.tell(words, named, known.language) if known.tell else UNTOLD
    return tag if told in (UNTOLD, named) else told


def as_tag(text: str) -> str:
    """Write a tag (BCP 47) as tags are compared.

    >>> as_tag("pt_BR"), as_tag("iw")
    ('pt-br', 'he')
    """
    language, *rest = text.lower().replace("_", "-").split("-")
    return "-".join([_SAME.get(language, language), *rest])
