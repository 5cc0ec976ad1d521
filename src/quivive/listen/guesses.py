"""Guesses which column of an unknown table holds what, from its names and from its cells."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Cells
from typing import Any

from quivive.listen.dates import moment
from quivive.listen.mapping import ACCOUNT_COUNTS, ANY_NETWORK, COUNTS, LISTS, Mapping, count
from quivive.listen.records import Record, tweet_time
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.folding import fold

Rows = Sequence[Sequence[Any]]

NAMES: dict[str, str] = {
    "id": "id id_str tweet_id tweetid post_id postid status_id message_id comment_id uri uid"
    " identifiant id_tweet id_message id_publication id_de_publication num numero guid twitter_id"
    " document_id review_id",
    "published": "published published_at comment_date created_at date datetime date_time created"
    " timestamp time created_time createdat post_created tweet_created tweetdate tweet_date"
    " date_utc publish_date published_date publication_date date_heure horodatage date_publication"
    " date_de_publication publie_le date_creation date_post heure jour timestamp_utc time_ms"
    " release_date posted_at date_published publie post_date pub_date created_utc recu_le"
    " date_reception date_de_reception tweet_at tweet_time tweeted_at horodateur publish_time"
    " heure_de_publication date_et_heure published_at_date create_time_iso taken_at create_time"
    " posted_on created_on",
    "content": "content text full_text body tweet tweet_text tweettext message post texte contenu"
    " commentaire comment publication caption legende post_text text_content message_text"
    " texte_du_message texte_complet corps corps_du_message verbatim avis selftext snippet"
    " hit_sentence original_tweet tweet_content raw_content comment_text message_body review_text"
    " review_content review motif extrait",
    "attributed_to.id": "author_id user_id userid user_id_str auteur_id id_auteur account_id"
    " twitter_author_id from_id profile_id owner_id author_meta_id external_author_id"
    " from_user_id_str author_did"
    " from_user_id uid_auteur did",
    "attributed_to.handle": "user_handle handle screen_name username user_screen_name author"
    " author_username user_username account user auteur from_user pseudo pseudonyme compte"
    " utilisateur nom_utilisateur nom_d_utilisateur twitter_handle author_handle user_name"
    " influencer user_username author_user_name owner_username twitter_screen_name from_username"
    " author_meta_name account_acct account_username",
    "attributed_to.name": "name author_name display_name user_display_name author_display_name"
    " page_name nom nom_affiche nom_auteur nom_complet author_fullname account_name auteur_nom"
    " user_displayname full_name author_full_name from_name profile_name author_meta_nick_name"
    " reviewer_name locataire nom_du_locataire appelant nom_de_l_appelant demandeur expediteur"
    " votre_nom nom_prenom qui nom_de_la_page account_display_name requester reviewer"
    " reclamant plaignant usager client nom_du_client",
    "attributed_to.followers": "followers followers_count user_followers_count user_followers"
    " author_followers author_followers_count abonnes nb_abonnes nombre_d_abonnes follower_count"
    " audience author_public_metrics_followers_count abonnes_auteur twitter_followers"
    " author_meta_fans account_followers_count",
    "attributed_to.following": "following friends_count following_count user_friends_count"
    " author_following abonnements nb_abonnements twitter_following author_meta_following",
    "attributed_to.posts": "statuses_count user_statuses_count user_tweets author_posts"
    " nb_publications twitter_tweets",
    "attributed_to.created": "user_created_at account_created_at author_created_at"
    " account_created compte_cree_le account_creation_date user_created",
    "attributed_to.verified": "verified user_verified author_verified verifie certifie"
    " compte_verifie is_verified twitter_verified author_is_verified"
    " author_meta_verified",
    "attributed_to.summary": "user_description author_description bio biographie profile"
    " author_bio user_profile_description twitter_bio user_raw_description author_meta_signature",
    "language": "lang language langue langue_detectee language_code tweet_language text_language",
    "hashtags": "hashtags hashtag mots_diese mots_dieses tags",
    "mentions": "mentions user_mentions comptes_mentionnes",
    "in_reply_to": "in_reply_to in_reply_to_id in_reply_to_status_id reply_to parent parent_id"
    " to_tweetid en_reponse_a reponse_a in_reply_to_tweetid in_reply_to_tweet_id twitter_reply_to"
    " in_response_to_tweet_id in_reply_to_status_id_str parent_comment_id reply_to_id",
    "repost_of": "repost_of retweeted_id retweeted_status_id retweet_id repost_id retweet_de"
    " retweet_tweetid retweeted_tweet_id retweeted_status_id_str twitter_retweet_of",
    "quote_of": "quote_of quoted_id quoted_status_id quote_tweet_id quote_id citation_de"
    " quoted_tweet_tweetid quoted_tweet_id quoted_status_id_str",
    "conversation": "conversation conversation_id thread_id thread fil fil_id",
    "likes": "likes like_count likes_count favorite_count favourite_count favourites_count"
    " favorites favoris j_aime jaime mentions_j_aime nb_likes nb_j_aime likes_numbers reactions"
    " twitter_likes digg_count reaction_count",
    "reposts": "reposts retweet_count retweets reblogs_count shares share_count partages"
    " nb_partages reposts_count nb_retweets retweet_numbers repost_count"
    " twitter_retweets share_count",
    "replies": "replies reply_count replies_count comments comment_count comments_count reponses"
    " commentaires nb_commentaires nb_reponses num_comments reply_numbers"
    " twitter_reply_count",
    "quotes": "quotes quote_count quotes_count",
    "views": "views view_count views_count impression_count impressions vues nb_vues play_count",
    "media": "media media_urls image_url images image photos media_url photo",
    "links": "links urls expanded_urls liens urls_expanded",
    "place": "place location lieu ville commune localisation tweet_location place_name city",
    "url": "url post_url tweet_url link permalink lien lien_du_message adresse permalink_url"
    " lien_permanent tweet_link"
    " permalien status_url post_link web_video_url review_url comment_url",
    "network": "network platform plateforme reseau reseau_social",
    "title": "title titre headline thread_title topic_title",
}
"""For each field, the names that tools, researchers and offices give its column, best first."""

_HEADINGS = "description demande resume title titre headline objet"
"""What stands for the words of a post in a table that holds none."""

_NOT_THEIRS = (
    "account user author profile compte auteur profil page channel updated update edited modified"
    " harvested retrieved collected indexed index added accessed scraped export query import"
    " modifie collecte ajoute"
    " reply reponse response closed cloture resolved company"
)
"""Words in the names of dates that are not a post's: its account's, or when a tool saw it."""

_DEEPEST = 3
_FEW = 20
_RUNNING = re.compile(r"\d{1,6}(?:\.0)?")
_NUMBERING = re.compile(r"\b(?:n|no|num|nr|numero|number|id|ref|reference|identifiant)\b")
_REQUEST = re.compile(
    r"\b(?:demande|reclamation|dossier|appel|signalement|requete|sollicitation|intervention"
    r"|ticket|request|case|complaint|call|enquiry|incident)\b"
)
"""Words in the names under which a contact centre numbers what people ask."""

_YEAR_MONTHS = 12
_DAY_MONTH = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")
_TWEET_ID = re.compile(r"['\"]?\d{15,20}['\"]?")
_TWEET_LINK = re.compile(r"(?:twitter|x)\.com/[^/]+/status")
_CLOCK = re.compile(r"\d[:h]\d\d|\d{10,}")
_SAID = re.compile(r"\A[^\[{]*[^\W\d_]{2}")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?$")
_HOUR = re.compile(
    r"\d{1,2}\s?[:h]\s?(?:\d\d)?(?::\d\d(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?", re.IGNORECASE
)


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
        if field == "title":
            continue  # last: it may have to stand for the words
        believed = _BELIEVED.get(field, _always)
        found = _candidates(names, cells, believed, taken=columns.values())
        if found:
            columns[field] = found[0]
    columns |= _request_number(cells, columns)
    columns |= _words_column(cells, columns)
    columns |= _date_column(cells, columns)
    if not {"content", "attributed_to.followers"} & columns.keys():
        columns |= _longest_sentences(cells, columns)
    titles = _candidates(NAMES["title"], cells, _have_words, taken=columns.values())
    columns |= {"title": titles[0]} if titles else {}
    columns |= _own_address(cells, columns)
    for field in _misleading(cells, columns):
        del columns[field]
    return Mapping(
        columns=columns,
        network="x" if _are_tweets(columns, cells) else ANY_NETWORK,
        clock=_clock_column(cells, columns),
        day_first=_day_first(cells.get(columns.get("published", ""), [])),
    )


def _request_number(cells: dict[str, list[str]], known: Cells[str, str]) -> dict[str, str]:
    """Find the number a contact centre gave each request, so that a corrected export comes once.

    Where a request stands on several rows, its number is none of a row.
    """
    if "id" in known:
        return {}
    free = (name for name in cells if name not in known.values())
    found = (name for name in free if _numbers_requests(name) and _all_differ(cells[name]))
    return {"id": name} if (name := next(found, "")) else {}


def _numbers_requests(name: str) -> bool:
    words = _simple(name).replace("_", " ")
    return words == "ticket" or bool(_NUMBERING.search(words) and _REQUEST.search(words))


def _words_column(cells: dict[str, list[str]], known: Cells[str, str]) -> dict[str, str]:
    """Find the words, where no whole name told them: by a heading's name, or a word of a name."""
    if "content" in known:
        return {}
    people = "attributed_to.followers" in known  # a description is then their own
    for names in (NAMES["content"], _HEADINGS.removeprefix("description") if people else _HEADINGS):
        whole = _candidates(names, cells, _have_sentences, taken=known.values())
        found = {"content": whole[0]} if whole else {}
        found = found or _named_about("content", names, _have_sentences, cells, known)
        if found:
            return found
    return {}


