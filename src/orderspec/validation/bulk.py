"""Many documents against one schema, or each against the one that it is of; order is kept."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from orderspec.contract import catalog
from orderspec.errors import ReadError, UsageError
from orderspec.findings import Finding, Judged
from orderspec.validation.detect import Undecided, detect
from orderspec.validation.engine import Options
from orderspec.validation.reader import STANDARD_INPUT, Document, read, sources
from orderspec.validation.target import Target, body_targets, find_target

_BATCH = 25


def judge_all(
    paths: Iterable[str | Path],
    stdin: BinaryIO,
    schema: str | None,
    options: Options,
    workers: int = 1,
) -> Iterator[Judged | ReadError]:
    """Judge every document behind the paths.

    Args:
        paths: files, folders, and ``-`` for standard input; see `reader.read`.
        stdin: what ``-`` stands for.
        schema: see `target.find_target`; None chooses for each document the schema that it is of.
        options: how to judge.
        workers: processes to spread the files over. One file is never spread, and standard input
            is read by the calling process.

    Yields:
        What came of each document, in the order of the paths; a `ReadError` (as a value, not
        raised) for what could not be read, or is of no schema that can be told.

    Raises:
        UsageError: there is no such schema.
        ContractError: a contract is broken.
    """
    if workers > 1:
        yield from _spread(paths, stdin, schema, options, workers)
    else:
        yield from _judge(paths, stdin, schema, options)


def _judge(
    paths: Iterable[str | Path], stdin: BinaryIO, schema: str | None, options: Options
) -> Iterator[Judged | ReadError]:
    judge_one = _judge_of(schema, options)
    for document in read(paths, stdin):
        yield document if isinstance(document, ReadError) else judge_one(document)


def _spread(
    paths: Iterable[str | Path],
    stdin: BinaryIO,
    schema: str | None,
    options: Options,
    workers: int,
) -> Iterator[Judged | ReadError]:
    """Send batches of files to other processes and collect what they found in order."""
    with ProcessPoolExecutor(workers) as pool:
        results: list[Future[list[Judged | ReadError]] | Path | ReadError] = []
        for is_file, group in groupby(sources(paths), _is_file):
            found = list(group)
            if not is_file:
                results.extend(found)
                continue
            files = [str(source) for source in found]
            results.extend(
                pool.submit(_judge_batch, files[start : start + _BATCH], schema, options)
                for start in range(0, len(files), _BATCH)
            )
        for result in results:
            if isinstance(result, ReadError):
                yield result
            elif isinstance(result, Path):
                yield from _judge([result], stdin, schema, options)
            else:
                yield from result.result()


def _is_file(source: Path | ReadError) -> bool:
    return isinstance(source, Path) and str(source) != STANDARD_INPUT


def _judge_batch(
    files: list[str], schema: str | None, options: Options
) -> list[Judged | ReadError]:
    return list(_judge(files, BytesIO(), schema, options))


def _judge_of(schema: str | None, options: Options) -> Callable[[Document], Judged | ReadError]:
    if schema is None:
        targets = _all_targets()
        return lambda document: _judge_detected(document, targets, options)
    target = _kept_target(schema, catalog.spec_folder())
    return lambda document: Judged(
        document.file,
        document.number,
        target.name,
        _placed(document, target.judge(document.value, options).findings),
    )


@cache
def _kept_target(schema: str, spec: Path) -> Target:
    del spec  # another tree has another contract of the same name
    return find_target(schema)


def _all_targets() -> list[Target]:
    targets = [
        target for name in catalog.providers() for target in body_targets(catalog.load(name))
    ]
    if not targets:
        message = f"there is no contract in {catalog.spec_folder()}"
        raise UsageError(message, "Name a schema file by -s, or another spec tree by --spec.")
    return targets


def _judge_detected(
    document: Document, targets: list[Target], options: Options
) -> Judged | ReadError:
    choice = detect(document.value, targets, options)
    if isinstance(choice, Undecided):
        line = None if document.number is None else document.line
        return ReadError(choice.message, choice.hint, file=document.file, line=line)
    findings = _placed(document, choice.judgement.findings)
    return Judged(document.file, document.number, choice.target.name, findings, choice.reason)


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
        )
        for finding in found
    ]
    return tuple(sorted(placed, key=lambda finding: (finding.line or 0, finding.column or 0)))
