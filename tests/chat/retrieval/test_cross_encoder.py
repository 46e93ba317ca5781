"""A judge from a folder: a small random one, held to the same computed in numpy."""

from collections.abc import Iterator
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from chat import models
from chat.retrieval import build_query, retrieve
from chat.retrieval.cross_encoder import LEAST, CrossEncoder
from chat.retrieval.reranking import RerankError, get_reranker
from chrysopedia.core.errors import OperatorError
from chrysopedia.preparation import prepare_reranker
from creators.embeddings import Embedder
from creators.models import Chunk, Creator
from tests.chat.retrieval.small_judge import WORDS, logit, write_judge

TEXTS = ["a snare is loud", "a kick is as loud as a snare", "", "zither", "the the the"]


def judge(folder: Path, **options: Any) -> CrossEncoder:
    return CrossEncoder(models_dir=folder.parent / "models", model_dir=folder, **{"timeout": 60.0, **options})


@pytest.fixture
def in_force(tmp_path: Path, settings: Settings) -> CrossEncoder:
    write_judge(tmp_path / "saved")
    options = {"models_dir": tmp_path / "models", "model_dir": tmp_path / "saved", "timeout": 60.0}
    settings.RERANKER = {"BACKEND": "chat.retrieval.cross_encoder.CrossEncoder", "OPTIONS": options}
    found = get_reranker()
    assert isinstance(found, CrossEncoder)
    return found


def expected(tensors: dict[str, Any], question: str, text: str) -> float:
    first, second = ([WORDS.index(word) if word in WORDS else 3 for word in one.split()] for one in (question, text))
    second = second[: 16 - 3 - len(first)]
    return logit(tensors, [1, *first, 2, *second, 2], [0] * (len(first) + 2) + [1] * (len(second) + 1))


def test_it_gives_the_logits_of_the_model(tmp_path: Path) -> None:
    tensors = write_judge(tmp_path / "saved")
    texts = [*TEXTS, "the kick is loud " * 9]
    found = judge(tmp_path / "saved").scores("how loud is a snare", texts)
    assert found == pytest.approx([expected(tensors, "how loud is a snare", text) for text in texts], abs=1e-4)


def test_it_tells_the_question_from_the_passage(tmp_path: Path) -> None:
    write_judge(tmp_path / "saved")
    found = judge(tmp_path / "saved")
    assert found.scores("a kick", ["the snare"]) != found.scores("the snare", ["a kick"])


def test_it_keeps_the_end_of_a_question_without_end(tmp_path: Path) -> None:
    tensors = write_judge(tmp_path / "saved")
    found = judge(tmp_path / "saved").scores("a kick is " * 9 + "how loud is a snare as the", ["a snare " * 9])
    # 13 tokens beside the marks: the question has 6 of them.
    assert found == pytest.approx([expected(tensors, "loud is a snare as the", "a snare " * 9)], abs=1e-4)


def test_it_judges_fewer_where_the_time_is_over(tmp_path: Path) -> None:
    write_judge(tmp_path / "saved")
    ticks: Iterator[float] = (number / 10 for number in count())
    found = judge(tmp_path / "saved", timeout=0.75, clock=lambda: next(ticks)).scores("a kick", TEXTS * 6)
    assert len(found) == 6  # a tenth each, and one for the start
    ticks = (float(number) for number in count())
    assert len(judge(tmp_path / "saved", timeout=0.05, clock=lambda: next(ticks)).scores("a", TEXTS * 6)) == LEAST


def test_it_nearly_agrees_in_eight_bits(tmp_path: Path) -> None:
    write_judge(tmp_path / "saved")
    exact, rough = judge(tmp_path / "saved"), judge(tmp_path / "saved", precision="int8")
    assert rough.scores("a kick", TEXTS) == pytest.approx(exact.scores("a kick", TEXTS), abs=0.5)
    assert {exact.name[:10], rough.name[:10]} == {"judge-2x8@"} and exact.name != rough.name


