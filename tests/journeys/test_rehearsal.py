"""The rehearsal room as a newcomer meets it: `bot.py` without a token, seen in a real browser."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.drafts import ASKS, TELLS
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[2]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_OUTSIDE = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync")  # fmt: skip
PATIENCE = 1000 * LONGEST_WAIT
DESKTOP, PHONE = (1280, 900), (420, 860)

pytestmark = pytest.mark.slow

expect.set_options(timeout=PATIENCE)


@contextmanager
def opened_room(browser_notes: Path, *arguments: str) -> Generator[str, None, None]:
    """The address of a room whose "browser" notes what it is asked to open; Ctrl-C has to end the room well."""
    script = browser_notes.with_suffix(".sh")
    script.write_text(f'#!/bin/sh\necho "$1" > "{browser_notes}"\n')
    script.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SQUAREDEAL_", "DISCORD_"))}
    clean["DISCORD_TOKEN"] = ""  # nor that of a developer's own .env
    with subprocess.Popen(  # noqa: S603  # the arguments are the tests' own
        [sys.executable, "bot.py", *arguments],
        cwd=ROOT,
        env={**clean, "BROWSER": f"{script} %s"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as room:
        assert room.stdout is not None and room.stderr is not None
        try:
            line = room.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/\S*", line)
            assert address is not None, line + room.stderr.read()
            yield address[0]
        finally:
            room.send_signal(signal.SIGINT)
            _, log = room.communicate(timeout=LONGEST_WAIT)
    assert room.returncode == 0
    assert not re.search("WARNING|ERROR|Traceback", log), log


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the room's "browser" was asked to open."""
    return tmp_path_factory.mktemp("browser") / "opened"


@pytest.fixture(scope="module")
def address(notes: Path) -> Generator[str, None, None]:
    """One room for all tests here."""
    with opened_room(notes) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Generator[Browser, None, None]:
    """A browser, if there is one."""
    if BROWSER is None:
        pytest.skip("no Chromium or Chrome is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=NO_OUTSIDE)
        yield browser
        browser.close()


@pytest.fixture
def page(address: str, browser: Browser) -> Generator[Page, None, None]:
    """The room's page, for Robin, who owns the server."""
    with opened(browser, address) as page:
        yield page


@contextmanager
def opened(
    browser: Browser, address: str, size: tuple[int, int] = DESKTOP, *, dark: bool = False
) -> Generator[Page, None, None]:
    """The room's page in a window; nothing may go wrong in it, and nothing be asked of other machines."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url))
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    expect(page.locator("body[data-ready]")).to_be_visible()
    yield page
    page.close()
    assert wrong == []


def write(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The last message with a text of its own; a reply to it shows the text too."""
    return page.locator("article", has=page.locator(".content .words", has_text=text)).last


def newest(page: Page) -> Locator:
    return page.locator("article").last


def become(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check()
    expect(page.locator("body[data-ready]")).to_be_visible()


def test_the_room_opens_at_its_newest_message_with_labelled_drafts_a_nudge_and_a_summary(page: Page) -> None:
    expect(message(page, "Evening, fellow weed-pullers!")).to_contain_text("💬")
    expect(message(page, "conversation in 14 days")).to_be_visible()
    expect(page.locator("article", has_text="The day's summary").last).to_be_attached()
    expect(newest(page)).to_be_in_viewport(ratio=0.9)


def test_the_address_is_opened_in_a_browser(address: str, notes: Path) -> None:
    assert notes.read_text().strip() == address


def test_no_browser_opens_if_none_is_wanted(tmp_path: Path) -> None:
    with opened_room(tmp_path / "opened", "--no-browser"):
        pass
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(("text", "sign"), [(TELLS, "📣"), (ASKS, "💬")])
def test_a_typed_draft_gets_its_sign_in_view(page: Page, text: str, sign: str) -> None:
    write(page, text)
    expect(message(page, text)).to_contain_text(sign)
    expect(message(page, text)).to_be_in_viewport(ratio=1)


def test_balance_answers_with_numbers_and_a_chart_from_its_beginning(page: Page) -> None:
    write(page, "/balance")
    page.get_by_role("button", name="Send").last.click()
    answer = page.locator("article", has_text="Balance of Robin").last
    expect(answer).to_contain_text("conversation over the last 14 days")
    chart = answer.get_by_role("img", name=re.compile("drafts|chart|Drafts|Chart"))
    expect(chart).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 300", arg=chart.element_handle())
    expect(answer.get_by_text("Robin used /balance")).to_be_in_viewport()
    expect(answer.get_by_text("Balance of Robin")).to_be_in_viewport()


def test_a_refusal_is_an_answer_and_no_failure(page: Page) -> None:
    write(page, "/timezone Narnia")
    expect(page.locator("article", has_text="There is no time zone “Narnia”").last).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("status")).to_be_empty()
    write(page, "What do you all do about slugs on your lettuces?")
    expect(message(page, "slugs on your lettuces")).to_contain_text("💬")


def test_what_is_typed_into_an_option_is_completed(page: Page) -> None:
    write(page, "/timezone")
    field = page.get_by_role("combobox", name="zone")
    expect(field).to_be_focused()
    field.press_sequentially("Europe/Lon")
    expect(page.get_by_role("option", name="Europe/London")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(newest(page)).to_contain_text("Europe/London")
    expect(newest(page)).to_be_in_viewport(ratio=1)


def test_a_missing_option_is_asked_for(page: Page) -> None:
    write(page, "/nudges pace")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="still empty")).to_be_visible()
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(newest(page)).to_contain_text("every six hours")


