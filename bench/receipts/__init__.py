"""Measuring and fitting the verdicts on hand-made pairs of claim and passage."""
