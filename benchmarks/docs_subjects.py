"""The pages that `benchmarks.docs` compares: ours, and those that Redoc makes of a bundle."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.docs_page import Subject

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "node_modules"
KIT = str(Path(sys.executable).parent / "orderspec")
PROVIDER, OPERATION, MEMBER, DEEP = "square", "Create an order", "quantity", "buyer_tendered_money"
_SCRIPT = "redoc.standalone.js"

_OUR_WORK = """([status, choice]) => {
  let clicks = 0;
  for (const part of document.querySelectorAll("details:not([open])")) {
    part.open = true; clicks += 1;
  }
  for (const tabs of document.querySelectorAll("fieldset.tabs")) {
    const tab = tabs.querySelectorAll("input")[choice];
    if (tab && !tab.checked) { tab.click(); clicks += 1; }
  }
  return clicks;
}"""
# A key ends with "+" where the members of the body stand in place, not behind a link.
_OUR_REFUSALS = """() => [...document.querySelectorAll(".part")]
  .filter((part) => part.querySelector("i > a, details.body")
    && /^([45](XX|\\d\\d)|default)$/.test(part.querySelector(".status")?.textContent))
  .map((part) => part.id + (part.querySelector("details.body") ? "+" : ""))"""
_OUR_PAIRS = """() => [...document.querySelectorAll(".example")]
  .map((one, place) => [one.querySelectorAll("pre").length, `${place}`])
  .filter(([count]) => count > 1).map(([, place]) => place)"""
# Names of classes are made anew by each build of Redoc, so nodes are known by place and words.
_REDOC_WORK = """([status, choice]) => {
  let clicks = 0;
  const press = (node) => {
    if (!node || node.dataset.pressed) return;
    node.dataset.pressed = "1"; node.click(); clicks += 1;
  };
  const isStatus = (node) => /^(\\d{3}|\\dXX|default)$/.test(node.textContent.trim());
  const groups = "[role=tablist], span + div:has(> button + button), :has(> button + button)";
  for (const group of document.querySelectorAll(groups)) {
    const nodes = [...group.children].filter((node) => node.matches("button, [role=tab]"));
    const isChoice = group.matches("[role=tablist]")
      || / of\\s*$/i.test(group.previousElementSibling?.textContent ?? "");
    const which = nodes.every(isStatus) ? status : isChoice ? choice : 0;
    if (which) press(nodes[which]);
  }
  for (const node of document.querySelectorAll("button")) {
    const text = node.textContent.trim(), label = node.getAttribute("aria-label") ?? "";
    if (/^(\\+.*|Expand all|Show pattern|View security details)$/.test(text)
      || /^(expand .+|Expand all)$/.test(label)
      || (node.querySelector(":scope > strong") && !node.nextElementSibling)) press(node);
  }
  return clicks;
}"""
_REDOC_2_REFUSALS = """() => [...document.querySelectorAll("button > strong")]
  .filter((word) => /^([45](XX|\\d\\d)|default)$/.test(word.textContent.trim())
    && word.parentElement.nextElementSibling?.querySelector(".property-name"))
  .map((word) => word.closest('[id^="operation/"]').id + word.textContent + "+")"""
_REDOC_3_REFUSALS = """() => [...document.querySelectorAll('[id*="response&c="]')]
  .map((node) => /(.*)response&c=([45](?:XX|\\d\\d)|default)&path=/i.exec(node.id))
  .filter(Boolean).map(([, operation, status]) => `${operation}${status}+`)"""
_REDOC_2_PAIRS = """() => [...document.querySelectorAll('[id^="operation/"]')]
  .filter((one) => ["Request samples", "Response samples"]
    .every((words) => one.textContent.includes(words)))
  .map((one) => one.id)"""
_REDOC_3_PAIRS = """() => [...document.querySelectorAll("h2")].map((title) => {
    let section = title;
    const blocks = () => section.querySelectorAll('[data-testid="json-viewer"]').length;
    while (section.parentElement.querySelectorAll("h2").length === 1) {
      section = section.parentElement;
    }
    return [title.textContent, blocks()];
  }).filter(([, count]) => count > 1).map(([text]) => text)"""


def _run(*command: str) -> str:
    """Run a command to its end; one that fails ends the benchmark."""
    quiet = {**os.environ, "REDOCLY_TELEMETRY": "off"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not installed.")
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def peer_versions() -> str:
    """Name the peers with their versions."""

    def version(package: str) -> str:
        return str(json.loads((PEERS / package / "package.json").read_text("utf-8"))["version"])

    return (
        f"redoc {version('redoc')} by @redocly/cli {version('@redocly/cli')}, "
        f"the Redoc of @redocly/cli {version('redocly-3')}"
    )


def subjects_of(folder: Path) -> list[Subject]:
    """Build the pages, ours first."""
    if not (PEERS / "redocly-3").is_dir():
        sys.exit("The peers are not installed. Run: make bench-docs")
    bundle, ours = folder / "bundle.json", folder / "ours"
    bundle.write_text(_run(KIT, "bundle", PROVIDER), "utf-8")
    _run(KIT, "docs", "-o", str(ours))
    return [
        Subject(
            name="orderspec",
            file=ours / f"{PROVIDER}.html",
            heading="h3",
            work=_OUR_WORK,
            samples=".example pre",
            refusals=_OUR_REFUSALS,
            pairs=_OUR_PAIRS,
            member=f"OrderLineItem/{MEMBER}",
            search="#search",
            found="#found li",
            turns=((0, 0), (0, 1), (0, 2)),  # the languages of an example; all else is there
        ),
        _redoc_2(bundle, folder),
        _redoc_3(bundle, folder),
    ]


def _built(package: str, bundle: Path, file: Path, *options: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    tool = str(PEERS / package / "bin" / "cli.js")
    _run("node", tool, "build-docs", str(bundle), "-o", str(file), *options)
    return file


def _redoc_2(bundle: Path, folder: Path) -> Subject:
    script = PEERS / "redoc" / "bundles" / _SCRIPT

    def local(name: str, *options: str) -> Path:
        # Without the fonts of others, which are no part of it and are not there to be waited for.
        file = _built("@redocly/cli", bundle, folder / name / "page.html", *options)
        text = file.read_text("utf-8")
        text, changes = re.subn(rf'src="[^"]*/{_SCRIPT}"[^>]*', f'src="{_SCRIPT}"', text)
        if changes != 1:
            sys.exit(f"Redoc's page loads {_SCRIPT} {changes} times, where once was expected.")
        file.write_text(text, "utf-8")
        (file.parent / _SCRIPT).write_bytes(script.read_bytes())
        return file

    return Subject(
        name="Redoc 2",
        file=local("redoc-2", "--disableGoogleFont"),
        published=_built("@redocly/cli", bundle, folder / "redoc-2-published" / "page.html"),
        extended=local("redoc-2-extended", "--disableGoogleFont", "--theme.openapi.showExtensions"),
        served={_SCRIPT: script},
        heading="h2",
        work=_REDOC_WORK,
        samples=".redoc-json",
        refusals=_REDOC_2_REFUSALS,
        pairs=_REDOC_2_PAIRS,
        member="operation/CreateOrder",
        search="input",
        found='[data-role="search:results"] li',
    )


def _redoc_3(bundle: Path, folder: Path) -> Subject:
    options = ("--inlineBundle", "--openapi.showExtensions")
    return Subject(
        name="Redoc 3",
        file=_built("redocly-3", bundle, folder / "redoc-3" / "page.html", options[0]),
        extended=_built("redocly-3", bundle, folder / "redoc-3-extended" / "page.html", *options),
        heading="h2",
        work=_REDOC_WORK,
        samples='[data-testid="json-viewer"]',
        refusals=_REDOC_3_REFUSALS,
        pairs=_REDOC_3_PAIRS,
        member=f"/other/createorder#other/createorder/t=request&path=order/line_items[]/{MEMBER}",
        found='[data-component-name="Search/SearchItem"]',
        lazy=True,
    )
