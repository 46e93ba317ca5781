"""Receipts: whether each sentence of an answer stands in the passages it cites."""
