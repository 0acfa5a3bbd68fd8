"""A real browser for a few tests: Debian's Chromium without a window, driven by its own driver over W3C WebDriver."""

from __future__ import annotations

import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.postgres import free_port

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver hands out an element."""
_PATIENCE = 60.0


class Browser:
    """One browser with one page."""

    def __init__(self, driver: httpx.Client, profile: str, binary: str) -> None:
        self._driver = driver
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--lang=en"]
        arguments += [f"--user-data-dir={profile}", "--disable-background-networking", "--no-first-run", "--disable-extensions"]
        wanted = {"goog:chromeOptions": {"binary": binary, "args": arguments}, "acceptInsecureCerts": True}
        wanted["goog:loggingPrefs"] = {"browser": "ALL"}
        made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._path = f"/session/{made['sessionId']}"

    def close(self) -> None:
        """End the browser."""
        self._call("DELETE", self._path)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._do("POST", "/url", {"url": url})

    def path(self) -> str:
        """Where the browser is."""
        return httpx.URL(self._do("GET", "/url")).path

    def text(self, selector: str) -> str:
        """What is seen of the first element that fits, once there is one."""
        self._found(selector)
        return str(self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector))  # at once: pages change

    def count(self, selector: str) -> int:
        """How many elements fit now."""
        return len(self._all(selector))

    def click(self, selector: str) -> None:
        """Click it with the mouse."""
        self._do("POST", f"/element/{self._found(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        """Type into it."""
        self._do("POST", f"/element/{self._found(selector)}/value", {"text": text})

    def is_enabled(self, selector: str) -> bool:
        """Whether it can be used."""
        return bool(self._do("GET", f"/element/{self._found(selector)}/enabled"))

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script in the page returns."""
        return self._do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def cookies(self) -> list[dict[str, Any]]:
        """The cookies of this host."""
        return list(self._do("GET", "/cookie"))

    def complaints(self) -> list[str]:
        """What the browser itself complained of: a refused script or style, a failed load."""
        return [one["message"] for one in self._do("POST", "/se/log", {"type": "browser"}) if one["level"] in ("SEVERE", "WARNING")]

    def looks(self, width: int, height: int, *, dark: bool = False) -> None:
        """Take a size, and a colour scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._devtools("Emulation.setDeviceMetricsOverride", size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._devtools("Emulation.setEmulatedMedia", {"features": scheme})

    def speaks(self, language: str) -> None:
        """Ask for pages in a language."""
        self._devtools("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})

    def picture(self, file: Path) -> None:
        """Save what is seen."""
        file.write_bytes(b64decode(self._do("GET", "/screenshot")))

    def until(self, holds: Any, patience: float = _PATIENCE) -> None:
        """Wait until something holds."""
        end = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < end, "it did not come to hold"
            time.sleep(0.05)

    def _devtools(self, command: str, parameters: dict[str, Any]) -> None:
        self._do("POST", "/goog/cdp/execute", {"cmd": "Network.enable", "params": {}})
        self._do("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def _found(self, selector: str) -> str:
        found: list[list[str]] = []

        def is_there() -> bool:
            found.append(self._all(selector))
            return bool(found[-1])

        self.until(is_there)
        return found[-1][0]  # not asked for again: pages change

    def _all(self, selector: str) -> list[str]:
        return [one[_ELEMENT] for one in self._do("POST", "/elements", {"using": "css selector", "value": selector})]

    def _do(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._call(method, self._path + path, body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._driver.request(method, path, json=body).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own, gone afterwards."""
    driver, binary = shutil.which("chromedriver"), shutil.which("chromium")
    assert driver is not None, "Chromium is not installed: run make setup"
    assert binary is not None, "Chromium is not installed: run make setup"
    port = free_port()
    with TemporaryDirectory(prefix="clinic-browser-") as profile:
        process = subprocess.Popen([driver, f"--port={port}", "--silent"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                _wait_until_ready(client)
                made = Browser(client, profile, binary)
                try:
                    yield made
                finally:
                    made.close()
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(client: httpx.Client) -> None:
    end = time.monotonic() + 120
    while True:
        try:
            if client.get("/status").json()["value"]["ready"]:
                return
        except httpx.HTTPError:
            assert time.monotonic() < end, "the driver did not start"
        time.sleep(0.05)
