"""The admin's search page: the API's search with its filters, for people."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from knowledge.embedders.embedding import embed_pending
from knowledge.models import Example
from tests.knowledge.search.store import keep
from tests.knowledge.shared_cache import own_cache

__all__ = ["own_cache"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_cache")]


ADDRESS = "/admin/knowledge/example/search/"


@pytest.fixture
def curator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    return client


def page(client: Client, **asked: Any) -> str:
    response = client.get(ADDRESS, asked)
    assert response.status_code == 200
    return response.content.decode()


def opened(html: str) -> list[int]:
    return [int(number) for number in re.findall(r"/knowledge/example/(\d+)/change/", html)]


def test_what_is_found_is_marked_and_can_be_opened(curator: Client) -> None:
    bell, _ = keep("a <b>bell</b>", "a rose")
    html = page(curator, q="bells")
    assert "a &lt;b&gt;<mark>bell</mark>&lt;/b&gt;" in html
    assert opened(html) == [bell.pk]


@pytest.mark.parametrize("mode", ["semantic", "hybrid"])
def test_it_searches_by_meaning_once_there_are_vectors(curator: Client, mode: str) -> None:
    keep(*(f"the bell rings loudly {n}" for n in range(5)), "a rose is a rose")
    assert "vectors" in page(curator, q="bell", mode=mode)
    embed_pending()
    html = page(curator, q="bell", mode=mode)
    assert "vectors" not in html
    assert len(opened(html)) >= 5


def test_filters_narrow_and_pages_follow(curator: Client) -> None:
    keep(*(f"bell {n}" for n in range(30)), domain="a")
    keep("bell elsewhere", domain="b")
    assert len(opened(page(curator, q="bell", domain="b"))) == 1
    first = page(curator, q="bell", domain="a")
    following = re.search(r'href="(\?[^"]*cursor=[^"]*)"', first)
    assert following
    second = curator.get(ADDRESS + following[1].replace("&amp;", "&")).content.decode()
    assert (len(opened(first)), len(opened(second))) == (20, 10)
    assert not set(opened(first)) & set(opened(second))
    assert "First page" in second


def test_a_better_spelling_is_a_link(curator: Client) -> None:
    keep("the harmony of bells")
    assert 'href="?q=harmony"' in page(curator, q="hramony")


@pytest.mark.parametrize(
    "asked",
    [{"q": "x" * 2001}, {"q": "a", "from": "never"}, {"q": "a", "min_frequency": -1}, {"q": "a", "cursor": "?"}],
)
def test_what_is_wrong_is_said_on_the_page(curator: Client, asked: dict[str, Any]) -> None:
    html = page(curator, **asked)
    assert "errorlist" in html or "text-red" in html
    assert not opened(html)


@pytest.mark.parametrize("term", ["high-speed", "flow/speed.txt", '"high-speed"', "speed -bell", "“high speed”"])
def test_lists_find_words_whatever_punctuation_stands_between(curator: Client, term: str) -> None:
    flow, _, _ = keep("a high-speed flow: see flow/speed.txt", "a bell of high speed", "a rose")
    html = curator.get("/admin/knowledge/example/", {"q": term}).content.decode()
    assert flow.pk in opened(html)
    assert Example.objects.get(content="a rose").pk not in opened(html)


def test_it_is_for_those_who_may_look_at_examples() -> None:
    keep("a bell")
    client = Client()
    client.force_login(User.objects.create_user("bob", is_staff=True))
    assert client.get(ADDRESS, {"q": "bell"}).status_code == 403
    assert Example.objects.exists()


@pytest.mark.parametrize(
    ("button", "page"),
    [
        ("/admin/knowledge/example/search-link", ADDRESS),
        ("/admin/knowledge/emotionmodel/spread-link", "/admin/knowledge/emotionmodel/spread/"),
    ],
)
def test_buttons_lead_to_their_pages(curator: Client, button: str, page: str) -> None:
    assert curator.get(button, follow=True).request["PATH_INFO"] == page
