"""manage.py voice: hearing a creator at three weights."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from creators.models import Creator
from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
Use = Callable[..., None]


@pytest.fixture
def server(model_server: ModelServer, use_model: Use) -> ModelServer:
    use_model(model_server)
    return model_server


def voice(creator: str = "mara", *questions: str) -> str:
    out = StringIO()
    call_command("voice", creator, question=list(questions) or [VOCAL], stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> CommandError:
    with pytest.raises(CommandError) as raised:
        voice(*arguments)
    return raised.value


def test_it_shows_the_three_answers_and_that_they_agree(server: ModelServer) -> None:
    for text in ("Three to one, 20 ms [1].", "So: 20 ms, three to one [1].", "I set 20 ms. Three to one [1]."):
        server.say(text)
    shown = voice()
    assert all(f"{label}\n---" in shown for label in ("weight 0", "weight 0.5", "weight 1"))
    assert "Citations, numbers and units are the same." in shown


def test_it_asks_about_the_same_passages_with_more_voice_each_time(server: ModelServer) -> None:
    voice()
    prompts = [body["messages"][0]["content"] for body in server.bodies]
    assert len({prompt.partition("Passages:")[2] for prompt in prompts}) == 1
    assert [("Voice:" in prompt, "Phrases:" in prompt) for prompt in prompts] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_it_ends_with_1_where_something_differs(server: ModelServer) -> None:
    for text in ("20 ms [1].", "20 ms [1].", "30 ms [2]."):
        server.say(text)
    error = refused()
    assert (error.returncode, str(error)) == (
        1,
        "1 of 1 questions got answers that differ in more than the voice.",
    )


def test_it_asks_example_questions_where_none_is_given(server: ModelServer) -> None:
    out = StringIO()
    call_command("voice", "mara", stdout=out)
    assert "How do I set the level of the bass against the kick with a VU meter?" in out.getvalue()


def test_it_drops_markers_of_no_passage(server: ModelServer) -> None:
    for text in ("Yes [1][99].", "Yes [1].", "Yes [1]."):
        server.say(text)
    assert "[99]" not in voice()


def test_it_ends_with_2_where_a_model_breaks_off(server: ModelServer) -> None:
    server.say("Yes [1].")
    server.cut_after("Y")
    error = refused()
    assert error.returncode == 2
    assert str(error).startswith("Not every answer came: weight 0.5: The primary model broke off")


def test_it_ends_with_2_for_an_unknown_creator() -> None:
    error = refused("nobody")
    assert (error.returncode, 'no creator "nobody"' in str(error)) == (2, True)


def test_it_ends_with_2_without_a_language_model() -> None:
    error = refused()
    assert (error.returncode, str(error)) == (2, "There is no language model: set LLM_BASE_URL and LLM_MODEL.")


def test_it_ends_with_2_where_nobody_wrote_the_voice_down(server: ModelServer) -> None:
    Creator.objects.create(slug="silent", name="Silent")
    error = refused("silent")
    assert (error.returncode, str(error)) == (2, "How Silent sounds has not been written down yet.")


def test_it_asks_no_model_where_others_would_answer(server: ModelServer) -> None:
    error = refused("mara", VOCAL, "How many pairs of sidebands matter at a modulation index of 5?")
    assert (error.returncode, server.bodies) == (2, [])
    assert "own works don't answer" in str(error)
