"""Rules in CEL: compiled once, evaluated on payloads and exchanges, explained with numbers."""

from orderspec.rules.evaluate import Outcome, Status, compile_rule, evaluate
from orderspec.rules.scope import Scope

__all__ = ["Outcome", "Scope", "Status", "compile_rule", "evaluate"]
