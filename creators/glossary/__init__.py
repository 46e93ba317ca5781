"""The jargon bridge: what was misheard is read as what is meant, in transcripts and in questions."""

from creators.glossary.replace import Rule, corrected, corrected_segments, rules_of, with_terms

__all__ = ["Rule", "corrected", "corrected_segments", "rules_of", "with_terms"]
