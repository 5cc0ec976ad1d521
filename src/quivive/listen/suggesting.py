"""A first query and first hashtags for an organisation that has watched nothing yet."""

import re
from collections.abc import Iterable

from quivive.vocabulary.folding import fold


def suggest_query(
    name: str,
    *,
    handles: Iterable[str] = (),
    homes: Iterable[str] = (),
    either: str = "OR",
) -> str:
    """Write what an organisation is called, its accounts and its residences as one query.

    Towns are left out on purpose: everybody speaks of them.

    Args:
        name: of the organisation.
        handles: of its accounts.
        homes: names of its residences.
        either: the word between two, in the reader's language (``OU``).

    >>> suggest_query("Logis de Valdorle", handles=["logis-valdorle"], homes=["Les Érables"])
    '"Logis de Valdorle" OR @logis-valdorle OR "Les Érables"'
    """
    phrases = [f'"{text}"' for one in (name, *homes) if (text := _plain(one))]
    accounts = [f"@{handle}" for one in handles if (handle := one.strip().lstrip("@"))]
    return f" {either} ".join(dict.fromkeys([*phrases[:1], *accounts, *phrases[1:]]))


def suggest_hashtags(name: str, *, homes: Iterable[str] = ()) -> tuple[str, ...]:
    """Write names as people write hashtags, in one word and without accents.

    >>> suggest_hashtags("Logis de Valdorle", homes=["Les Érables"])
    ('logisdevaldorle', 'leserables')
    """
    tags = ("".join(re.findall(r"\w+", fold(one))) for one in (name, *homes))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _plain(name: str) -> str:
    return " ".join(name.replace('"', " ").split())
