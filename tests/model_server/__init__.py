"""A real model server for the tests: small, scripted, and on loopback."""

from tests.model_server.http import Request
from tests.model_server.server import ModelServer

__all__ = ["ModelServer", "Request"]
