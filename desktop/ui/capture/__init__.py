"""Capturing: the overlay over frozen screens, the countdown before it, the answer in a window at the side."""
