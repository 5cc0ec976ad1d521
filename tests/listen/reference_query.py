"""The slow and obvious meaning of a query, to judge the fast one by."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import permutations, product

from quivive.listen.query import And, Field, Near, Node, Not, Or, Query, Sentence
from quivive.vocabulary.folding import fold, readings
from quivive.vocabulary.posts import Post

PRESS = ("ana", "c.d")
NORTH = ("Lyon",)


def tell(text: str, tag: str | None, home: str | None) -> str:
    """Tell languages by two words: enough to see what is made of the answer."""
    return "fr" if "eau" in text.lower() else "en" if "office" in text else "und"


def catches(query: Query, post: Post) -> bool:
    if post.repost_of and not post.content.strip():
        return False
    return holds(query.root, post)


def holds(node: Node, post: Post) -> bool:
    if isinstance(node, And):
        return all(holds(part, post) for part in node.parts)
    if isinstance(node, Or):
        return any(holds(part, post) for part in node.parts)
    if isinstance(node, Not):
        return not holds(node.part, post)
    if isinstance(node, Field):
        return field_holds(node, post)
    if isinstance(node, Sentence):
        return any(stands(node.part, one) for text in texts(post) for one in sentences(text))
    return any(stands(node, text) for text in texts(post))


def texts(post: Post) -> list[str]:
    """Everything the post says, in every reading, folded."""
    tags = [tag.lstrip("#") for tag in post.hashtags]
    said = [*with_open_tags(post.content), *with_open_tags(post.title or "")]
    said += [
        " ".join(f"#{tag}" for tag in tags),
        *(one for tag in tags if " " in (one := in_words(tag))),
    ]
    return [text for one in said for text in readings(one.replace("\0", " ").replace("\1", " "))]


def with_open_tags(text: str) -> list[str]:
    return [text, re.sub(r"(?<!\w)#(\w+)", lambda tag: tag_or_words(tag[1]), text)]


def tag_or_words(tag: str) -> str:
    return in_words(tag) if " " in in_words(tag) else f"#{tag}"


def in_words(tag: str) -> str:
    cut = ""
    for at, sign in enumerate(tag):
        before, after = tag[at - 1 : at], tag[at + 1 : at + 2]
        begins = sign.isupper() and (not before.isupper() or after.islower())
        turns = bool(before) and before.isdecimal() != sign.isdecimal()
        cut += " " * (begins or turns) + (" " if sign == "_" else sign)
    return " ".join(cut.split())


def sentences(text: str) -> list[str]:
    """Only for texts without abbreviations."""
    return [one for one in re.split(r"(?<=[.!?])\s|[\r\n]+", text) if one.strip()]


def stands(node: Node, text: str) -> bool:
    """Whether one piece of text holds words, at their distance."""
    if isinstance(node, And):
        return all(stands(part, text) for part in node.parts)
    if isinstance(node, Or):
        return any(stands(part, text) for part in node.parts)
    if isinstance(node, Not):
        return not stands(node.part, text)
    return bool(spans(node, text))


def spans(node: Node, text: str) -> set[tuple[int, int]]:
    """Where it stands: first and last character."""
    if isinstance(node, Or):
        return {span for part in node.parts for span in spans(part, text)}
    if isinstance(node, Near):
        pairs = list(product(spans(node.left, text), spans(node.right, text)))
        if not node.ordered:
            pairs += [(right, left) for left, right in pairs]
        return {
            (a[0], b[1]) for a, b in pairs if a[1] <= b[0] and between(a, b, text) <= node.apart
        }
    tokens = [found.span() for found in re.finditer(r"\w+", text)]
    if node.edits:
        return {(a, b) for a, b in tokens if distance(fold(node.text), text[a:b]) <= node.edits}
    if node.apart:
        return {span for asked in readings(node.text) for span in loose(asked, node.apart, text)}
    return {span for asked in readings(node.text) for span in phrase(asked, text)}


def between(left: tuple[int, int], right: tuple[int, int], text: str) -> int:
    starts = [found.start() for found in re.finditer(r"\w+", text)]
    return sum(left[1] <= start < right[0] for start in starts)


def words_of(asked: str) -> list[str]:
    return re.findall(r"(?:(?<!\w)[#@])?[\w*?]+", asked)


def phrase(asked: str, text: str) -> set[tuple[int, int]]:
    words = words_of(asked)
    if not re.search(r"\w", asked):
        sign = "".join(asked.split())
        return {(at, at + len(sign)) for at in range(len(text)) if text.startswith(sign, at)}
    tokens = [found.span() for found in re.finditer(r"\w+", text)]
    rows = [tokens[at : at + len(words)] for at in range(len(tokens) - len(words) + 1)]
    return {
        (row[0][0] - (words[0][0] in "#@"), row[-1][1])
        for row in rows
        if all(map(same, words, row, [text] * len(row)))
    }


def loose(asked: str, apart: int, text: str) -> set[tuple[int, int]]:
    words = words_of(asked)
    tokens = [found.span() for found in re.finditer(r"\w+", text)]
    found = set()
    for chosen in permutations(range(len(tokens)), len(words)):
        others = max(chosen) - min(chosen) + 1 - len(words)
        if others <= apart and all(
            same(word, tokens[at], text) for word, at in zip(words, chosen, strict=True)
        ):
            found.add((tokens[min(chosen)][0], tokens[max(chosen)][1]))
    return found


def same(word: str, token: tuple[int, int], text: str) -> bool:
    start, end = token
    if word[0] in "#@":
        sign = re.search(r"(?<!\w)[#@]$", text[:start])
        return sign is not None and sign[0] == word[0] and same(word[1:], token, text)
    pattern = re.escape(word).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, text[start:end]) is not None


@cache
def distance(one: str, other: str) -> int:
    """Letters added, dropped, changed, or swapped with their neighbour."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if one[:2] == other[1::-1] and len(one) > 1 and len(other) > 1:
        ways.append(distance(one[2:], other[2:]) + 1)
    return min(ways)


