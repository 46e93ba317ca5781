"""What messages are for: messages as people write them, and the classifier that is fitted on them."""
