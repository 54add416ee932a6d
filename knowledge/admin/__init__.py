"""The knowledge store in the admin."""

from knowledge.admin.emotion_model import EmotionModelAdmin

__all__ = ["EmotionModelAdmin"]
