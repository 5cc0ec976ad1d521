"""Evidence stays when posts go, shows when it was changed, and can be checked without the room."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quivive.listen import evidence
from quivive.listen.pictures import picture_of
from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import BadFile, NotAllowed
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.web.listen import evidence_queries, services
from quivive.web.listen.models import Capture, Topic
from quivive.web.listen.models import Post as Row
from quivive.web.listen.worker import forget_posts, store_matches
from quivive.web.people.models import AuditLine
from quivive.wire.timestamps import time_of

pytestmark = pytest.mark.django_db
PICTURE = picture_of(b"\x89PNG\r\n\x1a\n" + bytes(40))


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def post(organisation):
    now = timezone.now()
    Topic.objects.create(slug="heat", name="Heating", query="x", created_at=now)
    said = Post(
        id="https://m.example/1",
        network="micro",
        published=now - timedelta(minutes=5),
        attributed_to=Account(id="u", handle="awa", name="Awa"),
        content="=menace <script>",
    )
    store_matches([Match(post=said, topics=("heat",))], now=now)
    return Row.objects.get().pk


@pytest.fixture
def capture(post, ana, now):
    (kept,) = services.capture_posts(
        posts=[post], reason="threat", person=ana, now=now, picture=PICTURE
    )
    return kept


def bundle(*ids: int) -> dict[str, bytes]:
    file = io.BytesIO()
    evidence_queries.write_bundle(file, ids, made_at=timezone.now(), made_by="Ana")
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def broken(files: dict[str, bytes]) -> list[str]:
    return [one.what.text for one in evidence.check(files, time_of) if not one.holds]


class TestKeeping:
    def test_keeps_what_was_known_with_a_hash_in_the_audit_log(self, capture):
        line = AuditLine.objects.get(action="evidence.capture")

        assert json.loads(capture.record)["post"]["content"] == "=menace <script>"
        assert line.detail["sha256"] == capture.sha256
        assert evidence.fingerprint(capture.record.encode()) == capture.sha256

    def test_outlives_the_post(self, capture, now):
        forget_posts([Deletion(id="https://m.example/1", deleted_at=now)], now=now)
        Row.objects.all().delete()

        capture.refresh_from_db()
        assert "menace" in capture.record

    def test_needs_a_reason_and_a_post_that_is_there(self, post, ana, now):
        with pytest.raises(NotAllowed):
            services.capture_posts(posts=[post], reason=" ", person=ana, now=now)
        forget_posts([Deletion(id="https://m.example/1", deleted_at=now)], now=now)
        with pytest.raises(NotAllowed):
            services.capture_posts(posts=[post], reason="threat", person=ana, now=now)

    def test_may_be_forgotten_but_for_its_hash(self, capture, ana, now):
        services.empty_capture(capture_id=capture.pk, reason="asked", person=ana, now=now)

        capture.refresh_from_db()
        assert (capture.record, bool(capture.sha256)) == ("", True)
        assert bundle(capture.pk)["manifest.json"].count(b"sha256") == 0


class TestABundle:
    def test_holds_as_it_was_made(self, capture):
        files = bundle(capture.pk)

        assert broken(files) == []
        assert {name.split("/")[0] for name in files} == {
            "records", "pictures", "manifest.json", "README.txt",
        }  # fmt: skip
        assert len(evidence.check(files, time_of)) == 3

    def test_shows_a_changed_record(self, capture):
        files = bundle(capture.pk)
        name = f"records/{capture.sha256}.json"
        files[name] = files[name].replace(b"menace", b"promesse")

        assert broken(files) == ["The record is missing, or was changed."]

    def test_shows_a_changed_record_whose_hash_was_changed_with_it(self, capture):
        files = bundle(capture.pk)
        name = f"records/{capture.sha256}.json"
        files[name] = files[name].replace(b"menace", b"promesse")
        manifest = json.loads(files["manifest.json"])
        manifest["entries"][0]["sha256"] = evidence.fingerprint(files[name])
        files["manifest.json"] = json.dumps(manifest).encode()

        assert broken(files) == ["The line of the audit log does not fit the record."]

    def test_shows_a_forged_line_of_the_log(self, capture):
        files = bundle(capture.pk)
        manifest = json.loads(files["manifest.json"])
        manifest["entries"][0]["audit"]["detail"]["reason"] = "joke"
        files["manifest.json"] = json.dumps(manifest).encode()

        assert len(broken(files)) == 1

    def test_shows_a_lost_picture(self, capture):
        files = {name: body for name, body in bundle(capture.pk).items() if "pictures" not in name}

        assert broken(files) == ["A picture the record names is missing, or was changed."]

    @pytest.mark.parametrize("files", [{}, {"manifest.json": b"no"}, {"manifest.json": b"{}"}])
    def test_is_refused_when_it_is_none(self, files):
        with pytest.raises(BadFile):
            evidence.check(files, time_of)


@pytest.mark.enable_socket
class TestATimeConfirmedOutside:
    @pytest.fixture(autouse=True)
    def _authority(self, time_authority, settings, monkeypatch):
        settings.TIMESTAMP_URL = time_authority.url
        monkeypatch.setenv("QUIVIVE_ALLOW_LOCAL_TARGETS", "1")

    def test_is_asked_for_once_and_travels_in_the_bundle(self, capture, time_authority, tmp_path):
        now = timezone.now()

        assert [services.stamp_due(now=now), services.stamp_due(now=now)] == [1, 0]

        files = bundle(capture.pk)
        assert broken(files) == []
        assert len(evidence.check(files, time_of)) == 4
        record, stamp = tmp_path / "r", tmp_path / "s"
        record.write_bytes(files[f"records/{capture.sha256}.json"])
        stamp.write_bytes(files[f"stamps/{capture.sha256}.tsr"])
        done = subprocess.run(
            [time_authority.openssl, "ts", "-verify", "-data", record, "-in", stamp,
             "-CAfile", time_authority.root],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Verification: OK" in done.stdout + done.stderr

    @pytest.mark.parametrize("time_authority", [True], indirect=True)
    def test_comes_from_an_authority_that_sends_its_certificates_out_of_order(self, capture):
        assert services.stamp_due(now=timezone.now()) == 1
        assert broken(bundle(capture.pk)) == []

    def test_is_tried_again_when_it_does_not_come(self, capture, time_authority):
        time_authority.refuses = b"no timestamp"
        now = timezone.now()

        assert services.stamp_due(now=now) == 0
        assert Capture.objects.get().trouble["what"]["text"] == "This is no timestamp."
        time_authority.refuses = None
        assert services.stamp_due(now=now + timedelta(minutes=1)) == 0
        assert services.stamp_due(now=now + timedelta(minutes=10)) == 1

    def test_is_not_asked_of_the_room_s_own_network_unless_allowed(self, capture, monkeypatch):
        monkeypatch.delenv("QUIVIVE_ALLOW_LOCAL_TARGETS")

        assert services.stamp_due(now=timezone.now()) == 0
        assert Capture.objects.get().stamp is None


class TestTheCommand:
    def run(self, path: Path, *more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "quivive", "verify", str(path), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_checks_a_bundle_without_the_room(self, capture, tmp_path):
        path = tmp_path / "evidence.zip"
        with path.open("wb") as file:
            evidence_queries.write_bundle(file, [capture.pk], made_at=timezone.now(), made_by="Ana")

        whole = self.run(path, "--json")
        path.write_bytes(path.read_bytes()[:-200])
        cut = self.run(path)

        assert whole.returncode == 0, whole.stderr
        assert all(json.loads(line)["holds"] for line in whole.stdout.splitlines())
        assert cut.returncode == 3


class TestThePages:
    def test_keep_show_and_give_away(self, post, ana, browse):
        browser = browse(ana)

        page = browser.post(
            "/listen/evidence/keep/", {"posts": [post], "proof": "threat"}, follow=True
        ).content.decode()

        assert "=menace &lt;script&gt;" in page
        assert "The record is as it was captured." in page
        assert "threat" in browser.get("/listen/evidence/").content.decode()
        answer = browser.post("/listen/evidence/bundle/", {"captures": Capture.objects.get().pk})
        assert b"".join(answer.streaming_content).startswith(b"PK")
        assert answer["Content-Type"] == "application/zip"
        assert AuditLine.objects.filter(action="evidence.bundle").exists()

    def test_show_a_post_whose_author_has_no_name(self, capture, ana, browse):
        record = json.loads(capture.record)
        record["post"]["attributed_to"] = {"id": "desk:7"}
        Capture.objects.update(record=json.dumps(record))

        page = browse(ana).get(f"/listen/evidence/{capture.pk}/").content.decode()

        assert "<bdi>desk:7</bdi>" in page

    def test_show_what_was_made_unreadable(self, capture, ana, browse):
        Capture.objects.update(record='{"pictures":[],"post":{"content":7}}')

        page = browse(ana).get(f"/listen/evidence/{capture.pk}/")

        assert page.status_code == 200

    def test_take_a_picture_of_the_page_where_it_is_wanted(
        self, post, ana, browse, settings, monkeypatch
    ):
        looked = []

        def picture(url, **_more):
            looked.append(url)
            return PICTURE.body

        monkeypatch.setattr("quivive.web.listen.services.evidence.picture_of_page", picture)
        asked = {"posts": [post], "proof": "threat", "page": "on"}
        browse(ana).post("/listen/evidence/keep/", asked)
        settings.PAGE_CAPTURE = sys.executable
        browse(ana).post("/listen/evidence/keep/", asked)

        taken, untaken = Capture.objects.all()
        assert looked == ["https://m.example/1"]
        assert json.loads(taken.record)["pictures"] == [PICTURE.sha256]
        assert json.loads(untaken.record)["pictures"] == []
        assert evidence.fingerprint(bundle(taken.pk)[f"pictures/{PICTURE.sha256}.png"])

    def test_keep_without_a_picture_and_say_why_where_no_browser_is(
        self, post, ana, browse, settings
    ):
        settings.PAGE_CAPTURE = "/nowhere/browser"
        asked = {"posts": [post], "proof": "threat", "page": "on"}
        browser = browse(ana)

        page = browser.post("/listen/evidence/keep/", asked, follow=True).content.decode()

        assert "no picture of the page was taken" in page
        assert Capture.objects.exists()
        assert "No browser was found" in browser.get("/listen/evidence/").content.decode()

    def test_say_what_is_wrong(self, post, ana, browse):
        page = browse(ana).post("/listen/evidence/keep/", {"posts": [post]}, follow=True)

        assert b"Keeping evidence needs a reason." in page.content

    def test_are_for_those_who_may(self, capture, make_person, browse, ana):
        reader, lawyer = make_person("Lou", Role.APPROVER), make_person("Max", Role.LEGAL)
        at = f"/listen/evidence/{capture.pk}/"

        assert browse(reader).get(at).status_code == 200
        for what in ("/listen/evidence/keep/", "/listen/evidence/bundle/", f"{at}empty/"):
            assert browse(reader).post(what).status_code == 403
        assert browse(ana).post(f"{at}empty/", {"reason": "x"}).status_code == 403
        browse(lawyer).post(f"{at}empty/", {"reason": "asked"})
        assert b"Forgotten" in browse(lawyer).get(at).content


class TestAPostOutsideTheInbox:
    def test_is_kept_from_a_page_of_its_own(self, post, browse, ana, settings):
        settings.PAGE_CAPTURE = "chromium"
        browser = browse(ana)

        page = browser.get(f"/listen/evidence/of/{post}/").content.decode()
        browser.post("/listen/evidence/keep/", {"posts": post, "proof": "Threat."})

        assert "as a stranger sees the page" in page
        assert Capture.objects.get().reason == "Threat."

    def test_is_not_offered_once_its_author_took_it_back(self, post, browse, ana):
        forget_posts([Deletion(id="https://m.example/1")], now=timezone.now())

        assert browse(ana).get(f"/listen/evidence/of/{post}/").status_code == 404
