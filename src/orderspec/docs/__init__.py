"""The contract as pages to read: what it says in words, with its evidence and its examples."""
