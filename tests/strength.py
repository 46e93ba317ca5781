"""How hard hypothesis tries: a little in every run, and at full strength in ``make soak``."""

from hypothesis import settings

# On a busy machine any example may be slow, and a slow one is no failure.
settings.register_profile("suite", deadline=None, max_examples=25)
settings.register_profile("soak", deadline=None, max_examples=200)
settings.load_profile("suite")


def examples(share: float) -> int:
    """Return this share of the examples that the chosen profile takes, for a test whose examples are slow."""
    return max(1, round(share * settings().max_examples))
