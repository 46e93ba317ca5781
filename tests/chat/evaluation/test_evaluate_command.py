"""The command, on a few questions to the demo creators."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from creators.models import Creator

LINES = """
{"question": "What glide time does Dez use on an 808?", "creator": "dez-okafor", "works": ["kick-and-808"], "tier": "creator", "kind": "plain"}
{"question": "And for garage?", "creator": "dez-okafor", "works": ["swing-and-drums"], "tier": "creator", "kind": "follow-up", "history": [{"question": "How much hi-hat swing does Dez use for afrobeats?", "answer": "56 percent."}]}
{"question": "Who won the football match?", "creator": null, "works": [], "tier": "none"}
{"question": "Who won the football match?", "creator": "ilse-brandt", "works": ["fm-from-nothing"], "tier": "creator"}
"""  # noqa: E501 -- JSON lines


@pytest.fixture
def questions(corpus: None, tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text(LINES)
    return file


def evaluate(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), stdout=out)
    return out.getvalue()


def stored(questions: Path) -> tuple[Path, dict[str, Any]]:
    file = questions.with_name("report.json")
    evaluate(questions, "--json", file)
    return file, json.loads(file.read_text())


def test_it_prints_a_line_for_each_creator_each_kind_and_overall(questions: Path) -> None:
    names = [line.split()[0] for line in evaluate(questions).splitlines() if line]
    assert names == ["questions", "(everyone)", "dez-okafor", "ilse-brandt", "follow-up", "plain", "overall"]


def test_it_writes_the_figures_and_what_came_of_each_question(questions: Path) -> None:
    _, report = stored(questions)
    assert report["overall"]["questions"] == 4
    assert report["overall"]["recall@1"] == pytest.approx(2 / 3, abs=1e-6)
    assert (report["overall"]["refusal precision"], report["overall"]["refusal recall"]) == (0.5, 1.0)
    assert [result["rank"] for result in report["results"]] == [1, 1, None, None]


def test_it_writes_the_same_bytes_again(questions: Path) -> None:
    file, _ = stored(questions)
    before = file.read_bytes()
    assert stored(questions)[0].read_bytes() == before


def test_it_lists_what_missed(questions: Path) -> None:
    listed = evaluate(questions, "--misses").split("overall")[1]
    assert f"{questions}:5 [ilse-brandt] Who won the football match?" in listed
    assert "expected creator: fm-from-nothing" in listed
    assert listed.count("expected") == 1


def test_it_asks_only_what_is_put_to_a_creator(questions: Path) -> None:
    assert "ilse-brandt" not in evaluate(questions, "--creator", "dez-okafor")


def test_it_finds_itself_no_worse_than_itself(questions: Path) -> None:
    file, _ = stored(questions)
    compared = [line.split() for line in evaluate(questions, "--compare", file).splitlines()]
    assert ["recall@1", "0.667", "0.667", "+0.000"] in compared


def test_it_ends_with_1_and_names_what_got_worse(questions: Path) -> None:
    file, report = stored(questions)
    report["overall"]["MRR"] = 0.9
    file.write_text(json.dumps(report))
    with pytest.raises(CommandError, match=r"Worse by more than 0.01: MRR\.") as caught:
        evaluate(questions, "--compare", file)
    assert caught.value.returncode == 1
    evaluate(questions, "--compare", file, "--margin", "0.5")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"overall": {"questions": 4, "MRR": "high"}}'])
def test_it_ends_with_2_where_there_is_nothing_to_compare_with(questions: Path, content: str) -> None:
    file = questions.with_name("earlier.json")
    file.write_text(content)
    with pytest.raises(CommandError, match=r"earlier.json: is not a report that --json wrote") as caught:
        evaluate(questions, "--compare", file)
    assert caught.value.returncode == 2


def test_it_ends_with_2_where_a_line_is_wrong(questions: Path) -> None:
    questions.write_text(LINES.replace("swing-and-drums", "swing"))
    with pytest.raises(CommandError, match=r':3: there is no work "swing"') as caught:
        evaluate(questions)
    assert caught.value.returncode == 2


def test_it_ends_with_2_where_nothing_is_put_to_the_creator(questions: Path) -> None:
    with pytest.raises(CommandError, match='no question is put to a creator "mara-lindqvist"'):
        evaluate(questions, "--creator", "mara-lindqvist")


@pytest.mark.parametrize("option", ["--limit=0", "--limit=many", "--margin=-1", "--margin=nan"])
def test_it_refuses_a_figure_out_of_range(questions: Path, option: str) -> None:
    with pytest.raises(CommandError, match="must be a"):
        evaluate(questions, option)


def test_it_asks_no_unpublished_creator(questions: Path) -> None:
    Creator.objects.filter(slug="ilse-brandt").update(is_published=False)
    with pytest.raises(CommandError, match=':5: there is no creator "ilse-brandt"'):
        evaluate(questions)