def _date_column(cells: dict[str, list[str]], known: Cells[str, str]) -> dict[str, str]:
    """Find the date of the posts: by its whole name, by a word of it, or as the only dates."""
    dates = _candidates(NAMES["published"], cells, _are_dates, taken=())
    if dates:
        return {"published": max(dates, key=lambda name: _have_clock(cells[name]))}
    not_theirs = {*_NOT_THEIRS.split()}
    of_posts = {name: found for name, found in cells.items() if not not_theirs & _parts(name)}
    named = _named_about("published", NAMES["published"], _are_dates, of_posts, known)
    free = (name for name in of_posts if name not in known.values())
    others = [name for name in free if _are_dates(cells[name]) and not _are_numbers(cells[name])]
    return named or ({"published": others[0]} if len(others) == 1 else {})


def _clock_column(cells: dict[str, list[str]], columns: Cells[str, str]) -> str:
    """Find the hours that stand in a column beside that of the days."""
    days = cells.get(columns.get("published", ""), [])
    if not days or _have_clock([day for day in days if not _MIDNIGHT.search(day)]):
        return ""
    free = (name for name in cells if name not in columns.values())
    return next((name for name in free if _are_hours(cells[name])), "")


def _are_hours(cells: list[str]) -> bool:
    return bool(cells) and sum(bool(_HOUR.fullmatch(one)) for one in cells) > len(cells) / 2


