"""Texts that hold numbers and times, and the same texts with other ones."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_TIME = re.compile(
    r"(?P<stem>(?!9999)[1-9]\d{3}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d)?)(?P<rest>\.\d+)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?"
)


def as_number(text: str) -> int | Decimal | None:
    """Read a text that is a number as JSON would write it; None for any other text."""
    if not _NUMBER.fullmatch(text):
        return None
    return Decimal(text) if "." in text else int(text)


def written_like(model: Any, number: int | Decimal) -> Any:
    """Write a number as the model is: a text where that is one."""
    return f"{Decimal(number):f}" if isinstance(model, str) else number


@dataclass(frozen=True, slots=True)
class Time:
    """A date, or a date and a time, as a text has it."""

    stem: str
    rest: str
    zone: str

    @property
    def has_zone(self) -> bool:
        """Whether the text names its zone."""
        return bool(self.zone)

    def moved(self, by: timedelta) -> str:
        """Write the time that is later by so much, in the same form."""
        form = "%Y-%m-%d" if len(self.stem) == len("2024-05-01") else f"%Y-%m-%d{self.stem[10]}%T"
        return f"{(datetime.fromisoformat(self.stem) + by).strftime(form)}{self.rest}{self.zone}"

    def elsewhere(self) -> str:
        """Write the same digits in another zone."""
        return f"{self.stem}{self.rest}{'+07:00' if self.zone != '+07:00' else 'Z'}"


def as_time(value: Any) -> Time | None:
    """Read a text that is a date, or a date and a time; None for anything else."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        datetime.fromisoformat(found["stem"])
    except ValueError:
        return None
    return Time(found["stem"], found["rest"] or "", found["zone"] or "")
