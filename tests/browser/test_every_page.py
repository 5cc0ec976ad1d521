"""Every page, found by itself: in both languages, on a phone and a desk, by day and by night."""

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from babel.messages import pofile
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import Page, expect, sync_playwright
from tests.browser import sample_rows
from tests.browser.room_server import RoomServer
from tests.browser.visitor import QUIET_CHROMIUM, Visitor, covered, cut, pictured, violations
from tests.needs import need

import quivive

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]),
    pytest.mark.slow(seconds=190),
]

ROWS = """
from django.core.files.base import ContentFile
from quivive.web.coordinate import services as work
from quivive.web.detect.models import Alert
from quivive.web.listen import services as listening
from quivive.web.listen.models import Import
from quivive.web.people.models import Person
person = Person.objects.get()
work.open_crisis(alert_id=Alert.objects.get().pk, title="", person=person, now=now)
table = "date,auteur,texte\\n2026-01-01 12:00,Awa,Bonjour\\n".encode()
for name in ("appels.csv", "export.csv"):
    listening.bring_file(name=name, content=ContentFile(table), person=person, now=now)
Import.objects.filter(name="export.csv").update(state="done")
from quivive.web.respond.models import Case
from quivive.web.respond.worker import take_in
take_in(now=now)
case = Case.objects.first()
proof = listening.capture_posts(posts=[case.post_id], reason="menace", person=person, now=now)[0]
feed = {"feeds": ("https://news.example/feed.xml",), "press": True, "every_min": 5}
source = listening.save_source(name="Le Quai", kind="feeds", values=feed, person=person, now=now)
from quivive.web.detect.worker import follow_claims
from quivive.web.detect.models import Claim
while follow_claims(now=now):
    pass
print(Claim.objects.first().pk, Import.objects.get(name="appels.csv").pk, end=" ")
print(Import.objects.get(name="export.csv").pk, source, case.pk, proof.pk, end=" ")
from quivive.web.people import place_services as places
told = {"name": "Les Érables", "town": "Villeurbanne", "department": "69", "agency": "Nord"}
place = places.save_place(**told, level="building", person=person, now=now)
table = "nom,ville\\nLes Tilleuls,Bron\\n,Bron\\n".encode()
row = places.bring_table(name="parc.csv", table=table, person=person, now=now)
print(place.pk, row.pk, end=" ")
from quivive.respond.rules import Action, Asks, Condition, Does
from quivive.web.respond import services as responding
asks, does = [Condition(Asks.QUERY, "agency:Nord")], [Action(Does.LABEL, "nord")]
kept = responding.save_rule(name="Nord", conditions=asks, actions=does, person=person, now=now)
from datetime import timedelta
from quivive.web.assess.models import Forecast, PostForecast
topic = Alert.objects.get().signal.topic
Forecast.objects.bulk_create(
    Forecast(topic=topic, made_at=made, hours=hours, due_at=made + timedelta(hours=hours),
             p10=800 * hours, p50=1200 * hours, p90=1900 * hours, came=came)
    for hours in (1, 3, 24)
    for ago in range(2, 14)
    for made in [now - timedelta(days=2, hours=ago)]
    for came in [None if hours == 24 and ago < 4 else 700 * hours if ago == 5 else 1300 * hours]
)
from quivive.web.listen.models import Post
PostForecast.objects.bulk_create(
    PostForecast(post=post, made_at=now, due_at=post.published + timedelta(days=7),
                 observed=seen, p10=1.2 * seen, p50=2 * seen, p90=5 * seen)
    for post, seen in zip(Post.objects.filter(matches__topic=topic, repost_of="")[:2], (6, 140))
)
print(kept.pk, case.post_id, end=" ")
from quivive.web.people import panel_services as panels
from quivive.web.people.models import PanelMember
from quivive.web.privacy import services as privacy
panel = panels.save_panel(name="Élus", role="elected", rings=True, person=person, now=now)
panels.save_member(panel_id=panel, network="x", handle="maire", person=person, now=now)
asked = {"right": "access", "who": "@awa", "received_on": now.date()}
privacy.note_request(**asked, person=person, now=now)
does = {"name": "Nuages", "does": "hébergement", "country": "France", "agreement": "C-1"}
privacy.save_processor(**does, signed_on=now.date(), person=person, now=now)
print(PanelMember.objects.get().pk)
"""
STREAMS = {"room:live"}
"""Answers that never end."""

