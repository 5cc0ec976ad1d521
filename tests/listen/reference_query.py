"""The slow and obvious meaning of a query, to judge the fast one by."""

import re

from quivive.listen.query import And, Field, Node, Not, Or, Query
from quivive.vocabulary.folding import fold, readings
from quivive.vocabulary.posts import Post


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
    texts = [text for said in sayings(post) for text in readings(said)]
    return any(phrase_in(asked, text) for asked in readings(node.text) for text in texts)


def sayings(post: Post) -> list[str]:
    return [post.content, " ".join(f"#{tag.lstrip('#')}" for tag in post.hashtags)]


def field_holds(node: Field, post: Post) -> bool:
    if node.name == "from":
        author = post.attributed_to
        return fold(node.value) in [fold(name) for name in (author.handle, author.id) if name]
    tag, language = node.value.lower(), (post.language or "").lower()
    return language == tag or language.startswith(tag + "-")


def phrase_in(asked: str, text: str) -> bool:
    words = re.findall(r"(?:(?<!\w)[#@])?[\w*?]+", asked)
    if not re.search(r"\w", asked):
        return "".join(asked.split()) in text
    tokens = [(found.start(), found.end()) for found in re.finditer(r"\w+", text)]
    return any(begins_at(words, tokens[index:], text) for index in range(len(tokens)))


def begins_at(words: list[str], tokens: list[tuple[int, int]], text: str) -> bool:
    """Whether the words of a phrase are the very next words of the text."""
    if len(tokens) < len(words):
        return False
    return all(
        same(word, text[max(0, start - 2) : start], text[start:end])
        for word, (start, end) in zip(words, tokens, strict=False)
    )


def same(word: str, before: str, token: str) -> bool:
    if word[0] in "#@":
        starts_there = re.fullmatch(r"\W?" + word[0], before)
        return starts_there is not None and same(word[1:], "", token)
    pattern = re.escape(word).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, token) is not None
