"""Numbers with their units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.voicing.figures import figures_in


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("at 20 ms", [(20, "ms")]),
        ("20ms, then -6.5 dB.", [(20, "ms"), (-6.5, "dB")]),
        ("from 3 to 1", [(3, ""), (1, "")]),
        ("50% of v2", [(50, "%")]),
        ("none at all", []),
    ],
)
def test_it_reads_them_in_order(text: str, figures: list[tuple[float, str]]) -> None:
    assert [(figure.value, figure.unit) for figure in figures_in(text)] == figures


@given(st.text())
def test_it_reads_anything(text: str) -> None:
    assert all(figure.text in text for figure in figures_in(text))
