"""Hearing a voice: the same question at several weights, and whether nothing but the voice differs."""

from chat.persona.preview import (
    WEIGHTS,
    PreviewAnswer,
    PreviewError,
    PreviewQuestion,
    VoicePreview,
    prepare_preview,
    preview_examples,
    preview_voice,
    previewable_voice,
)

__all__ = [
    "WEIGHTS",
    "PreviewAnswer",
    "PreviewError",
    "PreviewQuestion",
    "VoicePreview",
    "prepare_preview",
    "preview_examples",
    "preview_voice",
    "previewable_voice",
]
