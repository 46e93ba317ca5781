"""Composition: the settings, the embedded services and the doors put together into one program."""
