import pytest

from knowledge.cache.keys import make_key


def key(**changes: object) -> str:
    given: dict[str, object] = {
        "cache_type": "query",
        "parameters": {"query": "what is virtue"},
        "version": "7",
        "domain": "stoicism",
    }
    return make_key(**(given | changes)).name  # type: ignore[arg-type]


def test_a_key_is_the_same_whatever_the_order_of_its_parameters() -> None:
    assert key(parameters={"a": 1, "b": [2]}) == key(parameters={"b": [2], "a": 1})


@pytest.mark.parametrize(
    "change",
    [
        {"cache_type": "strategy_audit"},
        {"parameters": {"query": "what is virtue", "limit": 1}},
        {"version": "8"},
        {"domain": "epicureanism"},
        {"domain": None},
    ],
)
def test_a_key_changes_with_everything_that_its_value_depends_on(change: dict[str, object]) -> None:
    assert key(**change) != key()


def test_what_is_ones_own_is_nobody_elses() -> None:
    alice, bob = key(cache_type="tutoring", owner="alice"), key(cache_type="tutoring", owner="bob")
    assert alice != bob


def test_what_is_everybodys_is_computed_once_for_alice_and_bob() -> None:
    assert key(owner="alice") == key(owner="bob")


def test_a_personal_type_without_an_owner_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an owner"):
        key(cache_type="tutoring")


def test_an_unknown_type_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'strategy_audit'"):
        key(cache_type="strategy_audits")


def test_a_number_that_json_cannot_say_is_refused_rather_than_taken_for_null() -> None:
    with pytest.raises(ValueError, match="JSON"):
        key(parameters={"x": float("nan")})


def test_a_domain_cannot_pretend_to_be_a_pattern_or_another_part_of_the_key() -> None:
    assert key(domain="a:b*").startswith("query:a%3Ab%2A:")


def test_the_digest_is_a_sha256() -> None:
    digest = key().rpartition(":")[2]
    assert len(digest) == 64
    assert int(digest, 16) >= 0
