"""From cues to a score: form, harmony, voices, melody, rhythm. Pure Python, every choice drawn from the seed."""
