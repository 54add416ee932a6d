"""Plain text from HTML."""

from html.parser import HTMLParser

_SKIPPED = frozenset({"script", "style", "table", "sup", "figure", "noscript", "template"})


class _Paragraphs(HTMLParser):
    """Collects the text of the ``p`` elements that stand in no table, note or figure."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._skipped = 0
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SKIPPED:
            self._skipped += 1
        elif tag == "p" and not self._skipped:
            self.paragraphs.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped = max(0, self._skipped - 1)
        elif tag == "p":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open and not self._skipped:
            self.paragraphs[-1] += data


class _Everything(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def paragraphs(html: str) -> list[str]:
    """Return the text of the paragraphs of a page, empty ones left out."""
    parser = _Paragraphs()
    parser.feed(html)
    return [text for paragraph in parser.paragraphs if (text := " ".join(paragraph.split()))]


def plain(html: str) -> str:
    """Return the text of a piece of HTML, such as a search's excerpt."""
    parser = _Everything()
    parser.feed(html)
    parser.close()
    return " ".join(parser.text.split())
