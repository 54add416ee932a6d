"""The last tier: the store's examples and emotions as files, for reads while the database is away.

``manifest.json`` names one JSONL file a domain. A file is written beside and renamed, the manifest last, so that
whoever reads meanwhile sees one state or the other.
"""
