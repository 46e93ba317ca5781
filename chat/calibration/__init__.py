"""Calibrating relevance on a corpus: from questions whose answers are known to coefficients and thresholds."""
