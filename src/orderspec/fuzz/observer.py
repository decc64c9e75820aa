"""Who looks on while a campaign judges."""

from orderspec.contract.model import Link
from orderspec.exchange import Exchange
from orderspec.fuzz.cases import Case


class Observer:
    """Is shown what a campaign judges; this one takes no notice."""

    def judged(self, case: Case, exchange: Exchange, *, known: bool) -> None:
        """See one exchange; `known` says whether a refusal of it would be wrong."""

    def linked(self, link: Link, first: Exchange, following: Exchange, case: Case) -> None:
        """See two exchanges that a link led from one to the other."""
