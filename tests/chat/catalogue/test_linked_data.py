"""Works and shared conversations in the words of schema.org."""

import json
from typing import Any

import pytest

from chat import conversations
from chat.catalogue.linked_data import json_ld, plain_text, share_node, work_node
from chat.catalogue.transcript import transcript_of
from chat.events.serialize import payload
from chat.events.turn import Owner
from chat.models import Conversation
from creators.models import Work
from tests.chat.conversations.rows import NOW, keep, new_owner
from tests.chat.sample_turns import ANSWER, done

pytestmark = pytest.mark.django_db
SITE = "https://here.example"
URL = f"{SITE}/share/t"


def of_work(slug: str, **changes: object) -> dict[str, Any]:
    Work.objects.filter(slug=slug).update(**changes) if changes else None
    found = transcript_of(slug)
    assert found is not None
    node = work_node(found, site=SITE, picture=f"{SITE}/card.png", description="Words.")
    read: dict[str, Any] = json.loads(json_ld(node))
    return read


def test_a_video_has_its_player_and_its_chapters_as_clips() -> None:
    video = of_work("compressing-a-lead-vocal", url="https://youtu.be/abc_-123", kind="video")
    assert (video["@context"], video["@type"]) == ("https://schema.org", "VideoObject")
    assert video["embedUrl"] == "https://www.youtube-nocookie.com/embed/abc_-123"
    assert {"name", "description", "thumbnailUrl", "uploadDate", "duration", "author"} <= video.keys()


def test_a_clip_ends_where_the_next_begins() -> None:
    clips = of_work("fm-from-nothing", kind="video")["hasPart"]
    starts = [clip["startOffset"] for clip in clips]
    assert [clip["endOffset"] for clip in clips[:-1]] == starts[1:]
    assert clips[0]["url"].endswith(f"/w/fm-from-nothing?at={starts[0]}")


def test_an_episode_belongs_to_the_feed_of_its_creator() -> None:
    episode = of_work("compressing-a-lead-vocal", url="https://a.example/one.mp3", kind="audio")
    assert episode["partOfSeries"]["webFeed"] == f"{SITE}/c/mara-lindqvist/feed.atom"
    assert (episode["@type"], episode["associatedMedia"]["contentUrl"]) == (
        "PodcastEpisode",
        "https://a.example/one.mp3",
    )


def test_a_text_is_an_article_without_a_duration() -> None:
    article = of_work("compressing-a-lead-vocal", kind="text")
    assert (article["@type"], "duration" in article) == ("Article", False)


def test_a_title_ends_no_script() -> None:
    hostile = "</script><script>alert(1)</script><!-- &amp; \u2028"
    written = json_ld({"name": hostile})
    assert not {"<", ">", "&", "\u2028"} & set(written)
    assert json.loads(written)["name"].startswith("</script><script>")


@pytest.fixture
def kept() -> Conversation:
    return keep("How much pre-delay?", owner=new_owner(), now=NOW)


def of_share(kept: Conversation, **changes: object) -> dict[str, Any]:
    turn = kept.turns.in_order()[0]
    if changes:
        turn.ending = payload(done(**changes))
        turn.save()
    token = conversations.share(kept.public_id, owner=Owner(kept.owner), now=NOW).token
    shared = conversations.shared(token)
    assert shared is not None
    read: dict[str, Any] = json.loads(json_ld(share_node(shared, url=URL, site=SITE)))["mainEntity"]
    return read


def test_a_share_has_its_question_and_what_the_answer_rests_on(kept: Conversation) -> None:
    question = of_share(kept)
    answer = question["acceptedAnswer"]
    assert (question["@type"], question["name"], question["answerCount"]) == ("Question", "How much pre-delay?", 1)
    assert [one["text"] for one in answer["citation"]][:1] == ["I keep pre-delay between 20 and 40 milliseconds."]
    assert answer["citation"][0]["isPartOf"]["url"] == f"{SITE}/w/reverb-and-space"
    assert "[1]" not in answer["text"]


def test_it_cites_nothing_that_does_not_support_the_answer(kept: Conversation) -> None:
    quoted = [one["text"] for one in of_share(kept)["acceptedAnswer"]["citation"]]
    assert "Past 100 milliseconds it becomes an echo." not in quoted


def test_it_cites_no_work_that_was_withdrawn(kept: Conversation) -> None:
    Work.objects.filter(slug="reverb-and-space").update(is_withdrawn=True)
    assert "citation" not in of_share(kept)["acceptedAnswer"]


def test_the_nearest_to_an_answer_is_only_suggested(kept: Conversation) -> None:
    question = of_share(kept, coverage="partly")
    assert ("acceptedAnswer" in question, "suggestedAnswer" in question) == (False, True)


def test_nothing_found_is_no_answer(kept: Conversation) -> None:
    question = of_share(kept, answered_by="none", citations=())
    assert (question["answerCount"], {"acceptedAnswer", "suggestedAnswer"} & question.keys()) == (0, set())


def test_it_names_no_id_of_the_conversation(kept: Conversation) -> None:
    assert str(kept.public_id)[:8] not in json.dumps(of_share(kept))


def test_plain_text_has_no_markers_and_no_formatting() -> None:
    assert plain_text("- **Cut** [1]\n- `Boost` [2]\n\nThen *listen*.") == "Cut\nBoost\nThen listen."
    assert "[" not in plain_text(ANSWER)
