"""The relay beside others: ``python -m bench.relay flat|paced|frames|first|memory|doors``, with the options below.

One core for the server, another for the model (``bench.relay.model``), the load (``bench.relay.load``), PostgreSQL
and Redis, each a process of its own. Every answer is streamed over HTTP/1.1 on loopback, on a connection of its own
and in a conversation of its own; each token has one ``~`` by which the load counts it, so that none is lost unnoticed.

* direct: the load asks the model itself: the limit of both.
* ours-daphne, ours-uvicorn, ours-granian: this program, everything on but the search: one real retrieval, made
  beforehand, is given to every question. Daphne as ``manage.py run`` starts it; uvicorn with uvloop and httptools;
  granian with one worker.
* usual: ``bench.relay.usual``, by FastAPI, uvicorn, the openai client's typed stream and SQLAlchemy, on the same
  PostgreSQL, with the same prompt and sources.
* litellm: LiteLLM's proxy, which neither remembers nor searches, asked over its own ``/v1/chat/completions``.

flat: tokens as fast as they go, of ``--streams`` answers at once, for each CPU second of the server, children
included; ``--single`` has the model send every token by itself. paced: how many streams of 20 tokens a second one
core holds, with 99 of 100 gaps between receptions below 100 ms. frames: how many streams of 64 tokens at 20 ms it
holds without a gap of 40 ms in 99 of 100 of them, as others publish it. first: the time to the first token, one
question after the other, from before the connection is made. memory: what a stream costs that is open. doors: the
time to the first token at each door of ours, in rounds. The CPU time of the model and of the load, in each table or
by its ``direct`` row, says whether one of them was the limit; that of others on the server's core, whether the
machine was quiet.

PATH is the interpreter of an environment with ``bench/requirements-relay.txt``; the servers lie in a folder that
``pip install --target`` filled (the same file says how).
"""

import argparse
import sys
from pathlib import Path

from bench.relay import doors, first, flat, frames, memory, paced
from bench.relay.asking import model
from bench.relay.engines import ENGINES, Bench
from bench.relay.figures import Sizes
from bench.relay.stores import stores
from bench.relay.versions import versions

LADDER = [25, 50, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000]
MEASUREMENTS = {"flat": flat, "paced": paced, "frames": frames, "first": first, "memory": memory, "doors": doors}


def main() -> None:
    options = _options()
    measurement = MEASUREMENTS[options.measurement]
    said = versions(peers_python=options.peers_python, servers_path=options.servers_path)
    print(f"{options.measurement}, cache: {options.cache}; {said}\n", flush=True)
    cores = {"server_core": options.server_core, "client_core": options.client_core}
    with (
        stores(cache=options.cache, core=options.client_core) as kept,
        model(kept.folder, core=options.client_core) as answering,
    ):
        paths = {"peers_python": options.peers_python.absolute(), "servers_path": options.servers_path.absolute()}
        bench = Bench(stores=kept, model=answering, **cores, **paths)
        print(f"| {' | '.join(measurement.HEADER)} |\n|{' --- |' * len(measurement.HEADER)}", flush=True)
        for row in measurement.measure(bench, options.engines, _sizes(options)):
            print(f"| {' | '.join(map(str, row))} |", flush=True)


def _sizes(options: argparse.Namespace) -> Sizes:
    return Sizes(
        streams=options.streams,
        tokens=options.tokens,
        single=options.single,
        rounds=options.rounds,
        ladder=options.ladder,
        seconds=options.seconds,
        requests=options.requests,
        opened=options.opened,
        words=options.words,
    )


def _names(given: str) -> list[str]:
    names = given.split(",")
    if unknown := set(names) - set(ENGINES):
        raise argparse.ArgumentTypeError(f"no engine is called {', '.join(unknown)}")
    return names


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measurement", choices=MEASUREMENTS)
    parser.add_argument("--engines", type=_names, default=list(ENGINES), help="names with commas between (all)")
    parser.add_argument("--cache", choices=["database", "redis"], default="database", help="of ours (database)")
    parser.add_argument("--peers-python", type=Path, default=Path(sys.executable), help="interpreter with the peers")
    parser.add_argument("--servers-path", type=Path, default=Path(), help="folder with uvicorn and granian")
    parser.add_argument("--server-core", type=int, default=1, help="core of the server (1)")
    parser.add_argument("--client-core", type=int, default=0, help="core of everything else (0)")
    parser.add_argument("--streams", type=int, default=8, help="flat: streams at once (8)")
    parser.add_argument("--tokens", type=int, default=2000, help="flat: tokens of an answer (2000)")
    parser.add_argument("--single", action="store_true", help="flat: every token in a packet of its own")
    parser.add_argument("--rounds", type=int, default=3, help="flat, doors: rounds that count (3)")
    parser.add_argument("--ladder", type=int, nargs="+", default=LADDER, help="paced, frames: streams, in turn")
    parser.add_argument("--seconds", type=float, default=10, help="paced: seconds that are measured (10)")
    parser.add_argument("--requests", type=int, default=200, help="first, doors: questions (200)")
    parser.add_argument("--words", action="store_true", help="frames: words that come again, no numbered frames")
    parser.add_argument("--opened", type=int, default=400, help="memory: streams held open (400)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
