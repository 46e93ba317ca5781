"""What there is to read and to ask: creators, works, transcripts, and questions the corpus answers."""
