"""The graph on disk: built once from the weights, put in place whole, and checked before each use."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from creators.embeddings.weights import MODEL_DIGEST, check, find_weights, sha256

if TYPE_CHECKING:
    import onnx

Precision = Literal["fp32", "int8"]

# Raise it with every change of the graph: files of an older builder are then left alone and no longer used.
BUILDER = 1


def graph_path(models_dir: Path, *, precision: Precision) -> Path:
    """Return where the graph is kept; the name changes with the weights, the precision and the builder."""
    return models_dir / f"{MODEL_DIGEST[:12]}-{precision}-{BUILDER}.onnx"


def is_stored(models_dir: Path, *, precision: Precision) -> bool:
    """Say whether the graph is there and is, byte for byte, what was built."""
    path = graph_path(models_dir, precision=precision)
    try:
        return _digest_path(path).read_text().split()[:1] == [sha256(path)]
    except OSError:
        return False


def ensure_graph(models_dir: Path, *, precision: Precision) -> Path:
    """Return the path of a sound graph, built in about two seconds where there is none; may raise WeightsError."""
    path = graph_path(models_dir, precision=precision)
    if not is_stored(models_dir, precision=precision):
        models_dir.mkdir(parents=True, exist_ok=True)
        _put(path, lambda target: _write(target, precision=precision))
        # The digest goes last: whoever is stopped between the two builds again.
        _put(_digest_path(path), lambda target: target.write_text(f"{sha256(path)}  {path.name}\n"))
    return path


def _digest_path(path: Path) -> Path:
    return path.with_suffix(".onnx.sha256")


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside ``path`` and rename, so that a reader, or a second builder, never meets half a file."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
        draft = Path(folder) / path.name
        write(draft)
        draft.replace(path)


def _write(target: Path, *, precision: Precision) -> None:
    # Needed on the first start only, and slow to import.
    import onnx

    model = _build()
    if precision == "int8":
        _quantise(model, target)
    else:
        onnx.save(model, str(target))


def _build() -> "onnx.ModelProto":
    from safetensors.numpy import load_file

    from creators.embeddings.onnx_graph import build_graph

    weights = find_weights()
    check(weights.model, digest=MODEL_DIGEST)
    return build_graph(load_file(weights.model))


def _quantise(model: "onnx.ModelProto", target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Tells onnxruntime not to ask, in the root logger, for a clean-up that this graph has no need of.
    model.metadata_props.add(key="onnx.quant.pre_process", value="onnxruntime.quant")
    # Signed weights: on processors with VNNI they run half as fast again as unsigned ones.
    quantize_dynamic(
        model,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
