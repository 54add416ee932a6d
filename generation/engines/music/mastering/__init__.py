"""Loudness and peaks: measured while the piece is rendered, set while it is written."""
