"""How dates are written in English, at the desk as on the page."""
