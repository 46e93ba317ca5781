"""Drafting a personality from a creator's own words: by a language model where there is one, else by counting."""
