from chat.grounding.markers import without_markers
from tests.chat.conversations.visiting import PRE_DELAY, ask, visitor
from tests.site import Site


def test_it_gives_you_your_conversation_as_a_file(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client)
        file = client.get(f"/chat/{asked['conversation_id']}/export.md")
        assert file.headers["Content-Type"] == "text/markdown; charset=utf-8"
        name = "how-much-pre-delay-should-a-vocal-reverb-have.md"
        assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert file.text.startswith(f"# {PRE_DELAY}\n")


def test_it_gives_one_answer_alone(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client)
        second = ask(client, "And on drums?", conversation_id=asked["conversation_id"])
        path = f"/chat/{asked['conversation_id']}/export"
        assert client.get(f"{path}.md", params={"turn": second["turn_id"]}).text.startswith("# And on drums?\n")
        text = client.get(f"{path}.txt", params={"turn": asked["turn_id"]})
        assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert without_markers(asked["answer"]).strip() in without_markers(text.text)


def test_it_gives_nobody_the_conversation_of_somebody_else(site: Site) -> None:
    with visitor(site) as client, visitor(site) as other:
        path = f"/chat/{ask(client)['conversation_id']}/export.md"
        assert other.get(path).status_code == 404
        assert client.get(path, params={"turn": "no turn"}).status_code == 404


def test_it_gives_a_shared_conversation_to_whoever_has_the_link(site: Site) -> None:
    with visitor(site) as client, site.client() as nobody:
        share = f"/api/v1/conversations/{ask(client)['conversation_id']}/share"
        token = client.post(share).json()["token"]
        shared = nobody.get(f"/share/{token}.md")
        assert shared.text.startswith(f"# {PRE_DELAY}\n")
        assert shared.headers["X-Robots-Tag"] == "noindex"
        client.delete(share)
        assert nobody.get(f"/share/{token}.md").status_code == 404
