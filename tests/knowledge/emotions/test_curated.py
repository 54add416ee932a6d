"""From labelled examples in the store to an active version."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from jobs import runner
from jobs.choices import Status
from jobs.errors import InvalidParams
from jobs.models import Job
from jobs.submit import Submission, submit
from knowledge.emotions.curated import curated_load, labels_of, split
from knowledge.emotions.provider import provider
from knowledge.emotions.reading import texts_read
from knowledge.emotions.versions import SHIPPED, active_version, version_activate
from knowledge.kinds.emotion import validate_training
from knowledge.models import Dataset, EmotionModel, Example
from tests.knowledge.emotions.samples import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def domain(db: None) -> Dataset:
    """A domain of sixty labelled examples, and one without a label."""
    dataset = Dataset.objects.create(domain_name="small world")
    examples = [Example(dataset=dataset, content=row.text, metadata={"emotions": sorted(row.labels)}) for row in rows()]
    Example.objects.bulk_create([*examples, Example(dataset=dataset, content="unlabelled")])
    return dataset


@pytest.mark.parametrize(
    ("metadata", "labels"),
    [
        ({}, set()),
        ({"emotions": "Joy "}, {"joy"}),
        ({"emotions": ["joy", "love", 7, ""]}, {"joy", "love"}),
        ({"emotions": {"joy": 0.9, "fear": 0.2}}, {"joy"}),
        ({"emotions": None}, set()),
    ],
)
def test_emotions_are_read_as_curators_write_them(metadata: dict[str, Any], labels: set[str]) -> None:
    assert labels_of(metadata) == labels


def test_labelled_examples_are_those_whose_metadata_say_so(domain: Dataset) -> None:
    Example.objects.create(
        dataset=Dataset.objects.create(domain_name="other"), content="hm", metadata={"emotions": ["fear"]}
    )
    assert len(curated_load(["small world"])) == 60
    assert len(curated_load()) == 61


def test_what_is_held_out_stays_held_out_as_the_store_grows() -> None:
    few, all_of_them = split(rows()[:40]), split(rows())
    assert {row.text for row in few.held_out} <= {row.text for row in all_of_them.held_out}
    assert not {row.text for row in all_of_them.held_out} & {row.text for row in all_of_them.train}


def train(user: User, **body: Any) -> Job:
    job_id = submit(Submission(kind="emotion-training", params=validate_training(body), owner_id=user.pk)).job_id
    runner.run(job_id, "test:1")
    return Job.objects.get(pk=job_id)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["refine", "anew"])
def test_a_training_job_makes_a_version_that_can_be_activated(alice: User, domain: Dataset, method: str) -> None:
    job = train(alice, domains=["small world"], method=method)
    assert (job.status, active_version()) == (Status.COMPLETED, SHIPPED)
    assert "macro_f1" in job.result["figures"]
    assert job.result["version"] == EmotionModel.objects.get().sha256
    version_activate(job.result["version"])
    assert texts_read(["so cheerful in town"])["texts"][0]["labels"] == ["joy"]
    assert provider.current().version == job.result["version"]


@pytest.mark.django_db(transaction=True)
def test_a_training_without_examples_fails_and_says_why(alice: User, db: None) -> None:
    job = train(alice)
    assert job.status == Status.FAILED
    assert "too few" in job.error["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"domains": ["nowhere"]}, "domains[0]"),
        ({"domains": []}, "domains"),
        ({"method": "magic"}, "method"),
        ({"activate": True}, "activate"),
    ],
)
def test_a_bad_training_request_is_refused(db: None, body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidParams) as refused:
        validate_training(body)
    assert refused.value.field == field


def command(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_the_commands_train_activate_list_and_roll_back(domain: Dataset) -> None:
    assert "small world" in command("train_emotions", "--dry-run", "--domain", "small world")
    assert active_version() == SHIPPED
    assert "active now" in command("train_emotions", "--activate")
    sha256 = active_version()
    assert f"* {sha256}" in command("emotion", "--versions")
    assert SHIPPED in command("emotion", "--roll-back")
    assert sha256 in command("emotion", "--activate", sha256[:8])


def test_the_command_reads_texts(db: None) -> None:
    told = command("emotion", "thank you so much", "我很高兴")
    assert "gratitude" in told
    assert "by the words: thank" in told
    assert "not enough evidence" in told


@pytest.mark.parametrize(
    "args",
    [
        ["train_emotions"],
        ["train_emotions", "--domain", "nowhere"],
        ["train_emotions", "--goemotions", "/nowhere", "--output", "/nowhere"],
        ["train_emotions", "--output", "/nowhere"],
        ["emotion", "--activate", "abc"],
    ],
)
def test_a_command_that_cannot_do_its_work_says_so(db: None, args: list[str]) -> None:
    with pytest.raises(CommandError):
        command(*args)


def test_the_public_files_make_a_model_and_its_card(tmp_path: Any, db: None) -> None:
    names = sorted({label for row in rows() for label in row.labels})
    lines = ["\t".join((row.text, ",".join(str(names.index(n)) for n in row.labels), "id")) for row in rows()]
    (tmp_path / "emotions.txt").write_text("\n".join(names))
    (tmp_path / "train.tsv").write_text("\n".join(lines))
    (tmp_path / "dev.tsv").write_text("\n".join(lines[::3]))
    told = command("train_emotions", "--goemotions", str(tmp_path), "--output", str(tmp_path / "model"))
    assert told.strip() == (tmp_path / "model" / "CARD.md").read_text().strip()
    assert (tmp_path / "model" / "emotions.npz").stat().st_size > 0


def test_a_broken_line_of_the_public_files_is_named(tmp_path: Any, db: None) -> None:
    (tmp_path / "emotions.txt").write_text("joy\nfear")
    (tmp_path / "train.tsv").write_text("fine\t0\tid\nbroken\t7\tid\n")
    (tmp_path / "dev.tsv").write_text("")
    with pytest.raises(CommandError, match=r"train\.tsv, line 2"):
        command("train_emotions", "--goemotions", str(tmp_path), "--output", str(tmp_path))
