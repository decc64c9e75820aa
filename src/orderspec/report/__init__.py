"""Findings → reports: the only formatters of the kit."""
