"""The HTTP API put together: the routers of the rooms under ``/api/v1``."""

from ninja import NinjaAPI

from chat.api.chat import router as chat_router
from chat.api.conversations import router as conversations_router
from chat.api.feedback_api import router as feedback_router
from chat.api.share_api import router as share_router
from chrysopedia import __version__, problems
from chrysopedia.docs import Docs
from creators.api import router as creators_router

api = NinjaAPI(
    title="Chrysopedia",
    version=__version__,
    description="Talk with what creators have said, with a receipt for every claim.",
    docs_url="/docs",
    docs=Docs(),
    urls_namespace="api",
)
api.add_router("", chat_router)
api.add_router("", feedback_router)
api.add_router("", conversations_router)
api.add_router("", share_router)
api.add_router("", creators_router)
problems.register(api)
