"""MPNet under BERT's names: the same layers, and a bias of attention that hangs on how far two tokens lie apart.

Source: Song et al., 2020, "MPNet: Masked and Permuted Pre-training for Language Understanding"; the distances are
parted as in T5 (Raffel et al., 2020).
"""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Tensors = Mapping[str, npt.NDArray[np.float32]]

BUCKETS = "encoder.relative_attention_bias.weight"
"""The tensor by which a file is known to be MPNet's: (kinds of distance, heads)."""
BIAS = "encoder.distance_bias"
"""What is made of it here: (heads, tokens, tokens), added to the scores of attention."""
UNUSED_POSITIONS = 2
"""Rows before that of the first token: positions are counted from behind that of the padding token, which is 1."""
FAR = 128
"""Tokens from which on two lie equally far apart."""
NAMES = {
    ".attention.attn.q.": ".attention.self.query.",
    ".attention.attn.k.": ".attention.self.key.",
    ".attention.attn.v.": ".attention.self.value.",
    ".attention.attn.o.": ".attention.output.dense.",
    ".attention.LayerNorm.": ".attention.output.LayerNorm.",
}


def as_bert(tensors: Tensors, *, tokens: int) -> Tensors:
    """Return the tensors by BERT's names, with ``BIAS`` for texts of up to so many tokens."""
    renamed = {_bert_name(name): tensor for name, tensor in tensors.items()}
    places = tensors["embeddings.position_embeddings.weight"][UNUSED_POSITIONS:]
    return renamed | {
        "embeddings.position_embeddings.weight": places,
        "embeddings.token_type_embeddings.weight": np.zeros_like(places[:1]),  # MPNet has no segments
        BIAS: distance_bias(tensors[BUCKETS], tokens=tokens),
    }


def _bert_name(name: str) -> str:
    for own, bert in NAMES.items():
        name = name.replace(own, bert)
    return name


def distance_bias(weights: npt.NDArray[np.float32], *, tokens: int) -> npt.NDArray[np.float32]:
    """Return what each head adds where a token (row) looks at another (column): (heads, tokens, tokens).

    ``weights`` has a row for each kind of distance: half of them look back, half ahead; of each half the first half are
    single distances, the others grow with the logarithm up to ``FAR``.
    """
    half = len(weights) // 2
    single = half // 2
    distances = np.arange(tokens)[None, :] - np.arange(tokens)[:, None]
    apart = np.abs(distances)
    # In single precision, as where the weights were learnt: it decides on which side of a border 16, 32 and 64 fall.
    growth = np.log(np.maximum(apart, single).astype(np.float32) / single) / np.float32(math.log(FAR / single))
    kinds = np.where(apart < single, apart, np.minimum(single + (growth * (half - single)).astype(int), half - 1))
    return np.asarray(weights[kinds + half * (distances > 0)].transpose(2, 0, 1), np.float32)
