"""The seeded defects, by stratum."""

from orderspec.server.providers.rutter.faults import (
    lists,
    robustness,
    security,
    semantic,
    stateful,
    structural,
    validation,
)

FAULTS = (
    *structural.FAULTS,
    *validation.FAULTS,
    *robustness.FAULTS,
    *semantic.FAULTS,
    *stateful.FAULTS,
    *lists.FAULTS,
    *security.FAULTS,
)

__all__ = ["FAULTS"]
