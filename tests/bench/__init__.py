"""Measurements: scripts that print figures against a baseline of the same run, never tests that flake."""
