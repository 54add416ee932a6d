"""A score and its sound as files: audio, MIDI, pictures, a summary."""
