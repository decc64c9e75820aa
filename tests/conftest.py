"""What every test may count on."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

from orderspec.contract.kept import CACHE_VARIABLE

# Bundles are kept here, and in none of the user's folders; processes that tests start see it, too.
os.environ[CACHE_VARIABLE] = str(Path(__file__).parents[1] / ".pytest_cache" / "orderspec")

# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
