"""Trains the two networks that travel with the package. Nothing here is needed to serve."""
