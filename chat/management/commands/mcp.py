"""The command that agents on this machine start: MCP over standard input and output."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

from django.conf import settings

from chat.doors.mcp import serve_lines
from chat.doors.mcp_tools import Caller
from chat.events.turn import ANYONE
from chat.llm import run_sync
from chrysopedia.core import output


class Command(output.Command):
    """Answer the messages of one agent until it closes the pipe."""

    help = "Serve the Model Context Protocol on standard input and output, for an agent that starts programs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read lines, write lines."""
        caller = Caller(ANYONE, settings.PUBLIC_URL, lambda kind: None)
        run_sync(serve_lines(_lines(), self._write, caller=caller))

    def _write(self, line: str) -> None:
        sys.stdout.write(line)
        sys.stdout.flush()


async def _lines() -> AsyncIterator[bytes]:
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        yield line
