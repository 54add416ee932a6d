"""The score as a Standard MIDI File (format 1): one track a voice, so that each voice can be read by itself."""

import io

import mido

from generation.engines.music.composing.score import Note, Part, Score
from generation.engines.music.ensemble import INSTRUMENTS, PERCUSSION
from generation.engines.music.theory import BEAT, MODES

_DRUM_CHANNEL = 9
_SIGNATURES = {
    False: ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    True: ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm"),
}


def encode_midi(score: Score) -> bytes:
    """Write the notes as composed, on the grid (the audio adds a few milliseconds of human unevenness)."""
    quarters = score.meter.quarters
    song = mido.MidiFile(type=1, ticks_per_beat=BEAT)
    song.tracks.append(_conductor(score))
    channels = (channel for channel in range(16) if channel != _DRUM_CHANNEL)
    for part in score.parts:
        channel = _DRUM_CHANNEL if part.role == PERCUSSION else next(channels)
        song.tracks.append(_track(part, channel, quarters))
    for track in song.tracks:
        _close(track, round(score.ticks(score.duration) * quarters))
    stream = io.BytesIO()
    song.save(file=stream)
    return stream.getvalue()


def _conductor(score: Score) -> mido.MidiTrack:
    """Title, tempo, metre, key and the names of the sections."""
    minor = MODES[score.mode].is_minor
    beats, unit = score.meter_name.split("/")
    tempo = round(60e6 / (score.tempo * score.meter.quarters))
    track = mido.MidiTrack(
        [
            mido.MetaMessage("track_name", name=_latin(score.title)),
            mido.MetaMessage("set_tempo", tempo=tempo),
            mido.MetaMessage("time_signature", numerator=int(beats), denominator=int(unit)),
            mido.MetaMessage("key_signature", key=_SIGNATURES[minor][score.tonic]),
        ]
    )
    now = 0
    for section in score.sections:
        tick = round(section.start * score.meter.bar * score.meter.quarters)
        track.append(mido.MetaMessage("marker", text=section.label, time=tick - now))
        now = tick
    return track


def _track(part: Part, channel: int, quarters: float) -> mido.MidiTrack:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=f"{part.name} ({part.instrument})")])
    if part.role != PERCUSSION:
        track.append(mido.Message("program_change", channel=channel, program=INSTRUMENTS[part.instrument].program))
    now = 0
    for tick, kind, note in sorted(_events(part.notes, quarters), key=lambda event: event[:2]):
        name, velocity = ("note_on", note.velocity) if kind else ("note_off", 0)
        values = {"channel": channel, "note": note.pitch, "velocity": velocity, "time": tick - now}
        track.append(mido.Message(name, skip_checks=True, **values))
        now = tick
    return track


def _events(notes: tuple[Note, ...], quarters: float) -> list[tuple[int, int, Note]]:
    """Ends (0) before starts (1) of the same tick."""
    starts = [(round(note.start * quarters), 1, note) for note in notes]
    return starts + [(round(note.end * quarters), 0, note) for note in notes]


def _close(track: mido.MidiTrack, end: int) -> None:
    now = sum(message.time for message in track)
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))


def _latin(text: str) -> str:
    """MIDI text is Latin-1; what it cannot say is left out."""
    return text.encode("latin-1", "ignore").decode("latin-1").strip() or "Untitled"
