"""Sightline's tests: unit (no Qt), qt (offscreen), window (real X server), e2e (real process), bench."""
