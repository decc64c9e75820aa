"""Rules in CEL: compiled once, evaluated on payloads and exchanges, explained with numbers."""

from orderspec.rules.evaluate import Outcome, Scope, Status, compile_rule, evaluate

__all__ = ["Outcome", "Scope", "Status", "compile_rule", "evaluate"]
