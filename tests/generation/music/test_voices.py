"""The voices, read from the MIDI file."""

from itertools import combinations, pairwise

import pytest

from tests.generation.music.pieces import ANGER, JOY, PEACE, SORROW, Track, piece, tracks


def _pitch(track: Track, tick: int) -> int | None:
    begun = [pitch for start, _, pitch, _ in track.notes if start <= tick]
    return begun[-1] if begun else None


def _parallels(one: Track, other: Track) -> int:
    """Count moves of both voices, in one direction, from a unison, fifth or octave to the same."""
    moments = sorted({note[0] for note in one.notes + other.notes})
    pairs = [(_pitch(one, tick), _pitch(other, tick)) for tick in moments]
    return sum(_parallel(before, after) for before, after in pairwise(pairs))


def _parallel(before: tuple[int | None, int | None], after: tuple[int | None, int | None]) -> bool:
    (a, b), (c, d) = before, after
    if a is None or b is None or c is None or d is None:
        return False
    same = abs(a - b) % 12 == abs(c - d) % 12 and abs(a - b) % 12 in (0, 7)
    return same and (c - a) * (d - b) > 0


@pytest.mark.parametrize("mood", [JOY, ANGER, SORROW, PEACE], ids=lambda mood: mood.emotion)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_two_voices_move_in_parallel_perfect_intervals(mood, seed: int) -> None:
    voices = [track for track in tracks(piece(30, mood=mood, seed=seed)) if not track.drums]
    assert len(voices) == 5
    assert sum(_parallels(one, other) for one, other in combinations(voices, 2)) == 0


@pytest.mark.parametrize("mood", [JOY, SORROW], ids=lambda mood: mood.emotion)
def test_every_voice_sings_one_note_at_a_time(mood) -> None:
    for track in tracks(piece(30, mood=mood)):
        if not track.drums:
            assert all(a[1] <= b[0] for a, b in pairwise(track.notes))
