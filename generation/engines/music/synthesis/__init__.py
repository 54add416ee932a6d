"""From a score to sound: tones, drums, space, and the mixer that puts them together block by block."""
