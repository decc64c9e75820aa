"""Behaviour, one module or package a provider, found by name; each exports ``BEHAVIOUR``."""
