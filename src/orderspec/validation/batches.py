"""A block of texts → what came of each, and how many were right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.errors import ReadError, UsageError
from orderspec.findings import Finding, Judged
from orderspec.validation.engine import Options
from orderspec.validation.first_look import ANYTHING, Doubts, FirstLook
from orderspec.validation.reader import MOST_BYTES, Block, Document, document, is_recording
from orderspec.validation.target import Target, body_targets, find_contract, find_target


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a block.

    Attributes:
        file: the source.
        results: of each document that there is something to tell of: findings, the schema that was
            taken, or why it could not be judged; and of each file that is one document.
        judged: how many documents were judged.
        numbers: how many documents there are.
        lines: how many lines there are, of JSON Lines.
        is_last: whether the source ends here.
        size: bytes of text.
        schema: the schema that all of it was judged by, if that was chosen beforehand.
    """

    file: str
    results: tuple[Judged | ReadError, ...] = ()
    judged: int = 0
    numbers: int = 0
    lines: int = 0
    is_last: bool = False
    size: int = 0
    schema: str = ""

    def after(self, lines: int, numbers: int) -> "Batch":
        """Move the places to where the block stands in its file."""
        if not self.results or not (lines or numbers):
            return self
        moved = tuple(_moved(result, lines, numbers) for result in self.results)
        return replace(self, results=moved)


def _moved(result: Judged | ReadError, lines: int, numbers: int) -> Judged | ReadError:
    if isinstance(result, ReadError):
        line = None if result.line is None else result.line + lines
        return ReadError(
            result.message, result.hint, file=result.file, line=line, column=result.column
        )
    findings = tuple(
        replace(one, line=(one.line or 1) + lines, document=(one.document or 1) + numbers)
        for one in result.findings
    )
    return replace(result, number=(result.number or 1) + numbers, findings=findings)


JudgeOne = Callable[[Document, Doubts], Judged | ReadError]


class BlockJudge:
    """Judges blocks by one schema, or each document by the one that it is of."""

    def __init__(self, schema: str | None, options: Options) -> None:
        """Prepare.

        Args:
            schema: one schema, see `target.find_target`; or the contract of all schemas that
                documents may be of, see `target.find_contract`; None stands for every contract.
            options: how to judge.

        Raises:
            UsageError: there is no such schema, or no contract at all.
            ContractError: a contract is broken.
        """
        self._first_look: FirstLook | None = None
        self._look: Callable[[bytes], Doubts] = lambda _: ANYTHING
        self._title = ""
        contract = find_contract(schema) if schema is not None else None
        self._is_sure = contract is not None
        if schema is None or contract is not None:
            self._contracts = [contract] if contract else _all_contracts()
            self._judge = _detecting(self._contracts, options)
        else:
            target = _kept_target(schema, catalog.spec_folder())
            self._contracts = [target.contract]
            self._title = target.name
            self._first_look = _kept_look(schema, catalog.spec_folder(), options)
            self._look = self._first_look.doubts
            self._judge = _judging(target, options)

    def prepare(self) -> None:
        """Do at once what judging many documents would do once."""
        if self._first_look is not None:
            self._first_look.prepare()

    def judge(self, block: Block) -> Batch:
        """Judge a block; lines and documents are counted from its start."""
        if is_recording(block.file):
            return self._recorded(block)
        results: list[Judged | ReadError] = []
        judged = numbers = 0
        look = self._look
        for line, text in enumerate(block.texts, start=1):
            doubts = look(text) if text is not None else ANYTHING
            if doubts.is_right:
                judged += 1
                numbers += 1
                if not block.are_lines:
                    results.append(Judged(block.file, None, self._title))
                continue
            if text is not None and block.are_lines and not text.strip():
                continue
            numbers += 1
            result = self._result(block, text, (line, numbers), doubts)
            is_judged = isinstance(result, Judged)
            judged += is_judged
            if not is_judged or not block.are_lines or _tells(result):
                results.append(result)
        lines = len(block.texts) if block.are_lines else 0
        return Batch(
            file=block.file,
            results=tuple(results),
            judged=judged,
            numbers=numbers,
            lines=lines,
            is_last=block.is_last,
            size=_size(block),
            schema=self._title,
        )

    def _recorded(self, block: Block) -> Batch:
        from orderspec.validation.recordings import judge_recording  # noqa: PLC0415 (often not needed)
        from orderspec.validation.traffic import Traffic  # noqa: PLC0415 (the same)

        traffic = Traffic(self._contracts, anywhere=self._is_sure or bool(self._title))
        results: list[Judged | ReadError] = []
        for text in block.texts:
            try:
                if text is None:
                    raise _too_long(block.file, None)
                results += judge_recording(document(block.file, text), traffic)
            except ReadError as error:
                results.append(error.with_traceback(None))
        judged = sum(isinstance(one, Judged) for one in results)
        return Batch(
            file=block.file,
            results=tuple(results),
            judged=judged,
            numbers=len(results),
            is_last=block.is_last,
            size=_size(block),
        )

    def _result(
        self, block: Block, text: bytes | None, place: tuple[int, int], doubts: Doubts
    ) -> Judged | ReadError:
        if text is None:
            return _too_long(block.file, place[0] if block.are_lines else None)
        try:
            if block.are_lines:
                return self._judge(document(block.file, text.rstrip(b"\r"), *place), doubts)
            return self._judge(document(block.file, text), doubts)
        except ReadError as error:
            # Its traceback would keep the text alive.
            return error.with_traceback(None)


