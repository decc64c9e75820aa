"""Executable contracts for order-creation APIs: validate, fuzz, serve and read them."""

__all__ = ["__version__"]

__version__ = "0.1.0"
