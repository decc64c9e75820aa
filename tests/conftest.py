"""What every test may count on."""

import os
from pathlib import Path

from orderspec.contract.kept import CACHE_VARIABLE

# Bundles are kept here, and in none of the user's folders; processes that tests start see it, too.
os.environ[CACHE_VARIABLE] = str(Path(__file__).parents[1] / ".pytest_cache" / "orderspec")
