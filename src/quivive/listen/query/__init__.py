"""The query language: text in, tree out, and errors that point at the right character."""

from quivive.listen.query.expiry import Passing, passing, still_asked
from quivive.listen.query.hints import ambiguities, hints
from quivive.listen.query.parser import parse, parse_search
from quivive.listen.query.tree import (
    And,
    Field,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Query,
    Sentence,
    Words,
    leaves,
)

__all__ = [
    "And",
    "Field",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "Passing",
    "Query",
    "Sentence",
    "Words",
    "ambiguities",
    "hints",
    "leaves",
    "parse",
    "parse_search",
    "passing",
    "still_asked",
]
