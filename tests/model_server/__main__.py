"""The model server by hand: ``python -m tests.model_server --port 9999 --tokens-per-second 20``."""

import argparse
import threading

from tests.model_server.server import ModelServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.model_server", description=__doc__)
    parser.add_argument("--port", type=int, default=9999)
    parser.add_argument("--tokens-per-second", type=float, default=0, help="0 is as fast as it goes")
    options = parser.parse_args()
    delay = 1 / options.tokens_per_second if options.tokens_per_second else 0.0
    with ModelServer(port=options.port, delay=delay) as server:
        print(f"LLM_BASE_URL={server.base_url} LLM_MODEL=test-model")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("closed")


if __name__ == "__main__":
    main()
