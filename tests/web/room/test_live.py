"""Live updates: what a stream sends, and when."""

import asyncio

import pytest
from tests.processes import PATIENCE_S

from quivive.web.room import live
from quivive.web.waiting.queries import Note


class Rows:
    """Notes in memory, in place of the table; counts how often it is looked at."""

    MOST = 500

    def __init__(self):
        self.notes: list[Note] = []
        self.looks = 0

    def add(self, note_id: int, kind: str = "alert", subject: str = "x") -> None:
        self.notes.append(Note(id=note_id, kind=kind, subject=subject))

    def latest_change(self) -> int:
        return max((note.id for note in self.notes), default=0)

    def changes_after(self, after: int) -> list[Note]:
        self.looks += 1
        return sorted(note for note in self.notes if note.id > after)

    def still_kept(self, note_id: int) -> bool:
        return any(note.id == note_id for note in self.notes)


@pytest.fixture
def rows(monkeypatch):
    made = Rows()
    monkeypatch.setattr(live, "queries", made)
    monkeypatch.setattr(live, "LOOK_S", 0.01)
    return made


async def first(stream, count: int) -> list[bytes]:
    """Read ``count`` events, leaving the greeting and the heartbeats out."""
    found = []
    async for event in stream:
        if event.startswith(b"id:"):
            found.append(event)
        if len(found) == count:
            break
    await stream.aclose()
    return found


class TestAStream:
    def test_sends_what_happens_from_now_on(self, rows):
        async def run():
            rows.add(1)
            stream = live.stream(None, person=1, resumes=False)
            reading = asyncio.create_task(first(stream, 1))
            while not reading.done():  # a busy machine may begin to listen late
                rows.add(len(rows.notes) + 1, "crisis", "7")
                await asyncio.sleep(0.05)
            return await reading

        [event] = asyncio.run(asyncio.wait_for(run(), PATIENCE_S))

        assert event.endswith(b"\nevent: crisis\ndata: 7\n\n")

    def test_sends_what_was_missed_first_and_once(self, rows):
        async def run():
            for note_id in (1, 2, 3):
                rows.add(note_id)
            stream = live.stream(1, person=1, resumes=True)
            reading = asyncio.create_task(first(stream, 3))
            await asyncio.sleep(0.05)
            rows.add(4)
            return await asyncio.wait_for(reading, PATIENCE_S)

        events = asyncio.run(run())

        assert [event.split(b"\n")[0] for event in events] == [b"id: 2", b"id: 3", b"id: 4"]

    def test_asks_for_everything_when_what_was_missed_is_forgotten(self, rows):
        rows.add(900)

        [event] = asyncio.run(first(live.stream(5, person=1, resumes=True), 1))

        assert event == b"id: 900\nevent: reload\ndata: \n\n"

    def test_misses_no_note_that_became_visible_late(self, rows):
        async def run():
            rows.add(1)
            stream = live.stream(1, person=1, resumes=True)
            reading = asyncio.create_task(first(stream, 2))
            for late in (3, 2):
                looked = rows.looks
                while rows.looks < looked + 2:  # what was missed is told, and nothing else is new
                    await asyncio.sleep(0.01)
                rows.add(late)
            return await reading

        told = asyncio.run(asyncio.wait_for(run(), PATIENCE_S))

        assert [event[:5] for event in told] == [b"id: 3", b"id: 2"]

    def test_misses_no_note_that_became_visible_late_while_it_was_away(self, rows):
        async def run():
            rows.add(1)
            rows.add(3)
            stream = live.stream(1, person=1, resumes=True)
            reading = asyncio.create_task(first(stream, 2))
            looked = rows.looks
            while rows.looks < looked + 2:  # what was missed is told
                await asyncio.sleep(0.01)
            rows.add(2)
            return await reading

        told = asyncio.run(asyncio.wait_for(run(), PATIENCE_S))

        assert [event[:5] for event in told] == [b"id: 3", b"id: 2"]

    def test_shows_that_the_line_stands(self, rows, monkeypatch):
        monkeypatch.setattr(live, "HEARTBEAT_S", 0.02)

        async def run():
            stream = live.stream(None, person=1, resumes=False)
            events = [await anext(stream) for _ in range(2)]
            await stream.aclose()
            return events

        assert asyncio.run(run())[1].startswith(b":")

    def test_too_many_of_one_person_ends_at_once_and_takes_none_from_others(
        self, rows, monkeypatch
    ):
        monkeypatch.setattr(live, "MOST_OF_A_PERSON", 2)

        async def run():
            held = [live.stream(None, person=1, resumes=False) for _ in range(2)]
            for stream in held:
                await anext(stream)
            more = [event async for event in live.stream(None, person=1, resumes=False)]
            others = live.stream(None, person=2, resumes=False)
            greeting = await anext(others)
            await held.pop().aclose()
            again = live.stream(None, person=1, resumes=False)
            return more, greeting, await anext(again)

        more, greeting, again = asyncio.run(asyncio.wait_for(run(), PATIENCE_S))

        assert more == [live.CROWDED]
        assert greeting == again == b"retry: 2000\n\n"

    def test_of_a_partner_names_no_topic(self, rows):
        rows.add(1)
        rows.add(2, "lookout", "works-council")
        rows.add(3, "crisis", "7")

        told = asyncio.run(first(live.stream(1, person=1, resumes=True, outside=True), 2))

        assert told == [b"id: 2\nevent: lookout\ndata: \n\n", b"id: 3\nevent: crisis\ndata: 7\n\n"]

    def test_ends_when_the_server_stops(self, rows):
        async def run():
            stream = live.stream(None, person=1, resumes=False)
            await anext(stream)
            live.hub().close()
            return [event async for event in stream]

        assert asyncio.run(asyncio.wait_for(run(), PATIENCE_S)) == []


class TestManyStreams:
    def test_share_one_look_at_the_rows(self, rows):
        async def run():
            streams = [live.stream(None, person=reader, resumes=False) for reader in range(50)]
            await asyncio.gather(*(anext(stream) for stream in streams))  # greeted: it listens
            looks = rows.looks
            rows.add(1)
            told = await asyncio.gather(*(first(stream, 1) for stream in streams))
            return len([one for one in told if one]), rows.looks - looks

        told, looks = asyncio.run(asyncio.wait_for(run(), PATIENCE_S))

        assert told == 50
        assert looks <= 15
