"""What people and their programs bring: files dropped, calls signed, screenshots kept."""

import hashlib
import json
import os
import time
from datetime import timedelta
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.listen.sources.worlds import Said
from tests.listen.sources.worlds.webhook import SECRET, record
from tests.web.listen.test_sources import collect_until

from quivive.cli.import_command import read_by
from quivive.listen.records import Deletion
from quivive.listen.sources.webhook import call_of
from quivive.listen.sourcing import Brought
from quivive.web.listen import models, queries, source_queries
from quivive.web.listen.services import save_source
from quivive.web.listen.services.handed import hand_over
from quivive.web.listen.worker import forget_posts
from quivive.web.people.models import AuditLine, Person
from quivive.web.room.sources import heard_since
from quivive.web.room.worker import Engine
from quivive.wire.folders import dropped
from quivive.wire.reading import read_posts

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
TABLE = "Reçu le;Objet;Appelant\n02/03/2026 09:12;L'eau est coupée;A. Martin\n"


@pytest.fixture
def topic(organisation):
    return models.Topic.objects.create(
        slug="eau", name="Eau", query="eau", created_at=timezone.now()
    )


@cache
def engine():
    return Engine(holder="e")


def read_files():
    waiting = models.Import.objects.filter(state__in=["queued", "running"])
    while waiting.exists():
        engine().step(now=timezone.now())


def add(emma, kind, **values):
    number = save_source(name=kind, kind=kind, values=values, person=emma, now=timezone.now())
    return models.Source.objects.get(pk=number)


@pytest.mark.django_db(transaction=True)
class TestAWatchedFolder:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch, settings):
        monkeypatch.setenv("QUIVIVE_DATA", str(tmp_path))
        settings.DATA = tmp_path
        return dropped("calls")

    def drop(self, folder, name, text):
        path = folder / name
        path.write_text(text)
        os.utime(path, (time.time() - 60,) * 2)

    def look(self):
        """Look once, read what was handed over, look again."""
        before = models.Import.objects.count()
        asked = timezone.now()
        models.Source.objects.update(wake_at=None)
        source = models.Source.objects.get()
        collect_until(lambda: self.looked(source.pk, asked))
        read_files()
        return models.Import.objects.count() - before

    def looked(self, number, asked):
        return models.Source.objects.filter(pk=number, last_run_at__gt=asked).exists()

    def test_imports_each_file_once_and_puts_it_away(self, topic, emma, folder):
        add(emma, "folder", folder="calls")
        self.drop(folder, "a.ndjson", json.dumps(record(Said("1", "L'eau est coupée"))) + "\n")
        self.drop(folder, "b.ndjson", "no post at all\n")

        assert self.look() == 2
        self.look()

        assert [post.content for post in models.Post.objects.all()] == ["L'eau est coupée"]
        assert models.Post.objects.get().document["post"]["brought"] == "folder"
        assert [path.name for path in (folder / "done").iterdir()] == ["a.ndjson"]
        aside = sorted(path.name for path in (folder / "quarantine").iterdir())
        assert aside == ["b.ndjson", "b.ndjson.why.txt"]

        self.drop(folder, "again.ndjson", (folder / "done" / "a.ndjson").read_text())
        assert self.look() == 0
        assert not list(folder.glob("*.ndjson"))

    def test_reads_tables_by_the_mapping_somebody_saved(self, topic, emma, folder):
        models.SavedMapping.objects.create(
            name="calls",
            mapping={
                "columns": {
                    "published": "Reçu le",
                    "content": "Objet",
                    "attributed_to.name": "Appelant",
                },
                "network": "phone",
                "zone": "Europe/Paris",
            },
        )
        add(emma, "folder", folder="calls", mapping="calls")
        self.drop(folder, "mon.csv", TABLE)
        self.look()
        self.drop(folder, "tue.csv", TABLE + "03/03/2026 08:00;Toujours pas d'eau;B. Petit\n")
        self.look()

        posts = models.Post.objects.order_by("published")
        assert [(post.network, post.author.name) for post in posts] == [
            ("phone", "A. Martin"),
            ("phone", "B. Petit"),
        ]

    def test_says_when_there_is_no_such_mapping(self, topic, emma, folder):
        source = add(emma, "folder", folder="calls", mapping="nights")
        self.drop(folder, "mon.csv", TABLE)

        assert self.look() == 0

        source.refresh_from_db()
        assert "no saved mapping" in source.trouble["what"]["text"]
        assert (folder / "mon.csv").exists()


