"""Models by name, out of the settings."""

from pytest_django import Settings

from chat.llm import get_model
from chat.llm.openai import OpenAICompatible


def described(model: str) -> dict[str, object]:
    options = {"base_url": "http://127.0.0.1:1/v1", "model": model}
    return {"BACKEND": "chat.llm.openai.OpenAICompatible", "OPTIONS": options}


def test_it_makes_the_model_that_the_settings_describe(settings: Settings) -> None:
    settings.CHAT_MODELS = {"primary": described("a")}
    assert isinstance(get_model("primary"), OpenAICompatible)


def test_it_gives_none_for_a_name_that_is_not_there(settings: Settings) -> None:
    settings.CHAT_MODELS = {"primary": described("a")}
    assert get_model("fallback") is None


def test_it_makes_a_model_only_once(settings: Settings) -> None:
    settings.CHAT_MODELS = {"primary": described("a")}
    assert get_model("primary") is get_model("primary")


def test_it_follows_settings_that_change(settings: Settings) -> None:
    settings.CHAT_MODELS = {"primary": described("a")}
    before = get_model("primary")
    settings.CHAT_MODELS = {"primary": described("b")}
    assert get_model("primary") is not before
