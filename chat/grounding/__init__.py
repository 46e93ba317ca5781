"""What ties an answer to its sources: markers, citations and quotes."""