def _longest_sentences(cells: dict[str, list[str]], known: Cells[str, str]) -> dict[str, str]:
    """Take the column that says most for the text, where no name tells it."""
    free = [name for name in cells if name not in known.values() and _have_sentences(cells[name])]
    longest = max(free, key=lambda name: sum(map(len, cells[name])), default=None)
    return {"content": longest} if longest else {}


def _own_address(cells: dict[str, list[str]], columns: Cells[str, str]) -> dict[str, str]:
    """Tell the address of each post from that of what all of them answer to."""
    shared = columns.get("url", "")
    if not shared or _differ(cells[shared]) or _are_tweets(columns, cells):
        return {}
    here = {name: found for name, found in cells.items() if name not in columns.values()}
    own = _candidates(NAMES["url"], here, _differ, taken=())
    if own:
        return {"url": own[0]}
    return {} if "id" in columns else {"conversation": shared}


def _misleading(cells: dict[str, list[str]], columns: Cells[str, str]) -> list[str]:
    """List the fields that would make one post of many.

    1, 2, 3 … are no ids, for the next table has the same, unless other columns refer to them or
    an office numbers its requests so.
    """
    found = []
    referring = {"in_reply_to", "repost_of", "quote_of", "conversation"} & columns.keys()
    ids = columns.get("id", "")
    trusted = referring or not ids or _numbers_requests(ids)
    if not trusted and all(map(_RUNNING.fullmatch, cells[ids])):
        found.append("id")
    if "url" in columns and columns.get("conversation") == columns["url"]:
        found.append("url")
    return found