@pytest.mark.django_db
class TestATableThatComesEachNight:
    def test_is_read_by_the_saved_mapping_that_fits_it(
        self, browse, ana, topic, settings, tmp_path
    ):
        settings.DATA = tmp_path
        saved = {"published": "Reçu le", "content": "Appelant"}  # nobody would guess it
        models.SavedMapping.objects.create(name="calls", mapping={"columns": saved})
        other = {"published": "Reçu le", "content": "Nowhere"}
        models.SavedMapping.objects.create(name="other", mapping={"columns": other})
        table = SimpleUploadedFile("tonight.csv", TABLE.encode(), "text/csv")

        browse(ana).post("/listen/imports/", {"files": table})

        look = queries.look_at_import(models.Import.objects.get().pk, saved=None)
        assert look.mapping.columns == saved


@pytest.mark.django_db
class TestATableNobodyCouldGuess:
    TABLE = (
        "quand,fini,mots\n"
        "02/03/2026 09:12,03/03/2026 09:12,L'eau est coupée <b>ici</b>\n"
        "hier,04/03/2026 09:12,Toujours rien\n"
    )

    @pytest.fixture
    def address(self, browse, ana, topic, settings, tmp_path):
        settings.DATA = tmp_path
        table = SimpleUploadedFile("a.csv", self.TABLE.encode(), "text/csv")
        browse(ana).post("/listen/imports/", {"files": table})
        return f"/listen/imports/{models.Import.objects.get().pk}/preview/"

    def choice(self, **columns: str) -> dict[str, str]:
        chosen = {f"column:{field}": name for field, name in columns.items()}
        return {"network": "phone", "zone": "Europe/Paris", **chosen}

    def test_shows_its_first_lines_and_asks_which_column_is_which(self, browse, ana, address):
        page = browse(ana).get(address).content.decode()

        assert "No column is surely that of the dates, among: quand, fini, mots." in page
        assert '<option value="mots">' in page
        assert "<td>L&#x27;eau est coupée &lt;b&gt;ici&lt;/b&gt;</td>" in page

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [("", "file"), ("LinkedIn", "linkedin"), ("presse", "press"), ("Le forum", "Le forum")],
    )
    def test_asks_for_its_network_by_name_and_shows_no_word_of_ours(
        self, browse, ana, address, typed, stored
    ):
        Person.objects.filter(pk=ana.pk).update(language="fr")
        page = browse(ana).get(address).content.decode()
        assert 'value="file"' not in page

        asked = self.choice(content="mots", published="quand") | {"network": typed}
        browse(ana).post(address, asked)
        assert models.Import.objects.get().mapping.get("network", "file") == stored

    def test_is_looked_at_again_as_chosen_before_anything_is_read(self, browse, ana, address):
        asked = self.choice(content="mots", published="quand") | {"again": "1"}

        page = browse(ana).post(address, asked).content.decode()

        assert '<p class="words" dir="auto">L&#x27;eau est coupée' in page
        assert "1 of the first lines cannot be read" in page
        assert models.Import.objects.get().state == "draft"

    def test_is_not_read_without_its_date(self, browse, ana, address):
        page = browse(ana).post(address, self.choice(content="mots")).content.decode()

        assert "Choose the column of the date." in page
        assert models.Import.objects.get().state == "draft"

    def test_is_read_as_chosen(self, browse, ana, address, topic):
        browse(ana).post(address, self.choice(content="mots", published="quand"))

        row = models.Import.objects.get()
        assert (row.state, row.format) == ("queued", "csv")
        assert row.mapping["columns"] == {"content": "mots", "published": "quand"}


