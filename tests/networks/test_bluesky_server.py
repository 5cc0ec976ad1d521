"""Our collector at a real Bluesky server: written by the network's own SDK, read by us."""

import json
import random
import time

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    # The SDK's own habits are not ours to mend.
    pytest.mark.filterwarnings("ignore"),
]


class TestTheCollectorAtARealServer:
    def test_keeps_what_speaks_of_a_topic_and_nothing_else(self, room, town):
        room.listen()

        wanted = town.say("ana", "L’ascenseur du quai Sud est en panne")
        other = town.say("ben", "Beau temps sur le port")
        relayed = town.repost("cleo", wanted)

        room.wait_until(lambda: {wanted, relayed} <= room.stored().keys())
        assert other not in room.stored()
        assert room.ask("select count(*) from listen_arrival") == [(0,)]
        assert other not in json.dumps(room.ask("select * from listen_source"), default=str)

    def test_forgets_the_words_of_what_its_author_took_back(self, room, town):
        room.listen()
        said = town.say("ana", "Ascenseur : encore en panne, signé Ana")
        relayed = town.repost("ben", said)
        room.wait_until(lambda: {said, relayed} <= room.stored().keys())

        town.take_back("ana", said)

        room.wait_until(lambda: room.stored()[said] == "")
        assert "signé Ana" not in json.dumps(room.ask("select * from listen_post"), default=str)
        gone = room.ask("select uid from listen_post where deleted_at is not null")
        assert {uid for (uid,) in gone} == {said, relayed}

    def test_counts_what_people_do_with_it_once_though_cut_and_killed(self, room, town, wire):
        def counted():
            asked = "select document from listen_post where uid = ?"
            said = json.loads(room.ask(asked, wanted)[0][0])["post"]
            return [said.get(name) for name in ("likes", "reposts", "replies", "quotes")]

        room.listen()
        wanted = town.say("ana", "L’ascenseur est encore en panne")
        ref = town.ref("ana", wanted)
        other = town.ref("ana", town.say("ana", "Beau temps sur le port"))
        room.wait_until(lambda: wanted in room.stored())

        likes = {name: town.like(name, ref) for name in town.people}
        town.like("ben", other)
        wire.cut()
        town.repost("ben", wanted, ref=ref)
        room.kill("collector")
        town.say("ben", "Depuis quand ?", to=ref)
        town.say("cleo", "Regardez", quoting=ref)
        room.start("collector")
        room.wait_until(lambda: counted() == [3, 1, 1, 1])

        town.unlike("cleo", likes["cleo"])

        room.wait_until(lambda: counted() == [2, 1, 1, 1])

    def test_loses_and_doubles_nothing_when_cut_and_killed(self, room, town, wire):
        draw = random.Random()
        room.listen()
        said = []
        for number in range(40):
            name = draw.choice(list(town.people))
            said.append(town.say(name, f"L’ascenseur, message {number}"))
            match draw.randrange(8):
                case 0:
                    wire.cut()
                case 1:
                    room.kill("collector")
                    room.start("collector")
                case 2:
                    room.kill("engine")
                    room.start("engine")
            time.sleep(draw.uniform(0, 0.3))
        wire.cut()
        said.append(town.say("ana", "L’ascenseur, dernier message"))

        room.wait_until(lambda: set(said) <= room.stored().keys())
        matches = room.ask("select uid from listen_match join listen_post p on post_id = p.id")
        assert sorted(uid for (uid,) in matches if uid in said) == sorted(said)
        assert len(matches) == len(room.stored())
