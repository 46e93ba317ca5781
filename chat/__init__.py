"""The conversation: from a question to a streamed answer with its receipts."""
