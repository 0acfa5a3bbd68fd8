"""The operator's page in a real browser: seen, typed into and clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from clinic_desktop.server.operator.sessions import COOKIE
from clinic_desktop.sync import overseeing
from clinic_desktop.sync.credentials import read_code
from clinic_desktop.sync.models import SyncParked
from clinic_desktop.sync.peers import CentralSession
from tests.server.browser import Browser, browser
from tests.server.chain import hear, lay_out, park
from tests.server.serving import PASSWORD, Member, Served, serving
from tests.server.test_doors import client, hello, notes, refusal


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving("sqlite", tmp_path_factory.mktemp("central-page")) as made:
        yield made


@pytest.fixture(scope="module")
def members(running: Served) -> dict[str, Member]:
    return lay_out(running)


@pytest.fixture(scope="module")
def window(running: Served, members: dict[str, Member]) -> Iterator[Browser]:
    with browser() as made:
        made.looks(1366, 768)
        yield made


@pytest.fixture
def page(window: Browser, served: Served) -> Browser:
    """The sites, with the operator logged in."""
    window.open(f"{served.url}/operator")
    if window.count("[name=password]"):
        window.type("[name=password]", PASSWORD)
        window.click("button")
    window.until(lambda: window.count("table"))
    return window


def row(page: Browser, code: str) -> str:
    return page.text(f"[data-site={code}]")


def test_only_the_password_opens_it_and_guessing_waits(window: Browser, served: Served) -> None:
    with client(served) as line:
        for path in ("/sites/new", "/parked", "/live"):
            assert line.get(f"/operator{path}").status_code == 401
    window.open(f"{served.url}/operator")
    for _ in range(3):
        window.type("[name=password]", "not-the-password")
        window.click("button")
        window.until(lambda: window.count(".problem") and window.run("return document.querySelector('[name=password]').value") == "")
    assert "password" in window.text(".problem")
    window.type("[name=password]", PASSWORD)
    window.click("button")
    window.until(lambda: window.count("table"))
    (cookie,) = window.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (COOKIE, True, True, "Strict", "/")
    with client(served) as line:
        said = [line.post("/operator/login", data={"password": word}).text for word in ("x", "x", "x", "x", PASSWORD)]
    assert "seconds" in said[-1]  # the right one is not looked at now, from this address
    assert len(notes(served, "operator_refused")) >= 5


def test_every_site_is_told_with_its_alarm_in_words(page: Browser, members: dict[str, Member]) -> None:
    assert "No contact" in row(page, "PORT")
    assert "2 days ago" in row(page, "PORT")
    assert "Silent" in row(page, "HILL")
    assert re.search("1[2-9] minutes ago", row(page, "HILL"))  # the sites are made some time before the first look
    assert "Catching up" in row(page, "STH")
    assert "27" in row(page, "STH")
    assert "Up to date" in row(page, "EAST")
    order = page.run("return [...document.querySelectorAll('[data-site]')].map(one => one.dataset.site)")
    assert order[:2] == ["PORT", "HILL"]  # the gravest first
    assert page.text(".tile.bad .figure") == "1"


def test_it_follows_without_being_touched_and_says_when_it_cannot(page: Browser, served: Served, members: dict[str, Member]) -> None:
    page.run("window.untouched = true")
    with served.database.read() as session:
        head = overseeing.head_of(session)
    hear(served, members["WEST"], served.database.clock() - timedelta(minutes=44), read=head)
    page.until(lambda: "No contact" in row(page, "WEST"))
    assert page.run("return document.title").startswith("(3)")
    page.run("window.fetch = () => Promise.reject(new Error('cut'))")
    page.until(lambda: page.count(".beat.old"))
    assert page.text(".beat .said") == "Not updated: the server does not answer"
    assert page.run("return window.untouched")  # it is still the same page


def test_a_code_made_here_enrols_a_site(page: Browser, served: Served) -> None:
    page.click("a[href='/operator/sites/new']")
    page.type("[name=code]", "nth")
    page.type("[name=name]", "Lake view <b>")
    page.click("main button")
    page.until(lambda: page.count(".problem"))
    assert "North clinic" in page.text(".problem")
    assert page.run("return document.querySelector('[name=name]').value") == "Lake view <b>"  # nothing typed is lost
    page.run("document.querySelector('[name=code]').value = ''")
    page.type("[name=code]", "lake")
    page.click("main button")
    page.until(lambda: page.count("#code"))
    assert "LAKE · Lake view <b>" in page.text("h1")
    assert served.address in page.text("main")
    code = read_code(page.text("#code"))
    site = served.joined(by=code).enrolled
    assert (site.site_code, site.site_name) == ("LAKE", "Lake view <b>")
    page.open(f"{served.url}/operator")
    assert "Lake view <b>" in row(page, "LAKE")


def test_revoking_wants_a_reason_and_the_sites_own_code(page: Browser, served: Served) -> None:
    member = served.joined(code="GONE", name="Closed branch")
    runner = member.runner()
    runner.ask("hello", hello())
    page.open(f"{served.url}/operator/sites/{member.enrolled.site_id}")
    assert not page.is_enabled(".button.danger")
    page.type("[name=reason]", "Closed for good")
    page.type("[name=confirm]", "gon")
    assert not page.is_enabled(".button.danger")
    page.type("[name=confirm]", "e")
    page.click(".button.danger")
    page.until(lambda: page.count(".badge.neutral"))
    assert "Closed for good" in page.text("main")
    assert refusal(runner.ask, "hello", hello()) == "revoked"


def test_what_is_parked_is_tried_again_or_set_aside(page: Browser, served: Served, members: dict[str, Member]) -> None:
    parked = park(served, members["EAST"], "not_owner", "visits")
    page.open(f"{served.url}/operator/parked")
    assert "Changes a record that belongs to another site." in page.text("main")
    mine = f"form[action='/operator/parked/{parked}/discard']"
    page.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert not page.is_enabled(f"{mine} button")
    page.type(f"{mine} [name=confirm]", "EAST")
    page.click(f"{mine} button")
    page.until(lambda: not page.count(mine))
    with served.database.read() as session:
        assert session.get_one(SyncParked, parked).resolution == "discarded"
    page.click("form[action$='/retry'] button")
    page.until(lambda: page.count(".problem"))
    assert page.text(".problem") == "It still cannot be taken."


def test_a_form_from_elsewhere_does_nothing(page: Browser, served: Served, members: dict[str, Member]) -> None:
    (cookie,) = page.cookies()
    form = {"reason": "x", "confirm": "EAST", "form_token": "guessed"}
    path = f"/operator/sites/{members['EAST'].enrolled.site_id}/revoke"
    with client(served) as line:
        line.cookies.set(COOKIE, cookie["value"])
        assert line.post(path, data=form).status_code == 403
        token = page.run("return document.querySelector('[name=form_token]').value")
        assert line.post(path, data=form | {"form_token": token}, headers={"Origin": "https://evil.example"}).status_code == 403
        assert line.post(path, data=form | {"form_token": token}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        headers = line.get("/operator").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    page.open(f"{served.url}/operator")
    assert "Revoked" not in row(page, "EAST")


def test_a_session_ends_by_itself_and_by_hand(page: Browser, served: Served) -> None:
    with served.database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(update(CentralSession).values(seen_at=served.database.clock() - timedelta(minutes=31)))
    page.until(lambda: page.count("[name=password]"))  # the page notices by itself
    page.type("[name=password]", PASSWORD)
    page.click("button")
    page.until(lambda: page.count("table"))
    (cookie,) = page.cookies()
    page.click(".bar button")
    page.until(lambda: page.count("[name=password]"))
    assert page.cookies() == []
    with httpx.Client(verify=False, cookies={COOKIE: cookie["value"]}, trust_env=False) as line:
        assert "password" in line.get(f"{served.url}/operator").text  # the cookie that was copied opens nothing either


@pytest.mark.parametrize(("width", "language"), [(390, "en"), (390, "ar"), (1366, "ar"), (1366, "hi")])
def test_it_fits_on_a_phone_and_in_every_language(page: Browser, served: Served, width: int, language: str, tmp_path: Path) -> None:
    page.looks(width, 844, dark=language == "ar")
    page.speaks(language)
    try:
        page.open(f"{served.url}/operator")
        page.picture(tmp_path / "page.png")
        assert page.run("return document.documentElement.scrollWidth") <= width
        assert page.run("return document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
        bad = [one for one in page.complaints() if "Failed to load resource" not in one]  # a refused form is a 4xx
        assert bad == []
    finally:
        page.looks(1366, 768)
        page.speaks("en")