@pytest.mark.django_db
class TestAFileThatWasRead:
    def shown(self, browse, ana, **counts):
        row = models.Import.objects.create(
            name="a.csv", path="a.csv", state="done", created_at=timezone.now(), **counts
        )
        return browse(ana).get(f"/listen/imports/{row.pk}/").text

    def test_leads_on_to_what_was_found_in_it(self, browse, ana, topic):
        page = self.shown(browse, ana, posts=9, matched=2)

        assert "What was found in them" in page
        assert "none was kept" not in page

    def test_says_that_nothing_was_kept_and_what_to_do(self, browse, ana, topic):
        assert "none was kept" in self.shown(browse, ana, posts=9, matched=0)

    def test_again_does_not_say_that_nothing_was_kept(self, browse, ana, topic):
        assert "none was kept" not in self.shown(browse, ana, posts=9, matched=0, known=4)


@pytest.mark.django_db
class TestAnOfficesOwnTable:
    TABLE = "Reçu le,Demande\n02/03/2026 09:12,L'eau est coupée ici\n"

    @pytest.fixture
    def page(self, browse, ana, topic, settings, tmp_path) -> str:
        settings.DATA = tmp_path
        table = SimpleUploadedFile("a.csv", self.TABLE.encode(), "text/csv")
        browse(ana).post("/listen/imports/", {"files": table})
        address = f"/listen/imports/{models.Import.objects.get().pk}/preview/"
        return browse(ana).get(address).content.decode()

    def test_has_the_dates_of_the_reader_s_clock(self, page):
        assert 'value="Europe/Paris"' in page
        assert 'datetime="2026-03-02T08:12:00+00:00"' in page

    def test_keeps_dates_in_utc_whose_column_says_so(self, browse, ana, settings, tmp_path):
        settings.DATA = tmp_path
        table = self.TABLE.replace("Reçu le", "Created (UTC)")
        file = SimpleUploadedFile("b.csv", table.encode(), "text/csv")
        browse(ana).post("/listen/imports/", {"files": file})

        page = browse(ana).get(f"/listen/imports/{models.Import.objects.get().pk}/preview/")

        assert 'datetime="2026-03-02T09:12:00+00:00"' in page.content.decode()

    def test_says_that_it_names_no_author(self, page):
        assert "author not told" in page

    @pytest.mark.parametrize(
        ("told", "hour"), [(None, "11:00"), ("Indian/Reunion", "08:00"), ("UTC", "12:00")]
    )
    def test_brought_on_the_command_line_has_the_dates_of_the_organisation_s_clock(
        self, organisation, tmp_path, told, hour
    ):
        file = tmp_path / "calls.csv"
        file.write_text("date,auteur,texte\n2026-01-01 12:00,Awa,Bonjour\n", "utf-8")

        named, mapping = read_by(file, "auto", None, told)

        (batch,) = read_posts(file, format=named, mapping=mapping)
        assert f"{batch.posts[0].published:%H:%M}" == hour

    def test_of_tweets_is_in_utc_whatever_the_clock(self, organisation, tmp_path):
        file = tmp_path / "tweets.csv"
        file.write_text(
            "id,created_at,text,author_id\n"
            + "".join(f"14778{n:014},2022-01-02 12:00:00,Bonjour {n},7\n" for n in range(5)),
            "utf-8",
        )

        assert read_by(file, "auto", None, None) == ("auto", None)

    def test_dropped_in_a_folder_has_the_dates_of_the_organisation_s_clock(self, organisation):
        source = models.Source.objects.create(name="F", kind="folder")
        table = b"date,auteur,texte\n2026-01-01 12:00,Awa,Bonjour\n"

        hand_over([Brought(name="calls.csv", body=table)], source_id=source.pk, now=timezone.now())

        assert models.Import.objects.get().mapping["zone"] == "Europe/Paris"


