"""The rehearsal room as a newcomer meets it: `bot.py` without a token, seen in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.support.drafts import ASKS, TELLS
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[2]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_OUTSIDE = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync")  # fmt: skip
PATIENCE = 1000 * LONGEST_WAIT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed"),
]


@pytest.fixture(scope="module")
def page() -> Generator[Page, None, None]:
    """The room's page in a browser; afterwards Ctrl-C closes the room, which has to end well."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SQUAREDEAL_", "DISCORD_"))}
    clean["DISCORD_TOKEN"] = ""  # nor that of a developer's own .env
    with subprocess.Popen(
        [sys.executable, "bot.py"], cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as room:
        assert room.stdout is not None and room.stderr is not None
        try:
            line = room.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/\S*", line)
            assert address is not None, line + room.stderr.read()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=BROWSER, args=NO_OUTSIDE)
                opened = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
                opened.set_default_timeout(PATIENCE)
                opened.goto(address[0])
                # The page ignores what is typed before it is connected.
                opened.wait_for_function("window.simcordPreview?.ready === true")
                expect(opened.locator("#action-status")).to_have_text("Viewport updated", timeout=PATIENCE)
                yield opened
                browser.close()
        finally:
            room.send_signal(signal.SIGINT)
            _, log = room.communicate(timeout=LONGEST_WAIT)
    assert room.returncode == 0
    assert not re.search("WARNING|ERROR|Traceback", log), log


def write(page: Page, text: str) -> None:
    box = page.locator("#channel-composer-input")
    box.fill(text)
    box.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The last message with a text of its own; a reply to it shows the text too."""
    return page.locator("article", has=page.locator(".message-content", has_text=text)).last


def test_the_room_opens_with_labelled_drafts_a_nudge_and_a_summary(page: Page) -> None:
    expect(message(page, "Evening, fellow weed-pullers!")).to_contain_text("💬")
    expect(message(page, "conversation in 14 days")).to_be_visible()
    expect(page.locator("article", has_text="The day's summary").last).to_contain_text("Next: ")


@pytest.mark.parametrize(("text", "sign"), [(TELLS, "📣"), (ASKS, "💬")])
def test_a_typed_draft_gets_its_sign(page: Page, text: str, sign: str) -> None:
    write(page, text)
    expect(message(page, text)).to_contain_text(sign, timeout=PATIENCE)


def test_balance_answers_with_numbers_and_a_chart(page: Page) -> None:
    page.locator("#channel-composer-input").press_sequentially("/balance", delay=30)
    page.keyboard.press("Enter")
    page.locator("#send-message").click()
    answer = page.locator("article", has_text="Balance of Robin").last
    expect(answer).to_contain_text("conversation over the last 14 days", timeout=PATIENCE)
    expect(answer.locator("figure img")).to_be_visible()


def test_a_refused_command_is_answered_and_the_room_goes_on(page: Page) -> None:
    page.locator("#channel-composer-input").press_sequentially("/timezone", delay=30)
    page.keyboard.press("Enter")
    page.locator('.command-option-input[data-option="zone"]').press_sequentially("Narnia", delay=30)
    page.locator("#send-message").click()
    expect(page.locator("article", has_text="There is no time zone “Narnia”").last).to_be_visible()
    expect(page.locator("#action-status")).to_have_text("Action completed")
    write(page, "How do you keep slugs off your lettuces?")
    expect(message(page, "slugs off your lettuces")).to_contain_text("💬")
