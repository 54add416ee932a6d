"""The curator's pages: versions, and the spread of emotions."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from jobs.choices import Status
from jobs.models import Job
from knowledge.emotions.versions import SHIPPED, Draft, active_version, version_activate, version_add
from knowledge.models import Dataset, EmotionModel, Example

pytestmark = pytest.mark.django_db

PAGE = "/admin/knowledge/emotionmodel/"


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("charlie"))
    return client


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def version(small_file: bytes) -> str:
    return version_add(Draft(small_file, "# A small model", {"macro_f1": 0.77})).sha256


def test_versions_are_listed_with_their_figures_and_shown_with_their_card(curator: Client, version: str) -> None:
    listed = curator.get(PAGE).content.decode()
    assert version[:12] in listed
    assert "0.77" in listed
    shown = curator.get(f"{PAGE}{EmotionModel.objects.get().pk}/change/").content.decode()
    assert "# A small model" in shown


def test_a_version_is_activated_and_rolled_back(curator: Client, version: str) -> None:
    chosen = EmotionModel.objects.get().pk
    curator.post(PAGE, {"action": "activate", "_selected_action": [chosen]})
    assert active_version() == version
    curator.post(f"{PAGE}roll-back/")
    assert active_version() == SHIPPED


def test_training_is_started_as_a_job(curator: Client) -> None:
    curator.post(f"{PAGE}train/")
    job = Job.objects.get()
    assert (job.kind, job.status) == ("emotion-training", Status.QUEUED)


def test_the_spread_of_a_domain_is_shown(curator: Client) -> None:
    letters = Dataset.objects.create(domain_name="letters")
    contents = ("thank you", "thanks a lot!", "I love it", "我很高兴")
    Example.objects.bulk_create([Example(dataset=letters, content=content) for content in contents])
    page = curator.get(f"{PAGE}spread/", {"domain": "letters"}).content.decode()
    assert "4 texts, 1 without enough evidence" in page
    assert page.index("gratitude") < page.index('row" class="text-left font-normal">love')


def test_the_spread_of_an_unknown_domain_says_so(curator: Client) -> None:
    assert "There is no domain" in curator.get(f"{PAGE}spread/", {"domain": "nowhere"}).content.decode()


def test_strangers_see_no_spread(client: Client, version: str) -> None:
    version_activate(version)
    assert client.get(f"{PAGE}spread/").status_code == 302


@pytest.mark.parametrize("page", ["roll-back", "train"])
def test_nothing_is_changed_by_following_a_link(curator: Client, version: str, page: str) -> None:
    version_activate(version)
    assert curator.get(f"{PAGE}{page}/").status_code == 403
    assert active_version() == version
    assert not Job.objects.exists()


@pytest.mark.parametrize(("group", "status"), [("viewer", 403), ("curator", 302), ("operator", 302)])
def test_curators_and_operators_may_roll_back_and_viewers_may_look(
    client: Client, version: str, group: str, status: int
) -> None:
    user = User.objects.create_user("dora", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    assert client.get(f"{PAGE}spread/").status_code == 200
    assert client.post(f"{PAGE}roll-back/").status_code == status
