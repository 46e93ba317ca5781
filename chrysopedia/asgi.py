"""The ASGI application that every server runs."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

from chrysopedia.failures import one_line_failures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chrysopedia.settings")

with one_line_failures():
    application = ProtocolTypeRouter({"http": get_asgi_application()})

    from chrysopedia.preparation import check_vectors  # needs Django ready

    check_vectors()
