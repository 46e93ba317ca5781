"""The jargon bridge: what was misheard is read as what is meant, in transcripts and in questions."""

from creators.glossary.replace import corrected
from creators.glossary.rules import Rule, rules_of, with_terms
from creators.glossary.segments import corrected_segments

__all__ = ["Rule", "corrected", "corrected_segments", "rules_of", "with_terms"]
