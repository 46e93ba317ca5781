"""What a model thinks before it answers, taken out of the text it sends, in whatever signs it wraps its thoughts."""

import re
from typing import Literal

_NAMES = (
    "think|thinking|antthinking|thought|thoughts|chain_of_thought|reasoning|reflection|scratchpad|analysis|seed:think"
)
_PAIRS = (
    (rf"<(?P<tag>{_NAMES})(?:\s[^<>]{{0,40}})?>", r"</{tag}>"),
    (r"<details\s+type=.reasoning.[^<>]{0,40}>", r"</details>"),
    (r"<｜begin▁of▁thinking｜>", r"<｜end▁of▁thinking｜>"),
    (r"\[THINK\]", r"\[/THINK\]"),
    (r"◁think▷", r"◁/think▷"),
    (r"<\|(?P<name>begin_of_thought|START_THINKING)\|>", r"<\|(?:end_of_thought|END_THINKING)\|>"),
    # The channels of harmony, and Gemma's: only the last one speaks to the reader.
    (r"<\|channel\|>(?!\s*final)[^<]{0,40}<\|message\|>", r"<\|(?:end|return|call)\|>|(?=<\|(?:channel|start)\|>)"),
    (r"<\|channel>thought", r"<channel\|>"),
)
"""What begins a thought, and what ends it; ``{tag}`` is how it began."""
_OPENS = re.compile(
    "(?:" + "|".join(f"(?P<p{at}>{re.sub('[?]P<[a-z]+>', '?:', opens)})" for at, (opens, _) in enumerate(_PAIRS)) + ")",
    re.IGNORECASE,
)
_CLOSES = re.compile(rf"</(?:{_NAMES})>|\[/THINK\]|◁/think▷", re.IGNORECASE)
"""The end of a thought whose beginning stood in the prompt."""
_CONTROL = re.compile(
    r"<\|start\|>\s*\w{0,20}(?=<\|)|<\|channel\|>\s*final\s*(?:<\|constrain\|>\w*\s*)?<\|message\|>"
    # A role's line belongs to its sign; where other words follow, the sign alone goes.
    r"|<\|im_start\|>(?:[a-z]{0,20}\n|(?=[a-z]{21}|[a-z]{0,20}[^a-z\n]))|<\|start_header_id\|>\w{0,20}<\|end_header_id\|>"
    r"|<\|(?!(?:channel|start|im_start|start_header_id)\|)[\w.:/-]{1,30}\|>|<｜[^｜<>]{1,30}｜>"
    r"|</s>|</?(?:answer|response)>"
)
"""Signs of a chat template that a server should have kept."""
_LONGEST_SIGN = 80
_UNFINISHED = re.compile(
    rf"(?:<(?:{_NAMES}|details)\s[^<>]{{0,60}}|<｜[^｜<>]{{0,30}}｜?|<\|im_start\|>[a-z]{{0,20}}"
    r"|<\|start_header_id\|>\w{0,20}(?:<[\w|]{0,16})?"
    r"|<\|start\|>[^<]{0,60}<?|<\|channel\|>(?:[^<]{0,40}(?:<(?:\|[\w|>]{0,30})?)?){0,2}|<\|channel>\w{0,6}|<\|?/?[\w.:/|-]{0,30}"
    r"|\[/?[A-Z]{0,5}|◁/?\w{0,5})\Z",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[<\[◁]")
_FINAL = re.compile(r"assistant\s*final(?=[^a-z]|\Z)")
_PROCESS = ("here is my thought process", "here's my thought process")
_RESPONSE = re.compile(r"here(?: is|['’]s) my response\s*:", re.IGNORECASE)
BEGINNINGS = (
    "okay, so the user",
    "okay, the user",
    "okay, let me",
    "okay, let's",
    "okay, i need to",
    "okay, i have to",
    "ok, so the user",
    "ok, the user",
    "alright, so the user",
    "alright, the user",
    "alright, let me",
    "alright, let's",
    "hmm,",
    "hmm.",
    "the user is asking",
    "the user asks",
    "the user asked",
    "the user wants",
    "we need to answer",
    "we need to respond",
    "we are asked",
    "let me think",
    "first, i need to",
    "first, let me",
    "i need to figure out",
    "thinking process:",
    "here's a thinking process",
)
"""How thoughts begin that nothing marks: they are held back until it is clear whether they end as some."""


class ThoughtFilter:
    """Lets the answer through as it streams and drops the thoughts; however it is cut, the result is the same.

    Text that begins like a thought, or any where the model is known to think unmarked (``thinks_first``), is held back
    until the end of a thought comes. ``thought_first`` says that one came whose beginning was not marked.
    """

    def __init__(self, *, thinks_first: bool = False) -> None:
        self.thought_first = False
        self._held = ""
        self._until: re.Pattern[str] | None = None
        self._doubt: Literal["open", "holding", "settled"] = "holding" if thinks_first else "open"
        self._is_after_thought = False
        self._searched = 0  # characters of a doubtful beginning that hold no sign

    def feed(self, text: str) -> str:
        """Return what can be shown now."""
        if self._doubt == "settled" and not self._held and self._until is None and not _SIGN.search(text):
            return self._shown(text)
        self._held += text
        return self._settle(is_last=False)

    def finish(self, *, was_cut: bool) -> str:
        """Return what was still held back; a thought that the limit of tokens cut is none of it."""
        if self._doubt == "holding" and was_cut:
            self._held = ""
        self._doubt = "settled"
        shown = self._settle(is_last=True)
        self._held = ""
        return shown

    def _settle(self, *, is_last: bool) -> str:
        if self._doubt != "settled" and not self._is_settled(is_last=is_last):
            return ""
        shown: list[str] = []
        while self._held:
            if self._until is not None:
                if not self._skip_thought():
                    break
                continue
            piece, is_stuck = self._step(is_last=is_last)
            shown.append(piece)
            if is_stuck:
                break
        return "".join(shown)

    def _is_settled(self, *, is_last: bool) -> bool:
        """Say whether it is known by now if the text begins with an unmarked thought; drop it where it does."""
        text = self._held.lstrip()
        if self._doubt == "open":
            begun = " ".join(text.casefold().replace("’", "'").split())
            if text.startswith("analysis") and text[8:9].isupper():
                self._until = _FINAL
            elif begun.startswith(_PROCESS):
                self._until = _RESPONSE
            elif any(begun.startswith(one) for one in BEGINNINGS):
                self._doubt = "holding"
            elif not is_last and self._may_begin_a_thought(begun):
                return False
        if self._doubt == "holding":
            begin = max(0, self._searched - _LONGEST_SIGN)
            closes, opens = _CLOSES.search(self._held, begin), _OPENS.search(self._held, begin)
            self._searched = len(self._held)
            if closes and not (opens and opens.start() < closes.start()):
                self._held, self.thought_first, self._is_after_thought = self._held[closes.end() :], True, True
            elif not opens and not is_last:
                return False
        self._doubt = "settled"
        return True

    def _may_begin_a_thought(self, begun: str) -> bool:
        if not begun:
            return len(self._held) <= _LONGEST_SIGN
        return any(one.startswith(begun) for one in (*BEGINNINGS, *_PROCESS, "analysis"))

    def _skip_thought(self) -> bool:
        """Drop the thought that is held; say whether its end is among it."""
        found = self._until.search(self._held) if self._until else None
        if found is None:
            # An end may be cut in two.
            self._held = self._held[-_LONGEST_SIGN:]
            return False
        self._held, self._until, self._is_after_thought = self._held[found.end() :], None, True
        return True

    def _step(self, *, is_last: bool) -> tuple[str, bool]:
        """Return the next piece that can be shown, and whether more must come before the next one."""
        opens, closes, control = (one.search(self._held) for one in (_OPENS, _CLOSES, _CONTROL))
        first = min((one for one in (opens, closes, control) if one), key=re.Match.start, default=None)
        end = self._safe_end()
        if first is None or (end < first.start() and not is_last):
            if is_last and not self._held.startswith("<|", end):
                end = len(self._held)
            piece, self._held = self._shown(self._held[:end]), self._held[end:]
            return piece, True
        piece, self._held = self._shown(self._held[: first.start()]), self._held[first.end() :]
        if first is opens:
            self._until = _end_of(first)
        elif first is closes:
            self.thought_first = self._is_after_thought = True
        return piece, False

    def _safe_end(self) -> int:
        """Return up to where the held text can hold no sign that is not whole yet."""
        found = _UNFINISHED.search(self._held, max(0, len(self._held) - _LONGEST_SIGN))
        return found.start() if found else len(self._held)

    def _shown(self, text: str) -> str:
        """Return the text without the empty lines between a thought and the answer."""
        if self._is_after_thought:
            text = text.lstrip()
            self._is_after_thought = not text
        return text


def _end_of(opened: re.Match[str]) -> re.Pattern[str]:
    """Return what ends the thought that was begun like this."""
    at = next(at for at in range(len(_PAIRS)) if opened[f"p{at}"])
    tag = opened[0].strip("<>").split()[0]
    return re.compile(_PAIRS[at][1].replace("{tag}", re.escape(tag)), re.IGNORECASE)
