"""The ledger: what is said about momentum, what is true of it, and an experiment for everything that has a number."""