def test_past_fifty_messages_the_newest_stays_in_view_and_after_a_reload_too(page: Page) -> None:
    for number in range(60 - page.locator("article").count()):
        write(page, f"// a remark, number {number}")
        expect(message(page, f"number {number}")).to_be_visible()
    assert page.locator("article").count() >= 60
    write(page, "Our stall moves to the north gate on Sunday.")
    expect(message(page, "north gate")).to_contain_text("📣")
    expect(message(page, "north gate")).to_be_in_viewport(ratio=1)
    page.reload()
    expect(message(page, "north gate")).to_be_in_viewport(ratio=1)


def test_the_menu_of_a_message_opens_by_mouse_and_by_keyboard(page: Page) -> None:
    write(page, "The new catalogue is printed and can be had in the shop from noon.")
    draft = message(page, "new catalogue is printed")
    expect(draft).to_contain_text("📣")
    draft.locator(".words").click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    page.get_by_role("menuitem", name="Why this label?").click()
    expect(newest(page)).to_contain_text("Robin used Why this label?")
    expect(newest(page)).to_be_in_viewport(ratio=1)
    draft.focus()
    page.keyboard.press("Shift+F10")
    page.keyboard.type("c")
    expect(page.get_by_role("menuitem", name="Change label")).to_be_focused()
    page.keyboard.press("Enter")
    expect(draft).to_contain_text("💬")
    expect(newest(page)).to_be_in_viewport(ratio=1)
    newest(page).get_by_role("button", name="Undo").click()
    expect(draft).to_contain_text("📣")


def test_one_writes_edits_answers_and_deletes(page: Page) -> None:
    write(page, "Our shop stays closed on Monday for stocktaking.")
    expect(message(page, "closed on Monday")).to_contain_text("📣")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Editing your message")).to_be_visible()
    write(page, "What are you planting on Monday? Tell me all about it!")
    draft = message(page, "planting on Monday")
    expect(draft).to_contain_text("💬")
    draft.hover()
    draft.get_by_role("button", name="More on this message").click()
    page.get_by_role("menuitem", name="Reply").click()
    write(page, "And which of you has tried leeks? I'd love to know.")
    expect(message(page, "tried leeks").locator(".above")).to_contain_text("Robin")
    draft_id = draft.get_attribute("id")  # before it is gone
    draft.locator(".words").click(button="right")
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.locator(f"#{draft_id}")).to_be_hidden()


