"""A campaign as one page of HTML that needs nothing else."""

from orderspec.report.html.page import campaign_page

__all__ = ["campaign_page"]
