"""What was run before: outcomes in a file of JSON Lines, so that an interrupted run goes on."""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.trials import Outcome, Trial

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path("reports/outcomes.jsonl")
JUDGED = ("src/orderspec", "spec", "fixtures")


class OutcomeFile:
    """Outcomes by trial; each is written as soon as it is there."""

    def __init__(self, path: Path) -> None:
        """Read what was run with the same sources; what was run with others is left aside."""
        self._path = path
        self._tree = _digest()
        self._known: dict[Trial, Outcome] = {}
        others = 0
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            value = json.loads(line)
            if value.pop("tree") == self._tree:
                outcome = Outcome.from_json(value)
                self._known[outcome.trial] = outcome
            else:
                others += 1
        if others:
            told = f"{path}: {others} outcomes of other sources are left aside."
            print(told, file=sys.stderr)

    def missing(self, trials: Iterable[Trial]) -> list[Trial]:
        """List the trials that have no outcome."""
        return [trial for trial in trials if trial not in self._known]

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome."""
        self._known[outcome.trial] = outcome
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"tree": self._tree, **outcome.as_json()}) + "\n")

    def outcomes(self, trials: Iterable[Trial]) -> list[Outcome]:
        """Give the outcomes of trials, without those that have none."""
        return [self._known[trial] for trial in trials if trial in self._known]


def _digest() -> str:
    """Tell the sources of the kit and its contracts from others."""
    files = (path for folder in JUDGED for path in (ROOT / folder).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.suffix != ".pyc":
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
