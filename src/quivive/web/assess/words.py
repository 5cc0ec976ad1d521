"""Names of the axes and terms of the score (docs/pathway/assess.md)."""

from django.utils.translation import gettext_lazy as _

from quivive.vocabulary.assessments import Axis

AXES = {
    Axis.NATURE: (_("Nature"), _("what is said, and what is at stake")),
    Axis.INFLUENCE: (_("Influence"), _("who says it, and how many listen")),
    Axis.EXTENT: (_("Extent"), _("how fast and how far it spreads")),
}
TERMS = {
    "h": _("Harm at stake"),
    "a": _("Blame people put on us"),
    "p": _("Chance that the claim is true"),
    "n4": _("Anger and outrage in the words"),
    "i1": _("People reached"),
    "i2": _("Strongest voice"),
    "i3": _("Communities crossed"),
    "e1": _("Acceleration"),
    "e2": _("Against the usual"),
    "e3": _("Networks and places"),
    "e4": _("Duration"),
    "e5": _("Posts each post brings"),
}
