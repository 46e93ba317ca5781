"""Reading a model's answer to its end, so that what a turn would have cut is known."""

from bench.beside import ReadWhole
from tests.chat.llm.asking import PROMPT
from tests.model_server.server import ModelServer


async def test_it_keeps_the_whole_answer_though_its_reader_leaves(model_server: ModelServer) -> None:
    model = ReadWhole(base_url=model_server.base_url, model="m")
    model_server.say("Two ", "to ", "one.")
    async for delta in model.stream(PROMPT):
        if delta.text:
            break
    assert (delta.text, model.answers) == ("Two ", ["Two to one."])
    await model.aclose()
