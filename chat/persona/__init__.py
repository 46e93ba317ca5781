"""Hearing a voice: the same question at several weights, and whether nothing but the voice differs."""

from chat.persona.preview import (
    WEIGHTS,
    Consulted,
    Heard,
    Said,
    VoicingError,
    consult,
    hear,
    questions_for,
    voice_to_hear,
)

__all__ = ["WEIGHTS", "Consulted", "Heard", "Said", "VoicingError", "consult", "hear", "questions_for", "voice_to_hear"]