def test_it_is_named_by_all_that_makes_scores(tmp_path: Path) -> None:
    write_judge(tmp_path / "a")
    write_judge(tmp_path / "b" / "moved")
    write_judge(tmp_path / "c", layer_norm_eps=1e-6)
    one, moved, other = (judge(tmp_path / name).name for name in ("a", "b/moved", "c"))
    assert one == moved != other


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"architectures": ["BertModel"]}, "BertModel with 1 labels"),
        ({"id2label": {"0": "no", "1": "yes"}}, "with 2 labels"),
        ({"model_type": "xlm-roberta"}, "model_type is 'xlm-roberta'"),
        ({"architectures": 7}, "config.json"),
        ({"num_hidden_layers": 3}, "weights"),
        ({"labels": 2}, "weights"),
        ({"num_attention_heads": 3}, "fit no model"),
        ({"hidden_size": 4}, "can't be used"),
    ],
)
def test_it_stops_the_start_in_one_line(tmp_path: Path, settings: Settings, fields: dict[str, Any], told: str) -> None:
    write_judge(tmp_path / "saved", **fields)
    options = {"models_dir": tmp_path / "models", "model_dir": tmp_path / "saved"}
    settings.RERANKER = {"BACKEND": "chat.retrieval.cross_encoder.CrossEncoder", "OPTIONS": options}
    with pytest.raises(OperatorError, match=rf"^the judge can't be used: RERANK_MODEL_DIR holds [^\n]*{told}[^\n]*$"):
        prepare_reranker(say=print)


def test_it_holds_the_weights_to_their_digest(tmp_path: Path) -> None:
    write_judge(tmp_path / "saved")
    with pytest.raises(RerankError, match=r"^RERANK_MODEL_SHA256 is set to 000000000000"):
        judge(tmp_path / "saved", digest="0" * 64).scores("a kick", TEXTS)


def test_it_names_the_setting_where_a_file_is_missing(tmp_path: Path) -> None:
    write_judge(tmp_path / "saved")
    (tmp_path / "saved" / "tokenizer.json").unlink()
    with pytest.raises(RerankError, match=r"^RERANK_MODEL_DIR has no tokenizer.json"):
        judge(tmp_path / "saved").scores("a kick", TEXTS)


def test_it_starts_without_a_judge_and_with_one_on_a_server(settings: Settings) -> None:
    for chosen in ({}, {"BACKEND": "chat.retrieval.reranking.RerankServer", "OPTIONS": {"base_url": "", "model": ""}}):
        settings.RERANKER = chosen
        prepare_reranker(say=print)


def test_it_puts_passages_in_its_order(corpus: None, in_force: CrossEncoder, embedder: Embedder) -> None:
    creator = Creator.objects.get(slug="dez-okafor")
    query = build_query("How do I tune an 808?", creator_id=creator.pk, names=[creator.name], embedder=embedder)
    chunks = [passage.chunk_id for passage in retrieve(query, creator_id=creator.pk, limit=6).passages]
    texts = dict(Chunk.objects.filter(pk__in=chunks).values_list("pk", "text"))
    said = [in_force.scores(query.text, [texts[chunk]])[0] for chunk in chunks]
    assert said == sorted(said, reverse=True) and len(set(said)) > 1


def test_it_judges_all_of_them_for_who_has_time(in_force: CrossEncoder, settings: Settings) -> None:
    settings.RERANKER["OPTIONS"]["timeout"] = 1e-9
    judges = get_reranker(), get_reranker(timeout=60.0)
    assert [len(one.scores("a kick", TEXTS * 6)) for one in judges if one] == [LEAST, 30]


def test_it_is_calibrated_under_its_name(corpus: None, in_force: CrossEncoder, embedder: Embedder) -> None:
    out = StringIO()
    call_command("calibrate", "--sample", "40", stdout=out)
    stored = models.Calibration.objects.newest(f"{embedder.space.name} + {in_force.name}")
    assert stored is not None and "* judge" in out.getvalue()
