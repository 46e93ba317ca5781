"""Asking a language model for a personality; what can't be used is sent back with the reason."""

import asyncio
from dataclasses import replace

from chat.events.events import Prompt
from chat.llm.complete import Unanswered, Whole, whole_answer
from chat.persona.proposal import Proposal, ProposalError, read_proposal
from chat.prompts.personality import compose_correction
from creators.persona.values import DraftingError

ATTEMPTS = 3


async def proposal_of(prompt: Prompt, *, seconds: float) -> Proposal:
    """Return what a model proposes within so many seconds, asked up to ``ATTEMPTS`` times; raises ``DraftingError``."""
    until = asyncio.get_running_loop().time() + seconds
    reason = ""
    for _ in range(ATTEMPTS):
        try:
            answer = await whole_answer(prompt, until=until)
            return _usable(answer)
        except Unanswered as error:
            raise DraftingError(str(error)) from error
        except ProposalError as error:
            reason = str(error)
            prompt = replace(prompt, messages=(*prompt.messages[:2], *compose_correction(answer.text, reason=reason)))
    raise DraftingError(f"The language model gave no usable personality in {ATTEMPTS} attempts. The last: {reason}")


def _usable(answer: Whole) -> Proposal:
    if answer.is_cut:
        raise ProposalError("It was too long and broke off; give fewer items and shorter examples.")
    return read_proposal(answer.text)
