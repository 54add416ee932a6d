"""The shared cache: one for every process, in three tiers (Redis, the table ``knowledge_cache``, exported files).

``make_key`` makes keys, ``remember`` answers from the first tier that knows, or computes once for all who ask;
``docs/cache.md`` explains the whole.
"""
