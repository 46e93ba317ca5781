"""Commands of the conversation, one module each."""