SIGNED_OUT = ("account_login", "account_reset_password", "account_reset_password_done")
EMAIL = "camille@trois-ponts.example"
LEAVING = ("account_logout",)
NARROW_THIN = re.compile(r"[^\s\u202f\u00a0«:/][!?;»](?=\s|$)|(?<=\w) [:!?;»]|« ")
"""Marks that French sets apart by a space that does not break."""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=list(QUIET_CHROMIUM)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_room):
    made = RoomServer(new_room(tmp_path_factory.mktemp("room")))
    made.prepare("ringing")
    made_rows = made.do(ROWS).split()
    claim, draft, done, source, case, proof, place, table, rule, post, member = made_rows
    made.numbers = {
        "claim": claim,
        "import-preview": draft,
        "import": done,
        "source": source,
        "case": case,
        "proof": proof,
        "place": place,
        "place-table": table,
        "rule": rule,
        "post": post,
        "member": member,
    }
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def addresses(browser, server):
    """Names and addresses of all pages, found once by somebody who is signed in."""
    visitor = Visitor(browser, server.url, language="en")
    signs_in(visitor)
    says_it_is_still_her(visitor)
    found = list(pages(visitor, server))
    visitor.close()
    return found


@pytest.fixture
def visitor(browser, server, request):
    language, width, theme = request.param
    visitor = Visitor(browser, server.url, language=language, width=width, theme=theme)
    yield visitor
    visitor.close()


class TestEveryPage:
    @pytest.mark.parametrize(
        ("visitor", "then"),
        [(("fr", 360, "dark"), (1280, "light")), (("en", 1280, "dark"), (360, "light"))],
        ids=("french-phone-first", "english-desk-first"),
        indirect=["visitor"],
    )
    def test_is_whole_in_both_languages_at_every_width(self, visitor, then, addresses):
        faults: dict[str, list[str]] = {}
        turned = cycle([then, (visitor.width, visitor.theme)])

        def look(name: str, address: str) -> None:
            """Open a page, look, then look again as its window and the light change.

            The next page opens as this one was left: in the other language, in the other way.
            """
            visitor.go(address)
            seen = faults_of(visitor, name)
            visitor.turns(*next(turned))
            faults[name] = [*seen, *faults_of(visitor, name)]

        for name in SIGNED_OUT:
            look(name, reverse(name))
        signs_in(visitor)
        says_it_is_still_her(visitor)
        for name, address in addresses:
            look(name, address)

        assert told(faults) == ""
        assert len(addresses) >= 20


class TestMistakes:
    @pytest.mark.parametrize(
        "visitor", [("fr", 360, "light"), ("en", 1280, "light")], indirect=True
    )
    def test_are_told_kindly(self, visitor, tmp_path):
        page = visitor.page
        visitor.go(reverse("account_login"))
        visitor.labelled("E-mail address").fill(EMAIL)
        visitor.labelled("Password").fill("not this one")
        visitor.button("Sign in").click()
        expect(page.locator(".errorlist, [role=alert]").first).to_be_visible()
        faults = {"wrong password": faults_of(visitor, "wrong-password")}
        signs_in(visitor)
        for name, content in (("garbage.bin", bytes(range(256)) * 40), ("empty.csv", b"")):
            file = tmp_path / name
            file.write_bytes(content)
            visitor.go(reverse("listen:imports"))
            page.locator("#files").set_input_files(file)
            visitor.button("Look at the file").click()
            expect(page.get_by_role("alert").first).to_be_visible()
            faults[name] = faults_of(visitor, name)
        visitor.go(reverse("listen:topic-new"))
        visitor.labelled("Name").fill("Gaz")
        visitor.labelled("Query").fill("gaz AND (")
        visitor.button("Save").click()
        expect(page.locator(".errorlist").first).to_be_visible()
        visitor.complaints.clear()  # the browser notes the 422 of the answer
        faults["bad query"] = faults_of(visitor, "bad-query")
        visitor.go("/nowhere/")
        visitor.complaints.clear()
        faults["no such page"] = faults_of(visitor, "no-such-page")

        assert told(faults) == ""


