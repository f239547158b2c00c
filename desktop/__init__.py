"""Sightline: ask vision models about the images on your computer, and see what each image costs."""

__version__ = "0.1.0"
