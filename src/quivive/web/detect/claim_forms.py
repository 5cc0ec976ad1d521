"""What people fill in about a claim."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quivive.vocabulary.claims import Stance
from quivive.web.detect.claim_queries import STATUSES

LONGEST_ID = 500


class CheckForm(forms.Form):
    """How far it is checked, and who says so."""

    status = forms.ChoiceField(label=_("Status"), choices=STATUSES)
    source = forms.CharField(
        label=_("Source"),
        max_length=2000,
        required=False,
        help_text=_("Who says so, and when. Needed to call it true, partly true or false."),
    )


class RenameForm(forms.Form):
    """What people call it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=280,
        required=False,
        help_text=_("Leave it empty to show the sentence again."),
    )


class MergeForm(forms.Form):
    """Which claim says the same."""

    into = forms.IntegerField(label=_("Merge into"), min_value=1)


class TickedField(forms.MultipleChoiceField):
    """Boxes ticked in a list that the page made; the service looks at what they are."""

    def valid_value(self, value: str) -> bool:
        """Take any id."""
        return 0 < len(value) <= LONGEST_ID


class SplitForm(forms.Form):
    """Which posts say something else, and what."""

    name = forms.CharField(label=_("What they say"), max_length=280)
    posts = TickedField(label=_("Posts"))


class PutBackForm(forms.Form):
    """Which post."""

    post = forms.CharField(max_length=LONGEST_ID)


class PutForm(PutBackForm):
    """Which post, and how it stands to the claim."""

    stance = forms.ChoiceField(choices=[(stance.value, stance.value) for stance in Stance])


class MisreadForm(forms.Form):
    """What was seen of us, what it was, what proves it."""

    seen = forms.CharField(label=_("What was seen"), max_length=2000, required=False)
    was = forms.CharField(label=_("What it was"), max_length=2000, required=False)
    proof = forms.CharField(label=_("What proves it"), max_length=2000, required=False)


class NoForm(forms.Form):
    """Nothing but the button."""
