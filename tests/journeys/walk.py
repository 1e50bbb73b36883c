"""A person walking through pages: reads headings, fills in fields by their labels, presses buttons by their names.

What cannot be found by its accessible name cannot be used here, so each journey is a test of names too.
"""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.pictures import save_small

HELP_PICTURES = Path(__file__).parents[2] / "src" / "myschool" / "help" / "pictures"
NARROW, WIDE = 390, 1280
HEIGHT = 844


@dataclass
class Walk:
    page: Page
    mailbox: str
    folder: Path | None = None
    renew: bool = False
    javascript: bool = True
    faults: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def begin(
        cls, browser: Browser, mailbox: str, config: pytest.Config, *, javascript: bool = True
    ) -> Iterator["Walk"]:
        context = browser.new_context(
            viewport={"width": NARROW, "height": HEIGHT},
            device_scale_factor=2 if config.getoption("--renew-pictures") else 1,
            locale="ru-RU",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        folder, renew = config.getoption("--pictures"), config.getoption("--renew-pictures")
        walk = cls(context.new_page(), mailbox, folder, renew and javascript, javascript)
        walk.page.on("pageerror", lambda error: walk.faults.append(f"script: {error}"))
        walk.page.on("console", lambda told: walk.faults.append(told.text) if "Content Security" in told.text else None)
        walk.page.on("response", walk._note_server_error)
        yield walk
        context.close()
        assert walk.faults == []

    def _note_server_error(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def go(self, url: str) -> None:
        self.page.goto(url)

    def enter(self) -> None:
        """«Войти» on the main page of «Моя школа»."""
        self.page.locator("main").get_by_role("button", name="Войти", exact=True).first.click()

    def see(self, heading: str) -> None:
        """The page's only first-level heading says so."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def read(self, text: str) -> None:
        """The page's main part says so somewhere."""
        expect(self.page.locator("main")).to_contain_text(text)

    def not_read(self, text: str) -> None:
        expect(self.page.locator("main")).not_to_contain_text(text)

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def choose(self, option: str) -> None:
        self.page.get_by_role("radio", name=option, exact=True).check()

    def tick(self, option: str) -> None:
        self.page.get_by_role("checkbox", name=option).check()

    def select(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def date(self, legend: str, day: int, month: int, year: int) -> None:
        group = self.page.get_by_role("group", name=legend)
        for label, value in (("День", day), ("Месяц", month), ("Год", year)):
            group.get_by_label(label, exact=True).fill(str(value))

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str, *, first: bool = False) -> None:
        """`first` when the page offers the same way more than once."""
        links = self.page.locator("main").get_by_role("link", name=link)
        (links.first if first else links).click()

    def code_for(self, address: str, *, after: int = 0, within: float = 20) -> str:
        """The newest six-digit code for this e-mail address or telephone; waits for message number `after` + 1."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            codes = [message["code"] for message in self.messages(address) if message["code"]]
            if len(codes) > after:
                return str(codes[0])
            time.sleep(0.2)
        raise AssertionError(f"no code came to {address}")

    def codes_so_far(self, address: str) -> int:
        return sum(bool(message["code"]) for message in self.messages(address))

    def messages(self, address: str) -> list[dict[str, Any]]:
        """Letters and SMS for this address, newest first."""
        query = urllib.parse.urlencode({"to": address})
        with urllib.request.urlopen(f"{self.mailbox}/api/messages?{query}", timeout=10) as answer:
            return list(json.load(answer))

    def wait_for_message(self, address: str, words: str, *, within: float = 20) -> dict[str, Any]:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for message in self.messages(address):
                if words in message["subject"] + message["text"]:
                    return message
            time.sleep(0.2)
        raise AssertionError(f"no message with «{words}» came to {address}")

    def reload_until(self, text: str, *, within: float = 30) -> None:
        """Looks at the page again and again, as people do, until it says so."""
        deadline = time.monotonic() + within
        while text not in self.page.locator("main").inner_text():
            assert time.monotonic() < deadline, (
                f"the page never said «{text}»: {self.page.locator('main').inner_text()}"
            )
            time.sleep(0.3)
            self.page.reload()

    def picture(self, name: str) -> None:
        """Looks at the page as it is: fits a phone of 320 px and has no accessibility fault."""
        for width in (320, NARROW):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            overflow = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{name}: {overflow} px too wide at {width} px"
        if self.javascript:
            violations = Axe().run(self.page).response["violations"]
            assert violations == [], [(v["id"], [n["html"] for n in v["nodes"]]) for v in violations]
        if self.folder is not None:
            name = name if self.javascript else f"without-script/{name}"
            for width in (NARROW, WIDE):
                self.page.set_viewport_size({"width": width, "height": HEIGHT})
                path = self.folder / f"{name}-{width}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=path, full_page=True)
            self.page.set_viewport_size({"width": NARROW, "height": HEIGHT})

    def step(self, guide: str, key: str) -> None:
        """A step that the help pages show."""
        self.picture(f"{guide}/{key}")
        if self.renew:
            self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            save_small(self.page.screenshot(), HELP_PICTURES / guide / f"{key}.png")
