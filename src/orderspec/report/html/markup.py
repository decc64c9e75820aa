"""The parts that pages are made of: escaped text, and the style and script that stand in them."""

import base64
import hashlib
import re
from functools import lru_cache
from html import escape
from importlib.resources import files

from orderspec.pointer import anchor
from orderspec.report.text import cut, printable

_LONGEST = 600
# In a text that is escaped already: a quotation mark has become an entity other than &amp;.
_ADDRESS = re.compile(r"https?://(?:[^\s<>&]|&amp;)*[^\s<>&.,;:)]")


def text(value: str, longest: int = _LONGEST) -> str:
    """Escape a text for a page, or for an attribute in double quotes; a long one is cut."""
    return escape(printable(cut(value, longest)))


def linked(value: str) -> str:
    """Escape a text for a page, and make links of the addresses in it."""
    return _ADDRESS.sub(r'<a href="\g<0>" rel="noreferrer">\g<0></a>', text(value))


def place_in(contract: str, clause: str) -> str:
    """Write the address of a clause on the page of its contract, for an attribute."""
    return escape(f"{contract}#{anchor(clause)}")


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """Read a file that stands beside this module."""
    return files("orderspec.report.html").joinpath(name).read_text(encoding="utf-8").strip()


def head(title: str, style: str, script: str = "") -> str:
    """Write a page's beginning; its policy lets nothing act but this style and this script.

    Args:
        title: of the page.
        style: CSS.
        script: JavaScript, or nothing.
    """
    allowed = ["default-src 'none'", f"style-src '{_hash(style)}'"]
    allowed += [f"script-src '{_hash(script)}'"] if script else []
    policy = "; ".join([*allowed, "base-uri 'none'", "form-action 'none'"])
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n"
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
