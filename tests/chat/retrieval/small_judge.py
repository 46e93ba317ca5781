"""A random cross-encoder, small enough to be made for a test, and what it says computed in numpy."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import BertProcessing

Array = npt.NDArray[np.float32]

WORDS = ("[PAD]", "[CLS]", "[SEP]", "[UNK]", "how", "loud", "is", "a", "snare", "kick", "as", "the")
LAYERS, HEADS, WIDTH, POSITIONS = 2, 2, 8, 16
CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "id2label": {"0": "LABEL_0"},
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "hidden_size": WIDTH,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": POSITIONS,
}


def write_judge(folder: Path, *, labels: int = 1, **config: Any) -> dict[str, Array]:
    """Make the folder as transformers saves it, with these fields changed; return its tensors."""
    folder.mkdir(parents=True)
    tensors = _tensors(labels)
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIG | config))
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    tokenizer.save(str(folder / "tokenizer.json"))
    return tensors


def _tensors(labels: int) -> dict[str, Array]:
    shapes: dict[str, tuple[int, ...]] = {
        "bert.embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "bert.embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "bert.embeddings.token_type_embeddings.weight": (2, WIDTH),
        "bert.embeddings.LayerNorm.weight": (WIDTH,),
        "bert.pooler.dense.weight": (WIDTH, WIDTH),
        "classifier.weight": (labels, WIDTH),
    }
    for layer in range(LAYERS):
        prefix = f"bert.encoder.layer.{layer}"
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes[f"{prefix}.{name}.weight"] = (WIDTH, WIDTH)
        shapes |= {f"{prefix}.intermediate.dense.weight": (4 * WIDTH, WIDTH)}
        shapes |= {f"{prefix}.output.dense.weight": (WIDTH, 4 * WIDTH)}
        shapes |= {f"{prefix}.{part}.LayerNorm.weight": (WIDTH,) for part in ("attention.output", "output")}
    biases = {name.replace("weight", "bias"): shape[:1] for name, shape in shapes.items() if "_embeddings" not in name}
    chance = np.random.default_rng(1)
    return {name: chance.normal(size=shape).astype(np.float32) for name, shape in (shapes | biases).items()}


def logit(tensors: dict[str, Array], ids: list[int], kinds: list[int]) -> float:
    """Return what the cross-encoder says of one pair, word for word as the paper has it."""

    def linear(name: str, value: Array) -> Array:
        return np.asarray(value @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"])

    def norm(name: str, value: Array) -> Array:
        even = (value - value.mean(-1, keepdims=True)) / np.sqrt(value.var(-1, keepdims=True) + 1e-12)
        return np.asarray(even * tensors[f"{name}.weight"] + tensors[f"{name}.bias"])

    tables = (tensors[f"bert.embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type"))
    words, places, segments = tables
    hidden = norm("bert.embeddings.LayerNorm", words[ids] + places[: len(ids)] + segments[kinds])
    for layer in range(LAYERS):
        prefix = f"bert.encoder.layer.{layer}"
        query, key, value = (
            linear(f"{prefix}.attention.self.{name}", hidden).reshape(-1, HEADS, WIDTH // HEADS).swapaxes(0, 1)
            for name in ("query", "key", "value")
        )
        shares = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(WIDTH / HEADS))
        seen = (shares / shares.sum(-1, keepdims=True) @ value).swapaxes(0, 1).reshape(-1, WIDTH)
        middle = norm(f"{prefix}.attention.output.LayerNorm", linear(f"{prefix}.attention.output.dense", seen) + hidden)
        wide = linear(f"{prefix}.intermediate.dense", middle)
        wide = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        hidden = norm(f"{prefix}.output.LayerNorm", linear(f"{prefix}.output.dense", wide) + middle)
    return float(linear("classifier", np.tanh(linear("bert.pooler.dense", hidden[0])))[0])
