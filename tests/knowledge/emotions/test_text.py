import pytest

from knowledge.emotions.text import LONGEST_TOKEN, sentences, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don’t CARE!!", ["i", "don't", "care", "!!"]),
        ("sooooo good", ["sooo", "good"]),
        ("😂😂😂 -- wow!!!!!", ["😂", "-", "wow", "!!!"]),
        ("[NAME] said: hi", ["[name]", "said", ":", "hi"]),
        ("love ❤️ you 👍🏽", ["love", "❤", "you", "👍"]),
        ("ｆｕｌｌ　ｗｉｄｔｈ", ["full", "width"]),
        ("be\x00come\x07", ["be", "come"]),
        ("", []),
        ("\u200b\ufeff", []),
    ],
)
def test_text_becomes_words_and_signs(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_a_token_has_a_longest_length() -> None:
    assert [len(token) for token in tokens("ab" * 500_000)] == [LONGEST_TOKEN]


def test_sentences_end_at_signs_and_lines() -> None:
    assert sentences('He left. "Why?" she asked…  Nobody knew\n\nThe end') == [
        "He left.",
        '"Why?',
        "she asked…",
        "Nobody knew",
        "The end",
    ]
