"""Where a crisis may go (R-53, H2), and who may send it there (crisis.md 1.6, R-02)."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.coordinate.permissions import GRANTS, Holding, Permission, current, may
from quivive.coordinate.states import MOVES, check_graph, move
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.errors import NotAllowed

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
S = CrisisState


def go(state, to, *, role=Role.LEAD, reason="", days=None, unanswered=0):
    since = None if days is None else NOW - timedelta(days=days)
    return move(
        state,
        to,
        role=role,
        reason=reason,
        now=NOW,
        unanswered=unanswered,
        in_vigilance_since=since,
    )


class TestMoves:
    def test_follow_the_path(self):
        assert go(S.SUSPECTED, S.CONFIRMED) is S.CONFIRMED
        assert go(S.CONFIRMED, S.RESPONDING) is S.RESPONDING
        assert go(S.RESPONDING, S.VIGILANCE) is S.VIGILANCE

    def test_responding_before_it_is_assessed_asks_for_a_reason(self):
        """R-29."""
        with pytest.raises(NotAllowed, match="2 questions of the sheet have no answer"):
            go(S.CONFIRMED, S.RESPONDING, unanswered=2)

        assert go(S.CONFIRMED, S.RESPONDING, unanswered=2, reason="A fire.") is S.RESPONDING
        assert go(S.CONFIRMED, S.VIGILANCE, unanswered=2, reason="A drill.") is S.VIGILANCE

    def test_a_flare_up_brings_it_back(self):
        """R-54."""
        assert go(S.VIGILANCE, S.RESPONDING) is S.RESPONDING
        assert go(S.CLOSED, S.CONFIRMED, reason="The photo is back.") is S.CONFIRMED

    def test_closing_is_from_vigilance_only(self):
        """H2."""
        for state in (S.SUSPECTED, S.CONFIRMED, S.RESPONDING):
            with pytest.raises(NotAllowed, match="only from vigilance"):
                go(state, S.CLOSED, reason="Enough.")

    def test_closing_before_fourteen_days_asks_for_a_reason(self):
        """R-53."""
        with pytest.raises(NotAllowed, match="Wait until 14 days have passed, or write why"):
            go(S.VIGILANCE, S.CLOSED, days=13)

        assert go(S.VIGILANCE, S.CLOSED, days=13, reason="Repaired, nobody asks.") is S.CLOSED
        assert go(S.VIGILANCE, S.CLOSED, days=14) is S.CLOSED

    def test_a_blank_reason_is_none(self):
        with pytest.raises(NotAllowed):
            go(S.VIGILANCE, S.CLOSED, days=1, reason="  ")

    def test_dismissing_asks_for_a_reason(self):
        with pytest.raises(NotAllowed, match="needs a reason"):
            go(S.SUSPECTED, S.DISMISSED)

    def test_say_where_one_can_go_instead(self):
        with pytest.raises(NotAllowed) as refusal:
            go(S.SUSPECTED, S.RESPONDING)

        assert "confirmed, dismissed" in str(refusal.value)

    @pytest.mark.parametrize("role", [Role.MONITOR, Role.PEER, Role.PARTNER])
    def test_are_refused_to_other_roles(self, role):
        with pytest.raises(NotAllowed, match="Ask the crisis lead"):
            go(S.SUSPECTED, S.CONFIRMED, role=role)


class TestTheGraph:
    def test_is_sound(self):
        check_graph(MOVES)

    def test_names_a_state_no_way_leads_to(self):
        broken = {**MOVES, S.VIGILANCE: (S.RESPONDING,)}

        with pytest.raises(ValueError, match="closed"):
            check_graph(broken)

    def test_names_a_state_without_a_way_out(self):
        with pytest.raises(ValueError, match="responding leads nowhere"):
            check_graph({**MOVES, S.RESPONDING: ()})


class TestPermissions:
    def test_every_role_has_its_line(self):
        assert set(GRANTS) == set(Role)

    def test_every_permission_is_given_to_somebody(self):
        assert frozenset().union(*GRANTS.values()) == set(Permission)

    @pytest.mark.parametrize("role", [Role.ELECTED_TENANT, Role.PEER, Role.AMBASSADOR])
    def test_outsiders_see_no_personal_data(self, role):
        assert not may([role], Permission.SEE_PERSONAL_DATA)
        assert not may([role], Permission.SEE_ROOM)

    @pytest.mark.parametrize(
        ("role", "permission"),
        [
            (Role.MONITOR, Permission.APPROVE),
            (Role.MONITOR, Permission.OVERRIDE_LEVEL),
            (Role.DRAFTER, Permission.APPROVE),
            (Role.APPROVER, Permission.WRITE_DRAFT),
            (Role.FIELD_STAFF, Permission.SEE_ALERTS),
            (Role.PARTNER, Permission.EXPORT),
            (Role.ADMINISTRATOR, Permission.OVERRIDE_LEVEL),
        ],
    )
    def test_are_kept_apart(self, role, permission):
        assert not may([role], permission)

    def test_any_role_is_enough(self):
        assert may([Role.PEER, Role.LEAD], Permission.OVERRIDE_LEVEL)
        assert not may([], Permission.SEE_ROOM)

    def test_a_partner_role_ends(self):
        """R-02."""
        held = [Holding(role=Role.PARTNER, expires_at=NOW)]

        assert current(held, NOW - timedelta(seconds=1)) == {Role.PARTNER}
        assert current(held, NOW) == frozenset()

    def test_a_partner_without_an_end_holds_nothing(self):
        assert current([Holding(role=Role.PARTNER)], NOW) == frozenset()
        assert current([Holding(role=Role.MONITOR)], NOW) == {Role.MONITOR}
