"""Payloads and exchanges against a contract: read, judge, explain."""
