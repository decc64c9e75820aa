"""The seeded defects, by stratum."""

from orderspec.server.providers.square.faults import (
    relations,
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
    *relations.FAULTS,
    *stateful.FAULTS,
    *security.FAULTS,
)

__all__ = ["FAULTS"]
