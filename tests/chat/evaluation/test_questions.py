import json
from pathlib import Path

import pytest

from chat.evaluation import EvaluationError, read_questions, resolve_names
from chat.evaluation.questions import EarlierTurn
from chat.events.events import Tier
from creators.models import Creator, Work

GOOD = {"question": "How late is the clap?", "creator": "dez-okafor", "works": ["swing-and-drums"], "tier": "creator"}


def written(folder: Path, *lines: object) -> Path:
    file = folder / "questions.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return file


def problems_of(file: Path) -> list[str]:
    with pytest.raises(EvaluationError) as caught:
        resolve_names(read_questions([file]))
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


def test_it_reads_a_question_with_all_that_it_may_have(tmp_path: Path) -> None:
    history = [{"question": "How late is the clap?", "answer": "12 ms."}]
    file = written(tmp_path, "", {**GOOD, "history": history, "kind": "follow-up", "remark": "ours"})
    (question,) = read_questions([file])
    assert (question.location, question.tier, question.kind) == (f"{file}:2", Tier.CREATOR, "follow-up")
    assert question.history == (EarlierTurn(question="How late is the clap?", answer="12 ms."),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is no JSON"),
        ("[]", "Input should be an object"),
        ({**GOOD, "question": "  "}, "question: String should have at least 1 character"),
        ({**GOOD, "question": "a\0b"}, "question: String should match pattern"),
        ({**GOOD, "works": "swing-and-drums"}, "works: Input should be a valid array"),
        ({**GOOD, "tier": "local"}, "tier: Input should be 'creator', 'domain', 'global' or 'none'"),
        ({**GOOD, "works": []}, "tier is none where works is empty, and only there"),
        ({**GOOD, "tier": "none"}, "tier is none where works is empty, and only there"),
        ({**GOOD, "creator": None}, "without a creator the tier is global or none"),
        ({**GOOD, "history": [{"question": "Why?"}]}, "history.0.answer: Field required"),
    ],
)
def test_it_names_the_line_that_is_wrong(tmp_path: Path, line: object, reason: str) -> None:
    (problem,) = problems_of(written(tmp_path, GOOD, line))
    assert problem.startswith(f"2: {reason}")


def test_it_names_every_line_that_is_wrong(tmp_path: Path) -> None:
    assert [problem[0] for problem in problems_of(written(tmp_path, "{", GOOD, "}"))] == ["1", "3"]


def test_it_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"gone.jsonl: can't be read: No such file"):
        read_questions([tmp_path / "gone.jsonl"])


def test_it_says_that_there_is_no_question(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="there is no question"):
        read_questions([written(tmp_path, "", "")])


def test_it_knows_works_by_stem_and_by_slug(corpus: None, tmp_path: Path) -> None:
    slug = "why-your-beat-does-not-dance-swing-ghosts-and-the-late-clap"
    file = written(tmp_path, {**GOOD, "creator": "Chef Dez", "works": ["swing-and-drums", slug]})
    (question,) = resolve_names(read_questions([file]))
    assert (question.creator, question.works) == ("dez-okafor", (slug,))


def test_it_says_which_names_are_unknown(corpus: None, tmp_path: Path) -> None:
    file = written(tmp_path, {**GOOD, "works": ["swing"]}, {**GOOD, "creator": "nobody"})
    assert problems_of(file) == [
        '1: there is no work "swing", neither by slug nor by the stem of its source',
        '2: there is no creator "nobody"',
    ]


def test_it_knows_no_withdrawn_work(corpus: None, tmp_path: Path) -> None:
    Work.objects.filter(source__contains="swing").update(is_withdrawn=True)
    (problem,) = problems_of(written(tmp_path, GOOD))
    assert 'there is no work "swing-and-drums"' in problem


def test_it_asks_for_a_slug_where_a_stem_is_of_several_works(corpus: None, tmp_path: Path) -> None:
    dez = Creator.objects.get(slug="dez-okafor")
    Work.objects.create(creator=dez, slug="again", title="Again", source="2024/swing-and-drums.vtt")
    (problem,) = problems_of(written(tmp_path, GOOD))
    assert problem.startswith('1: "swing-and-drums" may be any of the works again, why-your-beat')
