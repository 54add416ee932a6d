from knowledge.emotions.cues import families
from knowledge.emotions.features import pieces, word_features
from knowledge.emotions.text import tokens


def features(text: str) -> set[str]:
    return set(word_features(text, tokens(text)))


def test_words_and_their_pairs_are_features() -> None:
    assert {"good", "day", "<s> good", "good day", "day </s>"} <= features("good day")


def test_a_negation_reaches_a_few_words_and_stops_at_a_sign() -> None:
    found = features("I do not like this, really")
    assert {"!like", "!this"} <= found
    assert not {"!do", "!really"} & found


def test_a_cue_speaks_of_its_emotion_and_a_negated_cue_of_its_absence() -> None:
    assert "@grief" in features("we are grieving")
    assert "!@joy" in features("she isn't happy")
    assert "@joy" not in features("she isn't happy")


def test_a_short_cue_does_not_begin_longer_words() -> None:
    assert families("new") == frozenset()
    assert "disgust" in families("ew")


def test_capitals_and_closing_signs_are_seen() -> None:
    assert {"@capitals", "@exclaims", "@manyexclaims"} <= features("WHAT a day!!")
    assert "@endsasking" in features("really? ")
    assert "@endsasking" not in features("really? yes")


def test_pieces_cover_a_word_from_blank_to_blank() -> None:
    assert pieces("ab") == [" a", "ab", "b ", " ab", "ab ", " ab "]
