"""Composition: the settings, the embedded services and the doors put together into one program."""

__version__ = "0.1.0"
