"""Benchmarks: each module ``bench_*.py`` offers ``run() -> list[Row]``; ``python -m benchmarks`` prints them."""
