"""Numbers as they come in an address or a form."""


def number_in(text: str) -> float | None:
    """Return the number, or None where there is none that can be used."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None  # also refuses nan
