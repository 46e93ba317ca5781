"""The base layer: what the corpus, the conversation and the composition all stand on."""
