"""all-MiniLM-L6-v2 in PyTorch, frozen but for low-rank matrices beside some of its layers."""

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from creators.embeddings.adapter import DOWN, UP

LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
MOST_TOKENS = 128
NEVER = -1e9
RANK, ALPHA, DROPPED = 8, 16, 0.1
LOWEST = 3
"""The first layer that learns: with those below it the training set is learnt no better, and it takes twice as long."""
PARTS = {
    "attention.self.query": (WIDTH, WIDTH),
    "attention.self.key": (WIDTH, WIDTH),
    "attention.self.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (WIDTH, 4 * WIDTH),
    "output.dense": (4 * WIDTH, WIDTH),
}
"""The parts of each layer that get matrices of their own, with their inputs and outputs."""


class Encoder(nn.Module):  # type: ignore[misc]  # torch is not in the environment that is checked
    """Embeds questions; only the low-rank matrices learn (LoRA: Hu et al., 2021)."""

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        super().__init__()
        self._tensors = load_file(weights)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        sizes = {
            f"encoder.layer.{layer}.{part}": size for layer in range(LOWEST, LAYERS) for part, size in PARTS.items()
        }
        self._places = {name: place for place, name in enumerate(sizes)}
        self.down = nn.ParameterList(nn.Parameter(torch.randn(RANK, size) * 0.02) for size, _ in sizes.values())
        self.up = nn.ParameterList(nn.Parameter(torch.zeros(size, RANK)) for _, size in sizes.values())

    def forward(self, texts: Sequence[str]) -> Tensor:
        """Return unit vectors, shape (texts, 384)."""
        encoded = [self._tokenizer.encode(text).ids for text in texts]
        length = max(map(len, encoded))
        ids = torch.tensor([one + [0] * (length - len(one)) for one in encoded])
        mask = torch.tensor([[1.0] * len(one) + [0.0] * (length - len(one)) for one in encoded])
        bias = (1 - mask[:, None, None, :]) * NEVER
        with torch.no_grad():
            hidden = self._through(range(LOWEST), self._embedded(ids), bias)
        hidden = self._through(range(LOWEST, LAYERS), hidden, bias)
        pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(pooled, dim=-1)

    def _through(self, layers: range, hidden: Tensor, bias: Tensor) -> Tensor:
        for layer in layers:
            hidden = self._layer(f"encoder.layer.{layer}", hidden, bias)
        return hidden

    def _embedded(self, ids: Tensor) -> Tensor:
        words = self._tensors["embeddings.word_embeddings.weight"][ids]
        places = self._tensors["embeddings.position_embeddings.weight"][: ids.shape[1]]
        segment = self._tensors["embeddings.token_type_embeddings.weight"][0]
        return self._normalised("embeddings.LayerNorm", words + places + segment)

    def _layer(self, name: str, hidden: Tensor, bias: Tensor) -> Tensor:
        batch, length, _ = hidden.shape
        query, key, value = (
            self._linear(f"{name}.attention.self.{part}", hidden)
            .view(batch, length, HEADS, WIDTH // HEADS)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        shares = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(WIDTH / HEADS) + bias, dim=-1)
        attended = (shares @ value).transpose(1, 2).reshape(batch, length, WIDTH)
        middle = hidden + self._linear(f"{name}.attention.output.dense", attended)
        middle = self._normalised(f"{name}.attention.output.LayerNorm", middle)
        wide = functional.gelu(self._linear(f"{name}.intermediate.dense", middle))
        narrow = self._linear(f"{name}.output.dense", wide)
        return self._normalised(f"{name}.output.LayerNorm", middle + narrow)

    def _linear(self, name: str, value: Tensor) -> Tensor:
        whole = functional.linear(value, self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"])
        place = self._places.get(name)
        if place is None:
            return whole
        dropped = functional.dropout(value, DROPPED, self.training)
        added = functional.linear(functional.linear(dropped, self.down[place]), self.up[place])
        return whole + added * (ALPHA / RANK)

    def _normalised(self, name: str, value: Tensor) -> Tensor:
        weight, bias = self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
        return functional.layer_norm(value, (WIDTH,), weight, bias, EPSILON)

    def write(self, target: Path) -> None:
        """Write the low-rank matrices as the program reads them: the second one holds the scale."""
        tensors = {}
        for name, place in self._places.items():
            tensors[name + DOWN] = self.down[place].detach().half().contiguous()
            tensors[name + UP] = (self.up[place].detach() * (ALPHA / RANK)).half().contiguous()
        save_file(tensors, target)
