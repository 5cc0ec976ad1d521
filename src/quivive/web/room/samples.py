"""Figures for the page that shows every part; nothing here is about anybody."""

from datetime import timedelta

from quivive.vocabulary.messages import say

SINCE_ONSET = timedelta(minutes=25)

PARTS = {
    "colours": (
        *("ground", "surface", "sunken", "ink", "ink-2", "ink-3", "accent"),
        *("watch", "signal", "incident", "crisis", "major", "good", "alarm"),
    ),
    "share": 0.72,
    "values": (1, 0, 2, 1, 3, 2, 2, 4, 3, 2, 1, 2, 3, 4, 3, 5, 9, 17),
    "uppers": (5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7),
    "trouble": {
        "what": say("This bracket is never closed."),
        "remedy": say("Write a closing bracket, or take the opening one away."),
    },
}
