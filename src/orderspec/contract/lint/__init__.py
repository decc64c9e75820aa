"""Lint a contract: files, keywords, values, operations, links, rules, evidence."""

from orderspec.contract.lint.run import Check, Report, lint
from orderspec.contract.lint.subject import Subject

__all__ = ["Check", "Report", "Subject", "lint"]
