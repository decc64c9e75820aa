"""Coverage: what of the documents' tables the contract defines, and which fixtures prove it."""

from orderspec.coverage.table import coverage

__all__ = ["coverage"]
