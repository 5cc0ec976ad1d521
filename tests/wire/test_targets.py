"""What counts as inside, in every way an address can be written."""

import socket
import threading

import pytest

from quivive.wire.targets import InsideRefused, InsideTarget, check_target, is_inside, stay_outside

INSIDE = [
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "192.0.0.192", "224.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "no address",
]  # fmt: skip
OUTSIDE = ["9.9.9.9", "2606:4700::1111", "::ffff:9.9.9.9", "64:ff9b::909:909", "2002:909:909::1"]


class TestAnAddress:
    @pytest.mark.parametrize("address", INSIDE)
    def test_that_leads_inside_by_whatever_way_is_inside(self, address):
        assert is_inside(address)

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_of_the_public_internet_is_not(self, address):
        assert not is_inside(address)


@pytest.mark.enable_socket
class TestAName:
    @pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "017700000001", "[::1]"])
    def test_written_as_a_number_is_read_as_the_system_reads_it(self, host):
        with pytest.raises(InsideTarget):
            check_target(host)


@pytest.mark.enable_socket
class TestAThreadThatStaysOutside:
    def test_cannot_connect_inside_while_others_can(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            place = server.getsockname()

            with pytest.raises(InsideRefused), stay_outside():
                socket.create_connection(place, timeout=1)

            reached: list[socket.socket] = []
            other = threading.Thread(target=lambda: reached.append(socket.create_connection(place)))
            other.start()
            other.join()
            assert len(reached) == 1
            reached[0].close()
