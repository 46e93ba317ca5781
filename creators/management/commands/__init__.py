"""Commands of the corpus, one module each."""