def _size(block: Block) -> int:
    return sum(map(len, filter(None, block.texts))) + len(block.texts) * block.are_lines


def _too_long(file: str, line: int | None) -> ReadError:
    message = f"a document of more than {MOST_BYTES >> 20} MiB is not read"
    hint = "Is it one document? Of JSON Lines, each stands on a line of its own."
    return ReadError(message, hint, file=file, line=line)


def _tells(result: Judged | ReadError) -> bool:
    return not isinstance(result, Judged) or bool(result.findings or result.reason)


def _judging(target: Target, options: Options) -> JudgeOne:
    return lambda document, doubts: Judged(
        document.file,
        document.number,
        target.name,
        _placed(document, target.judge(document.value, options, doubts.rules).findings),
    )


@cache
def _kept_target(schema: str, spec: Path) -> Target:
    del spec  # another tree has another contract of the same name
    return find_target(schema)


@lru_cache(maxsize=16)
def _kept_look(schema: str, spec: Path, options: Options) -> FirstLook:
    return _kept_target(schema, spec).first_look(options)


def _all_contracts() -> list[Contract]:
    contracts = [catalog.load(name) for name in catalog.providers()]
    if not contracts:
        message = f"there is no contract in {catalog.spec_folder()}"
        raise UsageError(message, "Name a schema file by -s, or another spec tree by --spec.")
    return contracts


def _detecting(contracts: Iterable[Contract], options: Options) -> JudgeOne:
    from orderspec.validation.detect import Undecided, detect  # noqa: PLC0415 (often not needed)

    targets = [target for contract in contracts for target in body_targets(contract)]

    def judge(document: Document, _: Doubts) -> Judged | ReadError:
        choice = detect(document.value, targets, options)
        if isinstance(choice, Undecided):
            line = None if document.number is None else document.line
            return ReadError(choice.message, choice.hint, file=document.file, line=line)
        findings = _placed(document, choice.judgement.findings)
        return Judged(document.file, document.number, choice.target.name, findings, choice.reason)

    return judge


def _placed(document: Document, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Add file, line and column, and put the findings into the order of their places."""
    found = list(findings)
    if not found:
        return ()
    positions = document.locate({finding.at for finding in found})
    placed = [
        replace(
            finding,
            file=document.file,
            line=positions[finding.at].value.line,
            column=positions[finding.at].value.column,
            document=document.number,
            excerpt=document.excerpt(positions[finding.at].value),
        )
        for finding in found
    ]
    return tuple(sorted(placed, key=lambda finding: (finding.line or 0, finding.column or 0)))
