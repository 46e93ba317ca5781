"""How dates are written, by language: Django finds a module for each."""
