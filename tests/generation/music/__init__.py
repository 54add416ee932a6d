"""The music engine, judged by tools of others and by published tables."""
