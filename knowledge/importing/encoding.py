"""Which encoding a text is in, and how its bad bytes are marked so that they cost a row and no more."""

import codecs
import io

from charset_normalizer import from_bytes

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARK = "mcai.mark"
SAMPLE_BYTES = 1 << 16
ENOUGH_EVIDENCE = 40
"""How many non-ASCII bytes a guess among all encodings needs; with fewer, cp1252 or nothing."""

# In Western text these stand for letters and quotation marks; the rest of the upper half is rare there.
_WESTERN = frozenset(b"\x80\x85\x91\x92\x93\x94\x96\x97\xa0\xa3\xa7\xa9\xab\xae\xb0\xb4\xb7\xba\xbb\xbf") | frozenset(
    range(0xC0, 0xFE)
) - {0xD0, 0xD7, 0xDE, 0xF0, 0xF7}


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff" * (error.end - error.start), error.end


codecs.register_error(MARK, _mark)


def decoded(stream: io.BufferedReader, encoding: str | None, *, json: bool, newline: str) -> io.TextIOWrapper:
    """Return ``stream`` as text in ``encoding``, or the detected one; each bad byte becomes a lone surrogate."""
    chosen = encoding or detect(stream.peek(SAMPLE_BYTES)[:SAMPLE_BYTES], json=json)
    return io.TextIOWrapper(stream, encoding=chosen, errors=MARK, newline=newline)


def detect(sample: bytes, *, json: bool) -> str:
    """Return the likely encoding of a text that begins with ``sample``; JSON without a BOM is UTF-8 (RFC 8259)."""
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    if wide := _utf16_without_bom(sample):
        return wide
    good, bad = _utf8_sequences(sample)
    if json or not bad or good >= bad:
        return "utf-8"
    return _legacy(sample)


def _utf16_without_bom(sample: bytes) -> str | None:
    pairs = len(sample) // 2
    low, high = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if pairs < 2 or max(low, high) < 0.4 * pairs or min(low, high) > 0.05 * pairs:
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _utf8_sequences(sample: bytes) -> tuple[int, int]:
    """Return how many valid multi-byte sequences and how many bad bytes there are, the cut end left aside."""
    text = codecs.getincrementaldecoder("utf-8")(MARK).decode(sample)
    bad = text.count("\udcff")
    return sum(1 for c in text if c > "\x7f") - bad if not text.isascii() else 0, bad


def _legacy(sample: bytes) -> str:
    upper = [byte for byte in sample if byte > 0x7F]
    if len(upper) >= ENOUGH_EVIDENCE and (best := from_bytes(sample).best()) is not None:
        return best.encoding
    return "cp1252" if all(byte in _WESTERN for byte in upper) else "utf-8"


def peeked(stream: io.TextIOWrapper) -> str:
    """Return the beginning of a text of which nothing was read yet, and leave it unread."""
    buffer = stream.buffer
    assert isinstance(buffer, io.BufferedReader)
    return codecs.getincrementaldecoder(stream.encoding)(MARK).decode(buffer.peek(SAMPLE_BYTES)[:SAMPLE_BYTES])
