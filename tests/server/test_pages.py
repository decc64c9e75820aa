"""The pages beside the operations: made when the first is asked for, and out of their way."""

import subprocess
import sys
from collections.abc import Iterator, Mapping

import httpx
import pytest
from starlette.testclient import TestClient

from orderspec.server.pages import Pages
from orderspec.server.process import child_server
from tests.server.toy_client import toy_client

FILES = {
    "index.html": b"<h1>first</h1>",
    "a b.html": b"second",
    "site.css": b"a{}",
    "site.js": b";",
    "toy.openapi.json": b"{}",
}
TYPES = {
    "/docs/": "text/html; charset=utf-8",
    "/docs/index.html": "text/html; charset=utf-8",
    "/docs/a%20b.html": "text/html; charset=utf-8",
    "/docs/site.css": "text/css; charset=utf-8",
    "/docs/site.js": "text/javascript; charset=utf-8",
    "/docs/toy.openapi.json": "application/json",
}


@pytest.fixture
def made() -> list[str]:
    """Count how often the pages are made."""
    return []


@pytest.fixture
def client(made: list[str]) -> Iterator[TestClient]:
    def make() -> Mapping[str, bytes]:
        made.append("made")
        return FILES

    with toy_client(pages=Pages(make)) as opened:
        yield opened


@pytest.mark.parametrize("path", TYPES)
def test_a_file_comes_with_its_type_and_may_not_be_guessed(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[path])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content in FILES.values()


def test_the_root_leads_to_the_first_page(client: TestClient) -> None:
    answer = client.get("/docs", follow_redirects=True)
    assert (str(answer.url.path), answer.content) == ("/docs/", FILES["index.html"])


def test_pages_are_made_once_and_not_before_they_are_asked_for(
    client: TestClient, made: list[str]
) -> None:
    assert client.get("/toys/unknown").status_code == 404
    assert made == []
    for _ in range(3):
        client.get("/docs/")
    assert made == ["made"]


@pytest.mark.parametrize("path", ["/docs/none.html", "/docs/../docs/x", "/docs/%2e%2e/site.css"])
def test_what_is_no_page_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_bytes_that_are_no_path_are_no_page() -> None:
    assert Pages(lambda: FILES).answer("GET", b"/docs/\xff\x00").status_code == 404


def test_pages_are_only_read(client: TestClient) -> None:
    assert client.head("/docs/").status_code == 200
    answer = client.post("/docs/", content=b"{}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_path_that_only_begins_alike_is_the_providers(client: TestClient) -> None:
    assert client.get("/docsy").headers["content-type"].startswith("application/json")


def test_without_the_extra_there_are_no_pages_and_all_else_works() -> None:
    script = (
        "import sys; sys.modules['jinja2'] = None\n"
        "sys.argv = ['orderspec', 'serve', 'square', '--port', '0', '--database', 'sqlite://']\n"
        "from orderspec.cli import main; main()"
    )
    with child_server([sys.executable, "-c", script]) as (url, _):
        answer = httpx.get(f"{url}/docs/", trust_env=False)
        assert (answer.status_code, "pip install 'orderspec[docs]'" in answer.text) == (404, True)
        assert httpx.get(f"{url}/v2/orders/x", trust_env=False).status_code == 401


def test_help_says_where_the_pages_are() -> None:
    command = [sys.executable, "-m", "orderspec", "serve", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "at /docs" in " ".join(done.stdout.split())
