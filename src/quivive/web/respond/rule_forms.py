"""The form of a rule: eight lines that must hold and six that happen, without a script.

What can only be chosen is a whole choice (``topic:heating``); what must be written leaves the
field beside it for the words.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quivive.respond.asking import Urgency
from quivive.respond.rules import MOST_ACTIONS, MOST_CONDITIONS, Action, Asks, Condition, Does
from quivive.web.people.words import ROLE_NAMES
from quivive.web.respond import queries, rule_queries

URGENCIES: dict[Urgency, Promise] = {
    Urgency.ADDRESSED: _("a remark made to us"),
    Urgency.QUESTION: _("a question"),
    Urgency.NEED: _("somebody in need"),
    Urgency.ALONE: _("somebody in need and alone"),
    Urgency.DANGER: _("somebody in danger"),
}
LEANINGS = {"negative": _("negative"), "neutral": _("neutral"), "positive": _("positive")}
CLOSED = f"{Does.STATUS}:closed"
LONGEST_SNOOZE_H = 24 * 14

Choice = tuple[str, Any]


class RuleForm(forms.Form):
    """A rule."""

    name = forms.CharField(label=_("Name"), max_length=100)

    def __init__(self, data: Any = None, *, people: Sequence[Any], **kwargs: Any) -> None:
        """Make the lines, with the topics, people and roles there are."""
        super().__init__(data, **kwargs)
        asked, done = [("", "–"), *_asked()], [("", "–"), *_done(people)]
        for number in range(MOST_CONDITIONS):
            self._line(
                "if", number, asked, gettext("Condition %(n)s"), gettext("Condition %(n)s: words")
            )
        for number in range(MOST_ACTIONS):
            self._line("do", number, done, gettext("Action %(n)s"), gettext("Action %(n)s: words"))

    def _line(self, name: str, number: int, choices: list[Choice], label: str, words: str) -> None:
        self.fields[f"{name}-{number}"] = forms.ChoiceField(
            label=label % {"n": number + 1}, choices=choices, required=False
        )
        self.fields[f"{name}-{number}-words"] = forms.CharField(
            label=words % {"n": number + 1}, required=False, max_length=1_000
        )

    @property
    def condition_lines(self) -> list[tuple[Any, Any]]:
        """The lines that must hold, each with its words."""
        return [(self[f"if-{n}"], self[f"if-{n}-words"]) for n in range(MOST_CONDITIONS)]

    @property
    def action_lines(self) -> list[tuple[Any, Any]]:
        """The lines that happen, each with its words."""
        return [(self[f"do-{n}"], self[f"do-{n}-words"]) for n in range(MOST_ACTIONS)]

    def clean(self) -> dict[str, Any]:
        """Return what the service takes."""
        told = super().clean() or {}
        conditions = [
            Condition(Asks(kind), value) for kind, value in self._told("if", MOST_CONDITIONS, told)
        ]
        actions = [
            Action(Does(kind), value) for kind, value in self._told("do", MOST_ACTIONS, told)
        ]
        for action in actions:
            hours = action.value if action.does is Does.SNOOZE else "1"
            if not (hours.isdecimal() and 1 <= int(hours) <= LONGEST_SNOOZE_H):
                message = gettext("Write for how many hours: 1 to %(most)s.")
                raise forms.ValidationError(message % {"most": LONGEST_SNOOZE_H})
        return {"name": told.get("name", ""), "conditions": conditions, "actions": actions}

    def _told(self, name: str, lines: int, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for number in range(lines):
            chosen = told.get(f"{name}-{number}", "")
            words = " ".join(told.get(f"{name}-{number}-words", "").split())
            kind, _colon, value = chosen.partition(":")
            if not chosen:
                if words:
                    self.add_error(f"{name}-{number}", gettext("Choose what these words are for."))
                continue
            if not value and not words and kind != Does.OPEN:
                self.add_error(f"{name}-{number}-words", gettext("Write the words for this line."))
                continue
            yield (
                kind,
                "" if kind == Does.OPEN else value or words[: 40 if kind == Does.LABEL else 1_000],
            )


def initial_of(
    name: str, conditions: Iterable[dict[str, str]], actions: Iterable[dict[str, str]]
) -> dict[str, str]:
    """Return a stored rule as its form shows it."""
    shown = {"name": name}
    typed = {Asks.QUERY, Asks.NOT_QUERY, Does.LABEL, Does.SNOOZE, Does.NOTE}
    lines = [("if", "asks", n, one) for n, one in enumerate(conditions)]
    lines += [("do", "does", n, one) for n, one in enumerate(actions)]
    for prefix, key, number, one in lines:
        kind, value = one[key], one["value"]
        words = kind in typed or (kind == Does.STATUS and value != "closed")
        chosen = kind if words or kind == Does.OPEN else f"{kind}:{value}"
        shown |= {f"{prefix}-{number}": chosen, f"{prefix}-{number}-words": value if words else ""}
    return shown


def told_line(kind: str, value: str, people: dict[str, str], *, asks: bool) -> str:
    """Say a condition or an action in words."""
    choices = _asked() if asks else _done(())
    named = {code: str(name) for code, name in _flat(choices)}
    whole = f"{kind}:{value}"
    if kind == Does.PERSON:
        return gettext("give it to %(name)s") % {"name": people.get(value, "?")}
    if whole in named:
        return named[whole]
    return f"{named.get(kind, kind)} {value}".strip()


def _flat(choices: Iterable[Choice]) -> Iterator[Choice]:
    for code, name in choices:
        if isinstance(name, list):
            yield from name
        else:
            yield code, name


def _asked() -> list[Choice]:
    at_least = gettext("at least: %(what)s")
    topic, reads = gettext("caught by the topic %(name)s"), gettext("it reads %(how)s")
    return [
        (Asks.QUERY.value, _("it meets the query")),
        (Asks.NOT_QUERY.value, _("it does not meet the query")),
        (
            gettext("How urgent"),
            [(f"{Asks.URGENCY}:{one.name.lower()}", at_least % {"what": name})
             for one, name in URGENCIES.items()],
        ),
        (
            gettext("Topic"),
            [(f"{Asks.TOPIC}:{slug}", topic % {"name": name})
             for slug, name in rule_queries.topics()],
        ),
        (
            gettext("Leaning"),
            [(f"{Asks.LEANING}:{code}", reads % {"how": name}) for code, name in LEANINGS.items()],
        ),
    ]  # fmt: skip


def _done(people: Iterable[Any]) -> list[Choice]:
    give, rise = gettext("give it to %(name)s"), gettext("as urgent at least as: %(what)s")
    return [
        (Does.OPEN.value, _("put it into the inbox, even if it asks nothing")),
        (Does.LABEL.value, _("put on the label")),
        (
            gettext("Give to"),
            [(f"{Does.PERSON}:{one.pk}", give % {"name": one}) for one in people]
            + [(f"{Does.ROLE}:{role.value}", give % {"name": ROLE_NAMES[role]})
               for role in queries.teams()],
        ),
        (
            gettext("How urgent"),
            [(f"{Does.URGENCY}:{one.name.lower()}", rise % {"what": name})
             for one, name in URGENCIES.items()],
        ),
        (CLOSED, _("close it")),
        (Does.STATUS.value, _("no reply, because")),
        (Does.SNOOZE.value, _("put it out of sight, hours:")),
        (Does.NOTE.value, _("write the note")),
    ]  # fmt: skip
