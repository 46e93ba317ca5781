"""Nearest-neighbour search beside other engines: ``python -m bench.peers --peers-python PATH --squad FOLDER``.

The same vectors (a corpus that ``bench.million`` made), the same questions (SQuAD's odd articles), the same machine,
one client, one question after the other; the ten nearest of all chunks, and of one creator, for creators of several
sizes. Each engine runs in a process of its own, from an index on disk, warm: each setting is tried on the questions
before the one that is reported is timed. A peer reports the fastest of the settings that reach ``--recall`` against
exact search, or else the one that comes nearest to it. Chosen for each engine:

* ours: the dense leg as a retrieval calls it, a transaction and its round trips to PostgreSQL included, with the
  program's settings, never tuned here; ``ours`` asks for ten, ``ours-candidates`` for as many as a retrieval does.
* faiss: ``IndexHNSWFlat``, M 32, efConstruction 100, inner product of unit vectors, efSearch tuned; filtered with an
  ``IDSelectorBitmap`` made beforehand, which the graph search applies to what it comes by, the usual way.
* faiss-flat: an exact scan, of one creator's vectors laid together beforehand: the floor for small creators.
* chromadb: ``PersistentClient``, cosine, its default graph (16 neighbours, ef_construction 100), ef_search tuned,
  ``where={"creator": n}``; neither documents nor other metadata.
* lancedb: a local table with ``IVF_HNSW_SQ`` by its defaults, which its documentation names for the best recall at low
  latency, and a bitmap index on the creator, both warmed beforehand; ``.where("creator = n", prefilter=True)``; ef and
  refine_factor tuned, and for a creator also the scan without the vector index, where that is faster.
* lancedb-ivf: the same with ``IVF_SQ``, nprobes and refine_factor tuned: built far sooner, and about as fast.
  (``IVF_PQ``, its default, was no faster at equal recall, for it needs a refine_factor of 20.)

``pip install -r bench/requirements-peers.txt`` in an environment of its own; PATH is its interpreter.
"""

import argparse
from pathlib import Path

from bench.peer_data import read
from bench.peer_report import Report
from bench.relevance import own_database

PEERS = ("faiss", "faiss-flat", "chromadb", "lancedb", "lancedb-ivf")


def main() -> None:
    options = _options()
    folder = options.folder or Path("var", "bench", f"peers-{options.chunks}")
    file = options.vectors or folder / "vectors.npz"
    exports = not file.exists() if options.vectors or options.reuse else True
    if exports or "ours" in options.engines:
        own_database(f"made-{options.chunks}")
    if exports:
        _export(options, file)
    report = Report()
    if "ours" in options.engines and not options.build_only:
        _ours(options, file, report)
    for engine in options.engines:
        if engine in PEERS:
            report.add_peer(engine, options, file=file, folder=folder / engine)
    report.print()


def _export(options: argparse.Namespace, file: Path) -> None:
    from bench.peer_export import export

    if options.squad is None:
        raise SystemExit("The questions are missing: name the folder of dev-v1.1.json with --squad.")
    export(file, squad=options.squad, questions=options.questions, sizes=options.sizes)


def _ours(options: argparse.Namespace, file: Path, report: Report) -> None:
    from bench.peer_ours import LIMITS, Ours, megabytes
    from bench.peer_timing import measure

    data = read(file)
    for name, limit in LIMITS.items():
        engine = Ours(data, limit=limit)
        report.add(measure(name, engine, data, recall=options.recall, seconds=options.seconds))
    report.add_size("ours", megabytes=megabytes())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers-python", type=Path, required=True, help="interpreter that has the peers")
    parser.add_argument("--squad", type=Path, help="where dev-v1.1.json lies, for an export")
    parser.add_argument("--chunks", type=int, default=100_000, help="which made corpus (100000)")
    parser.add_argument("--engines", nargs="+", choices=["ours", *PEERS], default=["ours", *PEERS])
    parser.add_argument("--vectors", type=Path, help="exported file: used if it exists, else written")
    parser.add_argument("--folder", type=Path, help="where the peers' indexes lie (var/bench/peers-CHUNKS)")
    parser.add_argument("--reuse", action="store_true", help="use the export and the indexes of an earlier run")
    parser.add_argument("--build-only", action="store_true", help="export and build, and time nothing else")
    parser.add_argument("--questions", type=int, default=200, help="how many to ask (200)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 20_000, 10_000, 1_000, 100])
    parser.add_argument("--recall", type=float, default=0.98, help="recall@10 that a peer is tuned to (0.98)")
    parser.add_argument("--seconds", type=float, default=20, help="most seconds for one setting (20)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
