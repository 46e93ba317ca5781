"""Drafting a personality without a model: what a creator says oftener than others, with the words that show it."""
