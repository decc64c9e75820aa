"""A page in a real browser: Chromium, headless, driven over its own protocol."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Nothing of the browser itself goes out: the tests are about what a page asks for.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


@dataclass  # without slots: Playwright writes to whose methods it calls
class Opened:
    """A page that was opened, and what it did meanwhile.

    Attributes:
        page: the page.
        requests: the addresses that it asked for.
        troubles: errors and messages on its console, and dialogs.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Note a dialog, and close it."""
        self.troubles.append(dialog.message)
        dialog.dismiss()


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium, with a profile that is thrown away."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def opened(
    chromium: Browser, place: Path | str, anchor: str = "", **context: Any
) -> Iterator[Opened]:
    """Open a file or an address in a window of its own, and watch it."""
    window = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **context})
    page = window.new_page()
    seen = Opened(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.troubles.append(message.text))
    page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    page.on("dialog", seen.dismiss)
    page.goto((place if isinstance(place, str) else place.as_uri()) + anchor)
    try:
        yield seen
    finally:
        window.close()
