"""The reference server: a generic engine that reads the contract, and one behaviour a provider."""