@pytest.mark.django_db
class TestASignedCall:
    @pytest.fixture
    def source(self, topic, emma):
        return add(emma, "webhook", secret=SECRET)

    def call(self, browse, source, body, *, secret=SECRET, at=None, **more):
        signed = call_of(secret, body, now=at or timezone.now())
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": v for name, v in signed.headers.items()
        }
        return browse().post(
            f"/listen/calls/{source.pk}/", body, content_type="application/json", **headers, **more
        )

    def body(self, *texts):
        return json.dumps([record(Said(str(at), text)) for at, text in enumerate(texts)]).encode()

    def test_brings_posts_the_way_of_all_others(self, browse, source):
        answer = self.call(browse, source, self.body("L'eau est coupée", "Beau temps"))

        assert (answer.status_code, answer.json()["received"]) == (200, 2)
        assert answer.json()["speak_of_a_topic"] == 1
        [post] = heard_since(now=timezone.now()).posts
        assert (post.content, post.network, post.brought) == (
            "L'eau est coupée",
            "phone",
            "webhook",
        )
        source.refresh_from_db()
        assert source.last_post_at is not None

    @pytest.mark.parametrize(("body", "status"), [(b"", 422), (b" \n", 422), (b"[]", 200)])
    def test_may_say_that_nothing_is_new_but_not_say_nothing(self, browse, source, body, status):
        assert self.call(browse, source, body).status_code == status

    def test_is_refused_with_another_secret(self, browse, source):
        answer = self.call(browse, source, self.body("eau"), secret="another-secret-altogether")

        assert answer.status_code == 401
        assert not models.Arrival.objects.exists()

    def test_of_a_stranger_does_not_learn_which_sources_there_are(self, browse, source):
        guessed = self.call(browse, source, self.body("eau"), secret="another-secret-altogether")
        source.pk += 1
        nobody = self.call(browse, source, self.body("eau"), secret="another-secret-altogether")

        assert (guessed.status_code, guessed.content) == (nobody.status_code, nobody.content)

    def test_is_refused_when_its_words_were_changed_on_the_way(self, browse, source):
        signed = call_of(SECRET, self.body("eau"), now=timezone.now())
        headers = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in signed.headers.items()}

        answer = browse().post(
            f"/listen/calls/{source.pk}/",
            self.body("feu"),
            content_type="application/json",
            **headers,
        )

        assert answer.status_code == 401

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_is_refused_when_it_is_old_or_of_the_future(self, browse, source, minutes):
        at = timezone.now() + timedelta(minutes=minutes)

        assert self.call(browse, source, self.body("eau"), at=at).status_code == 401

    def test_is_taken_once(self, browse, source):
        at = timezone.now()
        first = self.call(browse, source, self.body("eau"), at=at)
        again = self.call(browse, source, self.body("eau"), at=at)

        assert (first.status_code, again.status_code) == (200, 409)
        assert models.Arrival.objects.count() == 1

    def test_tells_of_each_post_that_cannot_be_read(self, browse, source):
        bad = {**record(Said("2", "eau")), "likes": "many"}
        body = json.dumps([record(Said("1", "eau")), bad]).encode()

        answer = self.call(browse, source, body)

        assert (answer.status_code, answer.json()["unreadable"]) == (200, 1)
        assert answer.json()["errors"][0]["field"] == "likes"
        assert models.Arrival.objects.count() == 1

    @pytest.mark.parametrize("body", [b"", b"{", b'"eau"', b"[1]", b"\xff", b"[" * 5000])
    def test_that_holds_no_post_is_told_so(self, browse, source, body):
        answer = self.call(browse, source, body)

        assert answer.status_code in {200, 422}
        assert not models.Arrival.objects.exists()

    def test_is_never_larger_than_agreed(self, browse, source):
        assert self.call(browse, source, b" " * 2_000_001).status_code == 413

    def test_is_never_more_frequent_than_agreed(self, browse, source, monkeypatch):
        monkeypatch.setattr("quivive.web.listen.services.calls.A_MINUTE", 2)
        answers = [self.call(browse, source, self.body(f"eau {at}")) for at in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]

    def test_is_not_silenced_by_strangers_who_guess(self, browse, source, monkeypatch):
        monkeypatch.setattr("quivive.web.listen.services.calls.A_MINUTE", 2)
        guesses = [
            self.call(browse, source, self.body("eau"), secret="one-secret-after-another")
            for _ in range(4)
        ]

        assert {answer.status_code for answer in guesses} == {401}
        assert self.call(browse, source, self.body("eau")).status_code == 200

    def test_says_which_posts_have_no_date_that_can_be_read(self, browse, source):
        body = json.dumps([{**record(Said("1", "L'eau est coupée")), "published": "hier"}]).encode()

        answer = self.call(browse, source, body).json()

        assert answer["received"] == 1
        assert "1 post has no date" in answer["notes"][0]

    def test_is_refused_while_the_source_is_paused(self, browse, source):
        models.Source.objects.update(stopped_at=timezone.now())

        assert self.call(browse, source, self.body("eau")).status_code == 401

    def test_is_shown_with_an_example_and_without_the_secret(self, browse, emma, source):
        page = browse(emma).get(f"/listen/sources/{source.pk}/").content.decode()

        assert f"/listen/calls/{source.pk}/" in page
        assert SECRET not in page

    def test_can_be_tried(self, browse, emma, topic):
        answer = browse(emma).post("/listen/sources/webhook/try/", {"name": "W", "secret": SECRET})

        assert "out of order again" in answer.content.decode()
        assert not models.Arrival.objects.exists()

    def test_shows_where_to_send_to_once_it_is_saved(self, browse, emma):
        said = {"name": "W", "secret": SECRET}
        answer = browse(emma).post("/listen/sources/new/webhook/", said, follow=True)

        assert "/listen/calls/" in answer.content.decode()

    def test_needs_a_secret_nobody_guesses(self, browse, emma):
        answer = browse(emma).post("/listen/sources/new/webhook/", {"name": "W", "secret": "eau"})

        assert answer.status_code == 422
        assert "at least 24 characters (it has 3)" in answer.content.decode()
        assert not source_queries.name_taken("W", but=None)


