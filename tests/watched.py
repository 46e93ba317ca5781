"""The program with one more address, ``/watched``: what is open in its process, for tests that look for leaks."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

from django.db import connection

from chrysopedia.asgi import application as program
from chrysopedia.core.database import in_one_hop


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer ``/watched``, and leave all else to the program."""
    if scope["type"] != "http" or scope["path"] != "/watched":
        await program(scope, receive, send)
        return
    body = json.dumps(await _seen()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _seen() -> dict[str, int]:
    from chat.streams import runs_here  # models need Django ready, which the program's import sees to

    locks = await in_one_hop(_locks)
    return {
        "tasks": sum(not task.get_name().startswith("runs:") for task in asyncio.all_tasks()),
        "threads": threading.active_count(),
        "sockets": _sockets(),
        "runs": runs_here().running,
        "locks": locks,
    }


def _sockets() -> int:
    return sum(path.is_socket() for path in Path("/proc/self/fd").iterdir())


def _locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM chrysopedia_cache WHERE cache_key LIKE %s AND expires > clock_timestamp()",
            ["%turn-lock:%"],
        )
        return int(cursor.fetchone()[0])
