"""Commands of the corpus."""
