"""The seeded defects, by stratum."""

from orderspec.server.providers.threekit.faults import (
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
    *security.FAULTS,
)

__all__ = ["FAULTS"]
