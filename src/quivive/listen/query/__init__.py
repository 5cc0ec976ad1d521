"""The query language: text in, tree out, and errors that point at the right character."""

from quivive.listen.query.hints import hints
from quivive.listen.query.parser import parse
from quivive.listen.query.tree import And, Field, Node, Not, Or, Query, Words

__all__ = ["And", "Field", "Node", "Not", "Or", "Query", "Words", "hints", "parse"]