def test_a_form_opens_and_is_sent(page: Page) -> None:
    write(page, "/account add")
    form = page.get_by_role("dialog", name="A new account")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert")).to_contain_text("“Name” is still empty")
    form.get_by_label("Name").fill("Fernhill Pottery")
    form.get_by_label("#general").check()
    expect(form.get_by_label("Shared: one balance")).to_be_checked()
    form.get_by_label("Each author's own").check()
    form.get_by_role("button", name="Send").click()
    expect(form).to_be_hidden()
    expect(newest(page)).to_contain_text("Fernhill Pottery")
    expect(newest(page)).to_contain_text("each author's own balance")
    expect(newest(page)).to_be_in_viewport(ratio=1)


def test_a_form_opens_with_what_is_chosen_and_is_read_as_it_was_left(page: Page) -> None:
    write(page, "/setup form")
    form = page.get_by_role("dialog", name="Set me up")
    expect(form.get_by_label("#drafts")).to_be_checked()
    form.get_by_label("#general").check()
    form.get_by_role("button", name="Send").click()
    expect(newest(page)).to_contain_text(re.compile(r"Watched: #drafts.*#general"))
    write(page, "/setup form")
    expect(form.get_by_label("#general")).to_be_checked()
    form.get_by_label("#general").uncheck()
    form.get_by_role("button", name="Send").click()
    expect(newest(page)).not_to_contain_text("#general")
    write(page, "/nudges form")
    nudges = page.get_by_role("dialog", name="Nudges and questions")
    nudges.get_by_label("by direct message").first.check()
    nudges.get_by_label("Quiet hours").fill("9pm to 7am")
    nudges.get_by_role("button", name="Send").click()
    expect(newest(page)).to_contain_text("none from 21:00 to 07:00")
    write(page, "/setup goal")
    page.get_by_role("button", name="Send").last.click()
    goal = page.get_by_role("dialog", name="The server's goal")
    expect(goal.get_by_label("Rule of thumb").locator("option").first).to_have_text("none: the numbers below")


def test_a_choice_from_a_menu_changes_a_label(page: Page) -> None:
    write(page, "The kiln will be serviced on Thursday, so no firing that day.")
    expect(message(page, "kiln will be serviced")).to_contain_text("📣")
    write(page, "/history")
    page.get_by_role("button", name="Send").last.click()
    page.get_by_role("button", name="Change a label").last.click()
    page.get_by_role("option").first.click()
    expect(message(page, "kiln will be serviced")).to_contain_text("💬")


def test_picked_names_are_mentions_and_typed_commands_are_answered_by_direct_message(page: Page) -> None:
    box = page.get_by_label("Message", exact=True)
    box.press_sequentially("@squ")
    page.get_by_role("option", name="Square Deal").click()
    box.press_sequentially("balance")
    page.keyboard.press("Enter")
    expect(newest(page).locator(".mention")).to_have_text("@Square Deal")
    expect(page.get_by_role("status")).to_contain_text("Square Deal wrote you a direct message")
    page.get_by_role("button", name="Read it").click()
    expect(newest(page)).to_contain_text("Balance of Robin")
    expect(newest(page).get_by_text("Balance of Robin")).to_be_in_viewport()
    write(page, "Thank you")
    expect(message(page, "Thank you")).to_be_in_viewport(ratio=1)


def test_a_file_is_attached_and_read(page: Page) -> None:
    page.locator("#picked").set_input_files(
        {"name": "message.txt", "mimeType": "text/plain", "buffer": b"How do you all store your seed potatoes?"}
    )
    expect(page.get_by_label("Attached files")).to_contain_text("message.txt")
    page.get_by_role("button", name="Send").click()
    sent = page.locator("article", has=page.get_by_role("link", name="message.txt")).last
    expect(sent).to_contain_text("💬")
    with page.expect_download() as download:
        sent.get_by_role("link", name="message.txt").click()
    assert download.value.path().read_text() == "How do you all store your seed potatoes?"


def test_what_is_too_long_for_a_message_is_attached_as_on_discord(page: Page) -> None:
    write(page, "Our winter opening hours start on Monday. " * 60)
    expect(newest(page).get_by_role("link", name="message.txt")).to_be_visible()
    expect(newest(page)).to_contain_text("📣")


