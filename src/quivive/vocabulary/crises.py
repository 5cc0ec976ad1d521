"""The crisis a team works on: its states, roles and clock."""

from enum import StrEnum


class CrisisState(StrEnum):
    """Where a crisis stands."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    RESPONDING = "responding"
    VIGILANCE = "vigilance"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class Role(StrEnum):
    """Who may do what (crisis.md 1.6)."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    MONITOR = "monitor"
    FACT_OWNER = "fact-owner"
    DRAFTER = "drafter"
    APPROVER = "approver"
    SPOKESPERSON = "spokesperson"
    LEGAL = "legal"
    DIRECTOR = "director"
    FIELD_STAFF = "field-staff"
    AMBASSADOR = "ambassador"
    PARTNER = "partner"
    ELECTED_TENANT = "elected-tenant"
    PEER = "peer"
