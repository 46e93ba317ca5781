"""Tables of an answer, on the page, while they grow, and in what is taken away."""

from chat.rendering.html_stream import Growing
from chat.rendering.markdown import safe_markdown
from tests.chat.rendering.whole import answer_html

TABLE = "| Source | Ratio |\n|:--|--:|\n| Kick | 4:1 [1] |\n| <b>Vocal</b> | 3:1 |\n"


def test_it_draws_a_table() -> None:
    html = answer_html(TABLE, numbers={1})
    assert '<div class="table" role="group" aria-label="Table" tabindex="0"><table>' in html
    assert '<th class="right">Ratio</th>' in html
    assert '4:1\u00a0<sup class="mark">' in html
    assert "&lt;b&gt;Vocal" in html
    assert "style" not in html


def test_it_draws_it_while_it_grows() -> None:
    growing = Growing(numbers={1})
    grown = [growing.feed(line + "\n") for line in [*TABLE.splitlines(), "", "Done."]]
    assert "<table>" in "".join("".join(one.blocks) for one in grown)


def test_it_gives_a_table_to_take_away() -> None:
    lines = safe_markdown(TABLE, numbers={1: 1}).splitlines()
    assert lines[:3] == ["| Source | Ratio |", "| :-- | --: |", "| Kick | 4:1 [1] |"]


def test_it_lets_no_cell_end_early() -> None:
    assert safe_markdown("| a |\n|---|\n| b \\| c |\n", numbers={}).endswith("| b \\| c |")
