"""The same endpoint, written the usual way: FastAPI, the client's typed stream, SQLAlchemy, a ``StreamingResponse``.

It accepts and sends what ours does, with the same sources and prompt; it has no locks, markers, citations or limits.
"""

import json
import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CANNED = json.loads((Path(os.environ["DATA_DIR"]) / "canned.json").read_text())
MOST_TURNS = 10

engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"), pool_size=10, max_overflow=0
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
client = AsyncOpenAI(base_url=os.environ["LLM_BASE_URL"], api_key="none")


class Base(DeclarativeBase):  # type: ignore[misc,unused-ignore]
    pass


class Turn(Base):
    __tablename__ = "bench_usual_turn"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[uuid.UUID] = mapped_column(index=True)
    question: Mapped[str]
    answer: Mapped[str]


class ChatBody(BaseModel):
    query: str = Field(min_length=1, max_length=1000)
    creator: str | None = None
    conversation_id: uuid.UUID | None = None
    personality_weight: float = Field(default=0.0, ge=0, le=1)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


async def chat(body: ChatBody) -> StreamingResponse:
    return StreamingResponse(events(body), media_type="text/event-stream")


async def events(body: ChatBody) -> AsyncIterator[str]:
    began = time.monotonic()
    conversation = body.conversation_id or uuid.uuid4()
    async with sessions() as session:
        last = select(Turn).where(Turn.conversation == conversation).order_by(Turn.id.desc()).limit(MOST_TURNS)
        history = (await session.scalars(last)).all()
    yield event("sources", CANNED["sources"])
    messages: list[Any] = [{"role": "system", "content": CANNED["system"]}]
    for turn in reversed(history):
        messages += [{"role": "user", "content": turn.question}, {"role": "assistant", "content": turn.answer}]
    messages.append({"role": "user", "content": body.query})
    answer, usage = "", None
    stream = await client.chat.completions.create(
        model=os.environ["LLM_MODEL"], messages=messages, stream=True, stream_options={"include_usage": True}
    )
    async for chunk in stream:
        usage = chunk.usage or usage
        if chunk.choices and (text := chunk.choices[0].delta.content):
            answer += text
            yield event("token", text)
    async with sessions() as session, session.begin():
        session.add(Turn(conversation=conversation, question=body.query, answer=answer))
    total = round((time.monotonic() - began) * 1000)
    done = {"conversation_id": str(conversation), "usage": usage and usage.model_dump(), "timings_ms": {"total": total}}
    yield event("done", done)


def event(kind: str, data: object) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


app = FastAPI(lifespan=lifespan)
app.add_api_route("/api/v1/chat", chat, methods=["POST"], response_model=None)
