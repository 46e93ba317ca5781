"""What can go wrong between a text and its vector."""


class EmbeddingError(Exception):
    """No vectors came back.

    ``reason`` is a sentence for the log and holds no key; ``retryable`` says whether the same call may work later.
    """

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class WeightsError(EmbeddingError):
    """The embedded model's weights are missing or altered; the reason says which command brings them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, retryable=False)
