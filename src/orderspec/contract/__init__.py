"""A provider's contract: found, loaded, bundled and linted."""
