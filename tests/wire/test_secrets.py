"""Secrets at rest."""

import pytest

from quivive.wire.secrets import Unreadable, decrypt, encrypt

ADDRESS = "mailto://équipe@valdorle.example"


class TestKeptSecret:
    def test_gives_back_what_it_was_given(self):
        assert decrypt(encrypt(ADDRESS, secret="new"), secrets=["new"]) == ADDRESS

    def test_shows_nothing_of_it(self):
        assert "valdorle" not in encrypt(ADDRESS, secret="new")

    def test_never_looks_the_same_twice(self):
        assert encrypt(ADDRESS, secret="new") != encrypt(ADDRESS, secret="new")

    def test_outlives_a_change_of_secret(self):
        kept = encrypt(ADDRESS, secret="old")

        assert decrypt(kept, secrets=["new", "old"]) == ADDRESS

    def test_needs_nothing_but_the_installation(self, monkeypatch):
        monkeypatch.setenv("QUIVIVE_SECRET_KEY", "old")
        kept = encrypt(ADDRESS)
        monkeypatch.setenv("QUIVIVE_SECRET_KEY", "new")
        monkeypatch.setenv("QUIVIVE_OLD_SECRET_KEYS", "old,older")

        assert decrypt(kept) == ADDRESS

    @pytest.mark.parametrize("part", ["version", "name", "token"])
    def test_refuses_what_was_changed(self, part):
        version, name, token = encrypt(ADDRESS, secret="new").split(":")
        parts = {"version": version, "name": name, "token": token}
        parts[part] = parts[part].swapcase()[::-1]

        with pytest.raises(Unreadable, match=r"secret\.key"):
            decrypt(":".join(parts.values()), secrets=["new"])

    def test_refuses_an_address_that_was_never_kept(self):
        with pytest.raises(Unreadable):
            decrypt(ADDRESS, secrets=["new"])
