"""What the room cannot hold of a person, because no row has a place for it (LR-04, LR-09, LR-10).

Whoever adds a field to one of these rows has to say here why it is lawful.
"""

from quivive.vocabulary.accounts import Account as HeardAccount
from quivive.web.listen.models import Account, PostLabel
from quivive.web.people.models import Panel, PanelMember, Place, PublicRole


def fields(model) -> set[str]:
    return {field.name for field in model._meta.get_fields() if not field.auto_created}


class TestAnAuthor:
    def test_has_a_public_name_and_public_counts_and_nothing_derived(self):
        assert fields(Account) == {"uid", "network", "handle", "name", "followers"}
        assert set(HeardAccount.__struct_fields__) == {
            *("id", "handle", "name", "followers", "following", "posts", "created"),
            *("verified", "has_avatar", "summary", "location"),
        }

    def test_is_joined_to_no_residence_and_no_list(self):
        related = {field.related_model for field in Account._meta.get_fields() if field.is_relation}

        assert related.isdisjoint({Place, Panel, PanelMember})

    def test_carries_no_label(self):
        assert fields(PostLabel) == {"post", "name", "by", "at"}


class TestAList:
    def test_is_of_a_public_function_and_never_of_family_or_friends(self):
        assert set(PublicRole.values) == {
            *("local-media", "national-media", "elected", "authority", "regulator"),
            *("association", "national-association", "local-group"),
        }

    def test_rates_nobody(self):
        assert fields(PanelMember) == {
            *("panel", "network", "handle", "name", "place", "contact"),
            *("last_contact_on", "added_at"),
        }
