"""Guesses which column of an unknown table holds what, from its names and from its cells."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Cells
from typing import Any

from quivive.listen.dates import moment
from quivive.listen.mapping import Mapping
from quivive.listen.records import Record
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.folding import fold

Rows = Sequence[Sequence[Any]]

NAMES: dict[str, str] = {
    "id": "id id_str tweet_id tweetid post_id postid status_id message_id comment_id uri uid"
    " identifiant id_tweet id_message id_publication num numero guid twitter_id",
    "published": "published published_at created_at date datetime date_time created timestamp time"
    " created_time createdat post_created tweet_created tweetdate tweet_date date_utc publish_date"
    " published_date publication_date date_heure horodatage date_publication date_de_publication"
    " publie_le date_creation date_post heure jour timestamp_utc time_ms release_date posted_at"
    " date_published publie post_date pub_date created_utc recu_le date_reception"
    " date_de_reception",
    "content": "content text full_text body tweet tweet_text tweettext message post texte contenu"
    " commentaire comment publication caption legende post_text text_content message_text"
    " texte_du_message texte_complet corps corps_du_message verbatim avis selftext snippet"
    " hit_sentence",
    "attributed_to.id": "author_id user_id userid user_id_str auteur_id id_auteur account_id"
    " from_user_id uid_auteur did",
    "attributed_to.handle": "user_handle handle screen_name username user_screen_name author"
    " author_username user_username account user auteur from_user pseudo pseudonyme compte"
    " utilisateur nom_utilisateur nom_d_utilisateur twitter_handle author_handle user_name"
    " influencer",
    "attributed_to.name": "name author_name display_name user_display_name author_display_name"
    " page_name nom nom_affiche nom_auteur nom_complet author_fullname account_name auteur_nom",
    "attributed_to.followers": "followers followers_count user_followers_count user_followers"
    " author_followers author_followers_count abonnes nb_abonnes nombre_d_abonnes follower_count"
    " audience author_public_metrics_followers_count abonnes_auteur",
    "attributed_to.following": "following friends_count following_count user_friends_count"
    " author_following abonnements nb_abonnements",
    "attributed_to.posts": "statuses_count user_statuses_count user_tweets author_posts"
    " nb_publications",
    "attributed_to.created": "user_created_at account_created_at author_created_at"
    " account_created compte_cree_le",
    "attributed_to.verified": "verified user_verified author_verified verifie certifie"
    " compte_verifie",
    "attributed_to.summary": "user_description author_description bio biographie profile"
    " author_bio",
    "language": "lang language langue langue_detectee language_code",
    "hashtags": "hashtags hashtag mots_diese mots_dieses tags",
    "mentions": "mentions user_mentions comptes_mentionnes",
    "in_reply_to": "in_reply_to in_reply_to_id in_reply_to_status_id reply_to parent parent_id"
    " to_tweetid en_reponse_a reponse_a",
    "repost_of": "repost_of retweeted_id retweeted_status_id retweet_id repost_id retweet_de",
    "quote_of": "quote_of quoted_id quoted_status_id quote_tweet_id quote_id citation_de",
    "conversation": "conversation conversation_id thread_id thread fil fil_id",
    "likes": "likes like_count likes_count favorite_count favourite_count favorites favoris"
    " j_aime jaime mentions_j_aime nb_likes nb_j_aime likes_numbers reactions",
    "reposts": "reposts retweet_count retweets reblogs_count shares share_count partages"
    " nb_partages reposts_count nb_retweets retweet_numbers repost_count",
    "replies": "replies reply_count replies_count comments comment_count comments_count reponses"
    " commentaires nb_commentaires nb_reponses num_comments reply_numbers",
    "views": "views view_count views_count impression_count impressions vues nb_vues play_count",
    "media": "media media_urls image_url images image photos media_url photo",
    "links": "links urls expanded_urls liens urls_expanded",
    "place": "place location lieu ville commune localisation tweet_location place_name city",
    "url": "url post_url tweet_url link permalink lien lien_du_message adresse permalink_url"
    " lien_permanent tweet_link",
    "network": "network platform plateforme reseau reseau_social",
}
"""For each field, the names that tools, researchers and offices give its column, best first."""

_HEADINGS = "demande resume title titre headline objet"
"""What stands for the words of a post in a table that holds none."""

_DEEPEST = 3
_YEAR_MONTHS = 12
_DAY_MONTH = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")
_TWEET_ID = re.compile(r"['\"]?\d{15,20}['\"]?")
_TWEET_LINK = re.compile(r"(?:twitter|x)\.com/[^/]+/status")
_CLOCK = re.compile(r"\d[:h]\d\d|\d{10,}")


def guess_mapping(header: Sequence[str], rows: Rows) -> Mapping:
    """Guess a mapping from column names and the first rows.

    Dates are believed only when at least half of the cells are some, ids only when they differ.
    ``mapping.enough`` tells whether the guess can be used as it is.

    >>> guess = guess_mapping(["Date", "Auteur", "Texte"], [["17/05/2024 14h30", "ana", "Bonjour"]])
    >>> guess.columns["attributed_to.handle"], guess.enough
    ('Auteur', True)
    """
    cells = {name: _column(rows, at) for at, name in enumerate(header)}
    columns: dict[str, str] = {}
    for field, names in NAMES.items():
        believed = _BELIEVED.get(field, _always)
        found = _candidates(names, cells, believed, taken=columns.values())
        if found:
            columns[field] = found[0]
    for names in (NAMES["content"], _HEADINGS):
        if "content" not in columns:
            columns |= _named_about("content", names, _have_sentences, cells, columns)
    dates = _candidates(NAMES["published"], cells, _are_dates, taken=())
    if dates:
        columns["published"] = max(dates, key=lambda name: _have_clock(cells[name]))
    else:
        columns |= _named_about("published", NAMES["published"], _are_dates, cells, columns)
    return Mapping(
        columns=columns,
        network="x" if _are_tweets(columns, cells) else "file",
        day_first=_day_first(cells.get(columns.get("published", ""), [])),
    )


def header_of(sample: Iterable[Record]) -> tuple[str, ...]:
    """List the columns of JSON records, nested ones as ``user.name``."""
    seen: dict[str, None] = {}
    for record in sample:
        seen.update(dict.fromkeys(flat(record)))
    return tuple(seen)


def flat(record: Record, prefix: str = "") -> Record:
    """Lay nested objects out as dotted columns.

    >>> flat({"a": 1, "user": {"name": "Ana"}})
    {'a': 1, 'user.name': 'Ana'}
    """
    plain: Record = {}
    for name, value in record.items():
        if isinstance(value, dict) and prefix.count(".") < _DEEPEST:
            plain |= flat(value, f"{prefix}{name}.")
        else:
            plain[f"{prefix}{name}"] = value
    return plain


def _column(rows: Rows, at: int) -> list[str]:
    """Return the cells of one column that tell something, as text."""
    cells = (row[at] for row in rows if at < len(row))
    return [str(cell).strip() for cell in cells if cell not in (None, "")]


def _candidates(
    names: str,
    cells: dict[str, list[str]],
    believed: Callable[[list[str]], bool],
    *,
    taken: Iterable[str],
) -> list[str]:
    free = {_simple(name): name for name in reversed(cells) if name not in {*taken}}
    found = (free[name] for name in names.split() if name in free)
    return [name for name in found if believed(cells[name])]


def _named_about(
    field: str,
    names: str,
    believed: Callable[[list[str]], bool],
    cells: dict[str, list[str]],
    known: Cells[str, str],
) -> dict[str, str]:
    """Find the column of a field by a word of its name: ``Message publié``, ``Date (Paris)``."""
    words = {*names.split()}
    free = (name for name in cells if name not in {*known.values()})
    near = (name for name in free if words & {*_simple(name).split("_")})
    found = next((name for name in near if believed(cells[name])), None)
    return {field: found} if found else {}


def _simple(name: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)  # as in ``publishedAt``
    return re.sub(r"[^a-z0-9]+", "_", fold(apart)).strip("_")


def _always(_: list[str]) -> bool:
    return True


def _are_dates(cells: list[str]) -> bool:
    return bool(cells) and sum(map(_is_date, cells)) >= len(cells) / 2


def _is_date(cell: str) -> bool:
    try:
        moment(cell)
    except BadRecord:
        return False
    return True


def _differ(cells: list[str]) -> bool:
    return len(set(cells)) > 0.8 * len(cells)


def _have_words(cells: list[str]) -> bool:
    return any(re.search(r"[^\W\d]", cell) for cell in cells)


def _have_sentences(cells: list[str]) -> bool:
    return sum(" " in cell for cell in cells) > len(cells) / 2


_BELIEVED: dict[str, Callable[[list[str]], bool]] = {
    "id": _differ,
    "published": _are_dates,
    "content": _have_words,
}


def _have_clock(cells: list[str]) -> bool:
    return sum(bool(_CLOCK.search(cell)) for cell in cells) > len(cells) / 2


def _are_tweets(columns: dict[str, str], cells: dict[str, list[str]]) -> bool:
    links = cells.get(columns.get("url", ""), [])
    if any(_TWEET_LINK.search(link) for link in links):
        return True
    name = columns.get("id", "")
    ids = cells.get(name, [])
    said = "tweet" in _simple(name) or any("tweet" in _simple(other) for other in cells)
    return said and bool(ids) and all(_TWEET_ID.fullmatch(one) for one in ids)


def _day_first(cells: list[str]) -> bool:
    """Tell 03/04 apart by the dates that only one reading allows; else as most of the world."""
    pairs = [found.groups() for found in map(_DAY_MONTH.match, cells) if found]
    days_first = any(int(first) > _YEAR_MONTHS for first, _ in pairs)
    months_first = any(int(then) > _YEAR_MONTHS for _, then in pairs)
    if days_first or months_first:
        return days_first
    return not any(re.search(r"\d\s?[ap]m\b", cell.lower()) for cell in cells)