@pytest.mark.django_db
class TestAScreenshot:
    def bring(self, browser, body=PNG, words="L'eau est coupée"):
        picture = SimpleUploadedFile("seen.png", body, "image/png")
        return browser.post("/listen/saw/", {"words": words, "screenshot": picture})

    @pytest.fixture(autouse=True)
    def _files(self, monkeypatch, tmp_path):
        monkeypatch.setenv("QUIVIVE_DATA", str(tmp_path))

    def test_is_kept_as_it_came_with_its_fingerprint(self, browse, ana, topic):
        assert self.bring(browse(ana)).status_code == 302

        digest = hashlib.sha256(PNG).hexdigest()
        [post] = heard_since(now=timezone.now()).posts
        assert post.media == (f"urn:sha256:{digest}",)
        shown = browse(ana).get(f"/listen/saw/{digest}.picture")
        assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")
        assert digest in str(AuditLine.objects.get(action="post.bring").detail)

    def test_that_was_changed_since_is_not_shown(self, browse, ana, topic, tmp_path):
        self.bring(browse(ana))
        digest = hashlib.sha256(PNG).hexdigest()
        (tmp_path / "screenshots" / digest).write_bytes(PNG + b"!")

        assert browse(ana).get(f"/listen/saw/{digest}.picture").status_code == 409

    def test_is_not_kept_when_its_words_speak_of_no_topic(self, browse, ana, topic, tmp_path):
        self.bring(browse(ana), words="Beau temps")

        assert not models.Screenshot.objects.exists()
        assert not list(tmp_path.rglob("*"))

    @pytest.mark.parametrize(
        "body", [b"<svg onload=alert(1)>", b"GIF89a", b"%PDF-1.7", PNG + bytes(8_000_000)]
    )
    def test_is_refused_when_it_is_no_picture_we_can_keep(self, browse, ana, topic, body):
        answer = self.bring(browse(ana), body=body)

        assert answer.status_code == 422
        assert not models.Arrival.objects.exists()

    def test_goes_with_the_post_it_shows(
        self, browse, ana, topic, tmp_path, django_capture_on_commit_callbacks
    ):
        self.bring(browse(ana))
        uid = models.Screenshot.objects.get().post_uid
        assert list((tmp_path / "screenshots").iterdir())

        with django_capture_on_commit_callbacks(execute=True):
            forget_posts([Deletion(id=uid)], now=timezone.now())

        assert not models.Screenshot.objects.exists()
        assert not list((tmp_path / "screenshots").iterdir())

    def test_is_for_people_of_the_room(self, browse, dan, ana, topic):
        self.bring(browse(ana))

        digest = hashlib.sha256(PNG).hexdigest()
        assert browse(dan).get(f"/listen/saw/{digest}.picture").status_code == 403
