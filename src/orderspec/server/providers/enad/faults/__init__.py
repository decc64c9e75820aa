"""The seeded defects, by stratum; with no credentials to check, there is none of security."""

from orderspec.server.providers.enad.faults import (
    robustness,
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
)

__all__ = ["FAULTS"]