def tells_utc(column: str) -> bool:
    """Tell whether a column of dates says itself whose clock they are of: ``created_utc``."""
    return bool({"utc", "gmt"} & _parts(column))


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
    near = (name for name in free if words & _parts(name))
    found = next((name for name in near if believed(cells[name])), None)
    return {field: found} if found else {}


def _simple(name: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)  # as in ``publishedAt``
    return re.sub(r"[^a-z0-9]+", "_", fold(apart)).strip("_")


def _parts(name: str) -> set[str]:
    return {*_simple(name).split("_")}


def _always(_: list[str]) -> bool:
    return True


def _are_dates(cells: list[str]) -> bool:
    return bool(cells) and sum(map(_is_date, cells)) >= len(cells) / 2


def _are_numbers(cells: list[str]) -> bool:
    return all(map(str.isdecimal, cells))


def _is_date(cell: str) -> bool:
    try:
        moment(cell)
    except BadRecord:
        return False
    return True


def _differ(cells: list[str]) -> bool:
    return len(set(cells)) > 0.8 * len(cells)


def _all_differ(cells: list[str]) -> bool:
    return 0 < len(cells) == len(set(cells))


def _have_words(cells: list[str]) -> bool:
    return any(re.search(r"[^\W\d]", cell) for cell in cells)


def _have_sentences(cells: list[str]) -> bool:
    said = [cell for cell in cells if " " in cell and _SAID.search(cell)]
    return len(said) > len(cells) / 2


def _are_counts(cells: list[str]) -> bool:
    return sum(map(_is_count, cells)) >= len(cells) / 2


def _is_count(cell: str) -> bool:
    try:
        return count(cell, field="", mapping=Mapping(columns={})) is not None
    except BadRecord:
        return False


def _are_addresses(cells: list[str]) -> bool:
    return sum("/" in cell for cell in cells) > len(cells) / 2


def _are_no_counts(cells: list[str]) -> bool:
    return not all(map(str.isdecimal, cells))


def _are_references(cells: list[str]) -> bool:
    return not any(set("[{ ") & set(cell) for cell in cells)


_BELIEVED: dict[str, Callable[[list[str]], bool]] = {
    **dict.fromkeys(COUNTS, _are_counts),
    **dict.fromkeys(LISTS, _are_no_counts),
    "media": _are_addresses,
    **{f"attributed_to.{name}": _are_counts for name in ACCOUNT_COUNTS},
    **dict.fromkeys(("in_reply_to", "repost_of", "quote_of", "conversation"), _are_references),
    "id": _differ,
    "published": _are_dates,
    "content": _have_words,
}


def _have_clock(cells: list[str]) -> bool:
    return sum(bool(_CLOCK.search(cell)) for cell in cells) > len(cells) / 2


def _are_tweets(columns: Cells[str, str], cells: dict[str, list[str]]) -> bool:
    """Tell tweets by their links, else by their numbers, else by what the columns are called."""
    links = cells.get(columns.get("url", ""), [])
    if any(map(_TWEET_LINK.search, links)):
        return all(map(_TWEET_LINK.search, links))  # else each row tells by its own
    called = any({"tweet", "tweets", "retweets"} & _parts(name) for name in cells)
    ids = cells.get(columns.get("id", ""), [])
    if ids and all(map(_TWEET_ID.fullmatch, ids)):
        return called or _carry_their_time(ids, cells.get(columns.get("published", ""), []))
    return called and not links and not ids


def _carry_their_time(ids: list[str], dates: list[str]) -> bool:
    """Tell tweets by their numbers, which hold the very second that the table gives."""
    carried = [tweet_time(one.strip("'\"")) for one in ids[:_FEW]]
    if len(dates) < len(carried) or not all(map(_is_date, dates[: len(carried)])):
        return False
    told = map(moment, dates)
    return all(a and abs((a - b).total_seconds()) < 2 for a, b in zip(carried, told, strict=False))  # noqa: PLR2004


def _day_first(cells: list[str]) -> bool:
    """Tell 03/04 apart by the dates that only one reading allows; else as most of the world."""
    pairs = [found.groups() for found in map(_DAY_MONTH.match, cells) if found]
    days_first = any(int(first) > _YEAR_MONTHS for first, _ in pairs)
    months_first = any(int(then) > _YEAR_MONTHS for _, then in pairs)
    if days_first or months_first:
        return days_first
    return not any(re.search(r"\d\s?[ap]m\b", cell.lower()) for cell in cells)
