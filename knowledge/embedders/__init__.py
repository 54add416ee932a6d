"""Embedders: what turns texts into vectors, behind one interface; and the work of keeping every example embedded."""
