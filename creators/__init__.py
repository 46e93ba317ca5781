"""The corpus: creators, what they said, and how it becomes searchable."""
