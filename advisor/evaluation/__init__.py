"""Measuring the advisor offline."""