def field_holds(node: Field, post: Post) -> bool:  # noqa: C901, PLR0911, PLR0912  one a kind
    author, values = post.attributed_to, node.value.split(",")
    match node.name:
        case "from":
            return any(
                fold(one) == fold(name)
                for one in values
                for name in (author.handle or "", author.id)
            )
        case "lang":
            spoken = (post.language or "und").lower()
            told = tell(post.content if post.content.strip() else post.title or "", None, None)
            if told not in ("und", spoken.partition("-")[0]):
                spoken = told
            return any(
                spoken == one.lower() or spoken.startswith(one.lower() + "-") for one in values
            )
        case "title":
            return any(phrase_in(node.value, one) for one in with_open_tags(post.title or ""))
        case "hashtag":
            tags = " ".join(f"#{tag.lstrip('#')}" for tag in post.hashtags)
            said = [*with_open_tags(post.content), *with_open_tags(post.title or ""), tags]
            return any(phrase_in(f"#{node.value}", one) for one in said)
        case "raw":
            return re.search(
                rf"(?<!\w){re.escape(node.value)}(?!\w)", post.content
            ) is not None or (
                re.search(rf"(?<!\w){re.escape(node.value)}(?!\w)", post.title or "") is not None
            )
        case "bio":
            return phrase_in(node.value, author.summary or "")
        case "type":
            kinds = {"reply": post.in_reply_to, "repost": post.repost_of}
            kind = next((name for name in ("repost", "reply") if kinds[name]), "post")
            return kind in values
        case "followers":
            return author.followers is not None and compared(node.value, author.followers)
        case "created":
            age = author.created and (post.published.date() - author.created).days
            return age is not None and compared(node.value.rstrip("d"), age)
        case "city":
            return any(fold(one) == fold(node.value) for one in (post.place or "").split(", "))
        case "agency":
            return any(phrase_in(place, post.place or "") for place in NORTH)
        case "panel" | "is":
            return any(field_holds(Field("from", one, 0, 0), post) for one in PRESS)
        case "since":
            return post.published >= start_of(node.value)
        case "until":
            return post.published < start_of(node.value) + timedelta(days=1)
        case "hour":
            first, last = map(int, node.value.split("-"))
            hour = post.published.hour
            return first <= hour < last if first < last else hour >= first or hour < last
        case "mention":
            typed = re.findall(r"(?<![\w@])@([\w.@-]*\w)", post.content)
            return fold(node.value) in [fold(one) for one in (*post.mentions, *typed)]
        case "has":
            return bool(post.media)
    raise AssertionError(node.name)


def phrase_in(asked: str, text: str) -> bool:
    pairs = product(readings(asked), readings(text))
    return any(phrase(one, other) for one, other in pairs)


def compared(value: str, number: float) -> bool:
    sign, bound = value[0], float(value[1:])
    return number > bound if sign == ">" else number < bound


def start_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)