def test_the_other_channel_is_not_read(page: Page) -> None:
    page.get_by_role("button", name="general").click()
    expect(page.get_by_text("does not watch this channel")).to_be_visible()
    write(page, ASKS)
    expect(message(page, ASKS)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="drafts").click()
    expect(newest(page)).to_be_in_viewport()
    page.get_by_role("button", name="general").click()
    expect(message(page, ASKS)).not_to_contain_text("💬")


def test_a_member_sees_what_members_see(page: Page) -> None:
    write(page, "/about")
    expect(newest(page)).to_contain_text("Robin used /about")
    expect(newest(page)).to_contain_text("Only you can see this")
    told = newest(page).get_attribute("id")
    become(page, "Sam")
    expect(page.locator(f"#{told}")).to_have_count(0)
    page.get_by_label("Message", exact=True).fill("/set")
    expect(page.get_by_role("option", name="/setup")).to_have_count(0)
    write(page, "Who's bringing cake on Saturday? I can do scones!")
    expect(message(page, "bringing cake").locator(".author")).to_have_text("Sam")
    become(page, "Robin")
    page.get_by_label("Message", exact=True).fill("/set")
    expect(page.get_by_role("option", name="/setup").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(f"#{told}").get_by_role("button", name="Dismiss").click()
    expect(page.locator(f"#{told}")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_each_of_the_five_things_to_try_answers_in_view(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    with opened(browser, address, size) as page:
        tries = page.locator("#tries button")
        assert tries.count() == 5
        for number, says in enumerate(("📣", "💬", "Content", "Balance of Robin", "Robin used Why this label?")):
            before = newest(page).get_attribute("id")
            tries.nth(number).click()
            expect(page.locator(f"article:last-of-type:not(#{before})")).to_be_attached()
            answer = page.locator(f"#{before} ~ article", has_text=says).first
            expect(answer).to_be_visible()
            expect(answer).to_be_in_viewport()
            expect(tries.nth(number)).to_contain_text("✓")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_axe_finds_no_serious_fault(browser: Browser, address: str, size: tuple[int, int], dark: bool) -> None:
    def look() -> None:
        found: list[dict[str, Any]] = cast(Any, Axe()).run(page).response["violations"]
        serious = [
            f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")
        ]
        assert serious == []

    with opened(browser, address, size, dark=dark) as page:
        page.locator("#tries button").nth(3).click()
        expect(page.locator("article", has_text="Balance of Robin").last).to_be_visible()
        look()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        newest(page).get_by_role("button", name="More on this message").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menu")).to_be_visible()
        look()
        page.keyboard.press("Escape")
        page.get_by_label("Message", exact=True).fill("/")
        expect(page.get_by_role("option").first).to_be_visible()
        look()
        write(page, "/target")
        expect(page.get_by_role("button", name="Cancel")).to_be_visible()
        look()
        page.keyboard.press("Escape")
        write(page, "/account add")
        expect(page.get_by_role("dialog")).to_be_visible()
        look()


SEND = json.dumps({"do": "send", "channel": 1, "text": "hello"})


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site"}, 200),  # a link to the page
        ("GET", "/", {"Host": "example.org"}, 403),
        ("GET", "/static/app.js", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/events", {"Sec-Fetch-Site": "same-site"}, 403),
        ("GET", "/events", {"Origin": "https://example.org"}, 403),
        ("GET", "/static/../page.py", {}, 404),
        ("POST", "/act", {}, 403),
        ("POST", "/act", {"Origin": "null"}, 403),
        ("POST", "/act", {"Origin": "https://example.org"}, 403),
        ("POST", "/act", {"Host": "example.org", "Origin": "http://example.org"}, 403),
    ],
)
def test_other_sites_can_do_nothing_here(
    address: str, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    asking = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LONGEST_WAIT)
    asking.request(method, path, body=SEND if method == "POST" else None, headers=headers)
    answer = asking.getresponse()
    assert answer.status == status
    if status == 200:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    asking.close()
