from knowledge.sources.contract import Citation, Question
from knowledge.sources.deadline import Deadline
from knowledge.sources.web import WebSource
from knowledge.sources.wikipedia import WikipediaSource
from tests.knowledge.servers import Server


def soon() -> Deadline:
    return Deadline.after(2.0)


def test_wikipedia_answers_with_the_beginning_of_the_page_that_fits_best(wikipedia: Server) -> None:
    found = WikipediaSource().find(Question("What is photosynthesis in a plant?"), soon(), [])
    assert found is not None
    assert found.text.startswith("Photosynthesis is the process by which plants turn light into chemical energy.")
    assert "Infobox" not in found.text
    assert found.citations[0].title == "Photosynthesis"
    assert found.citations[0].url == f"{wikipedia.url}/wiki/Photosynthesis"
    assert found.confidence > 0.9
    assert [call.path for call in wikipedia.calls] == [
        "/w/rest.php/v1/search/page",
        "/w/rest.php/v1/page/Photosynthesis/html",
    ]


def test_wikipedia_is_asked_for_the_words_that_matter(wikipedia: Server) -> None:
    WikipediaSource().find(Question("What is photosynthesis?"), soon(), [])
    assert wikipedia.calls[0].query["q"].startswith("photosynthes")


def test_a_page_that_cannot_be_read_leaves_the_excerpt(wikipedia: Server) -> None:
    well = wikipedia.well

    def without_pages(call) -> None:  # type: ignore[no-untyped-def]
        call.answer_json({}, status=404) if "/page/" in call.path and call.path.endswith("/html") else well(call)

    wikipedia.fault = without_pages
    found = WikipediaSource().find(Question("photosynthesis"), soon(), [])
    assert found is not None
    assert found.text == "Photosynthesis & more"


def test_wikipedia_finds_nothing_where_there_is_nothing(wikipedia: Server) -> None:
    assert WikipediaSource().find(Question("zzyzx"), soon(), []) is None


def test_the_web_answers_with_its_best_excerpts_and_safe_addresses_only(searxng: Server) -> None:
    found = WebSource().find(Question("Why do tides rise?"), soon(), [])
    assert found is not None
    assert found.text == "Tides rise and fall because of the Moon's gravity."
    assert found.citations == (Citation("Tides explained", found.text, url="https://example.org/tides"),)
    assert searxng.calls[0].query == {"q": "Why do tides rise?", "format": "json"}


def test_an_instant_answer_is_said_before_the_excerpts(searxng: Server) -> None:
    for answers in (["42 metres"], [{"answer": "42 metres", "url": "https://example.org"}]):
        searxng.fault = lambda call, said=answers: call.answer_json({"results": [], "answers": said})  # type: ignore[misc]
        found = WebSource().find(Question("How tall is the tide mill?"), soon(), [])
        assert found is not None
        assert found.text == "42 metres"


def test_the_web_finds_nothing_where_there_is_nothing(searxng: Server) -> None:
    assert WebSource().find(Question("zzyzx"), soon(), []) is None
