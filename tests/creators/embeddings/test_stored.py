"""The graph on disk: built once, whole, and rebuilt when it is not what it was."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from creators.embeddings.minilm import MiniLM, ensure_graph, graph_path, is_stored


def test_it_is_prepared_once_the_graph_is_built(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    assert not is_stored(folder, precision="fp32")
    MiniLM(models_dir=folder).prepare()
    assert is_stored(folder, precision="fp32")


def test_it_builds_a_graph_once(models_dir: Path) -> None:
    path = ensure_graph(models_dir, precision="fp32")
    built = path.stat().st_mtime_ns
    assert ensure_graph(models_dir, precision="fp32") == path
    assert path.stat().st_mtime_ns == built


def test_it_rebuilds_a_damaged_graph(tmp_path: Path, models_dir: Path) -> None:
    sound = ensure_graph(models_dir, precision="fp32")
    for name in (sound.name, f"{sound.name}.sha256"):
        shutil.copy(sound.with_name(name), tmp_path)
    path, whole = tmp_path / sound.name, sound.read_bytes()
    assert is_stored(tmp_path, precision="fp32")
    for damaged in (b"", b"half a file", whole[:-1] + b"x"):
        path.write_bytes(damaged)
        assert not is_stored(tmp_path, precision="fp32")
    assert ensure_graph(tmp_path, precision="fp32").read_bytes() == whole


def test_it_rebuilds_a_graph_whose_digest_was_never_written(tmp_path: Path) -> None:
    path = graph_path(tmp_path, precision="fp32")
    path.write_bytes(b"stopped right after the rename")
    ensure_graph(tmp_path, precision="fp32")
    assert is_stored(tmp_path, precision="fp32")


def test_it_lets_two_build_at_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: ensure_graph(tmp_path, precision="fp32"), range(2)))
    assert is_stored(tmp_path, precision="fp32")
    assert len(list(tmp_path.iterdir())) == 2


def test_it_imports_onnx_on_the_first_start_only() -> None:
    code = "import sys, creators.embeddings.minilm; sys.exit('onnx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
