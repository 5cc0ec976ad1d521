"""Where a room can be opened: what links and terminals say."""

import pytest

from quivive.wire import house


class TestTheAddressOfARoom:
    @pytest.mark.parametrize(
        ("host", "address"),
        [
            ("127.0.0.1", "http://localhost:8000"),
            ("192.168.1.12", "http://192.168.1.12:8000"),
            ("::1", "http://[::1]:8000"),
        ],
    )
    def test_is_the_one_it_listens_on(self, host, address):
        assert house.room_address(host, 8000) == address

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])
    def test_is_this_machines_own_when_it_listens_everywhere(self, host, monkeypatch):
        monkeypatch.setattr(house, "own_address", lambda: "192.168.1.12")

        assert house.room_address(host, 8000) == "http://192.168.1.12:8000"

    def test_is_local_on_a_machine_without_a_network(self, monkeypatch):
        monkeypatch.setattr(house, "own_address", lambda: None)

        assert house.room_address("0.0.0.0", 8000) == "http://localhost:8000"


class TestTheDataFolder:
    def test_is_made_for_nobody_else_to_look_into(self, tmp_path, monkeypatch):
        monkeypatch.setenv("QUIVIVE_DATA", str(tmp_path / "room"))

        assert house.data_folder().stat().st_mode & 0o077 == 0
