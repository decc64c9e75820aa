"""Campaigns: requests against a running implementation, judged by its contract."""
