"""A worker that is killed in the middle of a job: another one takes it up, and nothing is lost or doubled."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from chrysopedia.embedded.cluster import PostgresConfig, connect
from chrysopedia.embedded.server import embedded_postgres
from tests.chrysopedia.running import environment, manage
from tests.program import bound

WORKS = 300
QUEUE = f"""
from creators.ingest.uploads import UploadedSource
from creators.jobs.drafts import accept, draft
from creators.models import Creator, IngestJob
creator = Creator.objects.create(slug="ann", name="Ann")
text = "Talk NUMBER speaks of compressors. It says how fast they are. " * 20
sources = (UploadedSource(f"{{n}}.txt", text.replace("NUMBER", str(n)).encode()) for n in range({WORKS}))
accept(draft(IngestJob(creator=creator), sources), labels={{}})
"""


@contextmanager
def worker(config: PostgresConfig) -> Iterator["subprocess.Popen[bytes]"]:
    command = bound(sys.executable, "manage.py", "worker")
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(config.data_dir)) as process:
        yield process
        process.kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 180
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.soak
def test_it_loses_and_doubles_nothing(used_config: PostgresConfig) -> None:
    (used_config.data_dir / "models").symlink_to(settings.DATA_DIR / "models")

    def count(query: str) -> int:
        with connect(used_config, "chrysopedia") as connection:
            return int((connection.execute(query).fetchone() or [0])[0])

    with embedded_postgres(used_config):
        manage("shell", "-c", QUEUE, data_dir=used_config.data_dir).check_returncode()
        with worker(used_config):
            wait_until(lambda: count("SELECT count(*) FROM creators_work") > WORKS // 4)
        assert count("SELECT count(*) FROM creators_work") < WORKS
        with worker(used_config):
            wait_until(lambda: count("SELECT count(*) FROM creators_ingestjob WHERE state = 'done'") == 1)
        assert count("SELECT count(*) FROM creators_jobfile WHERE state IN ('new', 'unchanged')") == WORKS
        assert count("SELECT count(*) FROM creators_work") == WORKS
        assert count("SELECT count(*) - count(DISTINCT (work_id, position)) FROM creators_chunk") == 0
        assert count("SELECT count(*) FROM creators_embedding") == count("SELECT count(*) FROM creators_chunk")