def signs_in(visitor: Visitor) -> None:
    visitor.go(reverse("account_login"))
    visitor.labelled("E-mail address").fill(EMAIL)
    visitor.labelled("Password").fill(sample_rows.PASSWORD)
    visitor.button("Sign in").click()
    visitor.page.wait_for_url(f"{visitor.url}/")
    if visitor.page.locator(f"html[lang={visitor.language}]").count() == 0:
        visitor.page.locator("details[data-menu] > summary").click()
        visitor.page.locator(f"button[name=language][value={visitor.language}]").click()
    visitor.page.locator(f"html[lang={visitor.language}]").wait_for(state="attached")


def says_it_is_still_her(visitor: Visitor) -> None:
    """Pages that change how one signs in ask for the password once more."""
    visitor.go(f"{reverse('account_reauthenticate')}?next=/")
    visitor.labelled("Password").fill(sample_rows.PASSWORD)
    visitor.button("Confirm").click()
    visitor.page.wait_for_url(f"{visitor.url}/")


# --- which pages ----------------------------------------------------------------------------------
def pages(visitor: Visitor, server: RoomServer) -> Iterator[tuple[str, str]]:
    """Yield names and addresses of what answers a reader with a page."""
    for name, arguments in names(get_resolver()):
        if name in STREAMS or name.startswith("api:") or name in (*SIGNED_OUT, *LEAVING):
            continue
        try:
            address = reverse(name, kwargs=filled(name, arguments, server))
        except LookupError:
            continue
        answer = visitor.context.request.get(server.url + address, max_redirects=0)
        assert answer.status < 500, address
        if answer.status == 200 and "<html" in answer.text():
            yield name, address


def names(
    resolver: URLResolver, space: str = "", above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each name with the arguments its address takes."""
    for entry in resolver.url_patterns:
        taken = (*above, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            below = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, below, taken)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}", taken


def filled(name: str, arguments: tuple[str, ...], server: RoomServer) -> dict[str, str]:
    known = {"slug": "chauffage", "person_id": "1", "alert_id": "1", "crisis_id": "1"}
    known |= {"kind": "feeds", "source_id": server.numbers["source"]}
    known["capture_id"] = server.numbers["proof"]
    for argument in ("case", "place", "rule", "post", "member"):
        known[f"{argument}_id"] = server.numbers[argument]
    known["table_id"] = server.numbers["place-table"]
    known["import_id"] = server.numbers.get(name.rpartition(":")[2], "1")
    return {argument: known[argument] for argument in arguments}


# --- what may be wrong with one -------------------------------------------------------------------
def faults_of(visitor: Visitor, name: str) -> list[str]:
    page = visitor.page
    in_french = visitor.language == "fr"  # colours are one in both languages, by day and by night
    looked_at = [*violations(page, colours=in_french), *covered(page), *cut(page)]
    faults = [*looked_at, *visitor.complaints]
    visitor.complaints.clear()
    if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
        faults.append("scrolls sideways")
    if in_french:
        faults += [f"English: {line}" for line in lines_of(page) if line in ENGLISH]
        faults += [f"spacing: {line}" for line in lines_of(page) if NARROW_THIN.search(ours(line))]
    shown = f"{visitor.language}-{visitor.width}-{visitor.theme}"
    pictured(page, f"every-{name.replace(':', '-')}-{shown}", faults)
    return faults


def ours(line: str) -> str:
    """Leave out what a line quotes: people space their words as they like."""
    return re.sub(r"«[^»]*»", "", line)


def told(faults: dict[str, list[str]]) -> str:
    """Return one line for each fault, so that a failure shows all."""
    return "\n".join(f"{name}: {fault}" for name, found in faults.items() for fault in found)


def lines_of(page: Page) -> list[str]:
    """Return the lines of a page that the room says, not those people wrote."""
    read = """() => {
      const spoken = document.body.cloneNode(true);
      const written = "[lang], .words, .query, .raw, pre, code, textarea, script, style, .who";
      for (const part of spoken.querySelectorAll(written)) part.remove();
      const walker = document.createTreeWalker(spoken, NodeFilter.SHOW_TEXT);
      const lines = [];
      while (walker.nextNode()) lines.push(walker.currentNode.textContent.trim());
      return lines.filter(Boolean);
    }"""
    return page.evaluate(read)


def english_sentences() -> frozenset[str]:
    path = Path(quivive.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, locale="fr")
    single = [one for one in catalogue if one.id and isinstance(one.id, str)]
    return frozenset(one.id for one in single if one.string and one.string != one.id)


ENGLISH = english_sentences()
