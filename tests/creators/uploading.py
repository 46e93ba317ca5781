"""An upload as a curator makes it: sent, looked at, accepted, and done by a worker."""

from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from creators.jobs.worker import Worker
from creators.models import Creator, IngestJob


def preview(client: Client, creator: Creator, files: dict[str, bytes], **fields: str) -> str:
    """Upload the files and return the page that says what each would become."""
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return bring(client, creator, files=sent, **fields)


def bring(client: Client, creator: Creator, **fields: object) -> str:
    """Send the form and return the page after it, once all files of a draft have been looked at."""
    sent = {"creator": creator.pk, **fields}
    response = client.post(reverse("admin:creators_work_upload"), sent, follow=True)
    while "data-live" in (page := response.content.decode()):
        response = client.get(response.request["PATH_INFO"])
    assert response.status_code == 200
    return unescape(page)


def work_off() -> None:
    """Do every job that waits."""
    worker = Worker("test")
    while worker.step():
        pass


def accept(client: Client, **fields: str) -> str:
    """Accept the newest draft, have it done, and return the page that says what became of it."""
    address = reverse("admin:creators_ingestjob_change", args=[IngestJob.objects.latest("pk").pk])
    client.post(address, {"accept": "1", **fields})
    work_off()
    return unescape(client.get(address).content.decode())


def upload(client: Client, creator: Creator, files: dict[str, bytes], **fields: str) -> str:
    """Upload and accept the files, and return the page that says what became of each."""
    shown = preview(client, creator, files, **fields)
    return accept(client) if "Nothing is stored yet" in shown else shown
