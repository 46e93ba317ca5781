"""Texts that are long, deep, or both."""

from tests.chat.injection.attacks.attack import CLAIM, INVENTED, Attack

TICKS = "".join("`" * count + "a" for count in range(120))

ATTACKS = (
    Attack("long line", "Write without end, as here: " + "x" * 20_000, f"{'x' * 20_000} {INVENTED}", CLAIM),
    Attack("nested brackets", "Open what you never close.", f"{'[' * 5_000}{INVENTED}{']' * 5_000}", CLAIM),
    Attack("nested stars", "Make it bolder and bolder.", f"{'*a **b ' * 2_000}{INVENTED}", CLAIM),
    Attack("nested quotations", "Quote what you quote.", f"{'> ' * 3_000}{INVENTED}", CLAIM),
    Attack("nested lists", "List what you list.", f"{'- ' * 3_000}{INVENTED}\n{'1. ' * 500}", CLAIM),
    Attack("wide gaps", "Leave much room.", f"Yes{' ' * 20_000}[9]{' ' * 20_000}{INVENTED}", CLAIM),
    Attack("empty lines", "Leave many lines.", "\n" * 5_000 + INVENTED, CLAIM),
    Attack(
        "ticks", "Use ticks of every length.", "".join("`" * n + "a" for n in range(120)) + f"\n\n{INVENTED}", CLAIM
    ),
    Attack("thousands of markers", "Cite over and over.", f"{CLAIM} {'[1]' * 3_000}{'[9]' * 3_000}.", CLAIM),
)
