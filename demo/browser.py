"""A browser without a screen: keeps cookies, follows redirects, reads pages and fills in forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

TIMEOUT = 30
_SILENT = frozenset({"script", "style", "template", "svg"})


class PageError(AssertionError):
    """A page is not what a person would have needed to go on."""


@dataclass(slots=True)
class Form:
    """One form as it stands in the page, with what is filled in already."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """What a reader gets of a page: its words, links and forms."""

    url: str
    status: int
    text: str = ""
    links: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)

    def form(self, action_ends: str) -> Form:
        """Return the form that goes to an address with this ending."""
        for form in self.forms:
            if form.action.rstrip("/").endswith(action_ends.rstrip("/")):
                return form
        raise PageError(f"{self.url} has no form to …{action_ends}; it says: {self.text[:400]}")


class Browser:
    """One person's browser."""

    def __init__(self, language: str = "en") -> None:
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = language

    def open(self, url: str) -> Page:
        """Open an address."""
        return self._page(self.session.get(url, timeout=TIMEOUT))

    def submit(self, page: Page, form: Form, **filled: str) -> Page:
        """Send a form with what the page holds and what is filled in."""
        unknown = set(filled) - set(form.fields) - set(form.options)
        if unknown:
            raise PageError(f"The form to {form.action} has no {', '.join(sorted(unknown))}.")
        return self._page(
            self.session.request(
                form.method,
                form.action,
                data={**form.fields, **filled},
                headers={"Referer": page.url},
                timeout=TIMEOUT,
            )
        )

    @staticmethod
    def _page(answer: requests.Response) -> Page:
        page = Page(answer.url, answer.status_code)
        reader = _Reader(page)
        reader.feed(answer.text)
        reader.close()
        page.text = " ".join(" ".join(reader.words).split())
        if answer.status_code >= 400:
            raise PageError(f"{answer.status_code} at {answer.url}: {page.text[:600]}")
        return page


class _Reader(HTMLParser):
    """Fills a page while it reads."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.words: list[str] = []
        self._silent = 0
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""
        self._row: tuple[list[str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "form":
            action = urljoin(self.page.url, has.get("action", ""))
            self._form = Form(action, has.get("method", "get").lower())
            self.page.forms.append(self._form)
        elif tag == "a" and "href" in has:
            link = urljoin(self.page.url, has["href"])
            self.page.links[link] = has["href"]
            if self._row:
                self._row[1].append(link)
        elif tag == "tr":
            self._row = ([], [])
        elif self._form is not None and has.get("name"):
            self._field(tag, has)
        elif tag == "option" and self._form is not None and self._select:
            self._form.options[self._select].append(has.get("value", ""))

    def _field(self, tag: str, has: dict[str, str]) -> None:
        assert self._form is not None
        name, value = has["name"], has.get("value", "")
        if tag == "input" and has.get("type") in ("radio", "checkbox"):
            self._form.options.setdefault(name, []).append(value)
            if "checked" in has:
                self._form.fields[name] = value
        elif tag == "input":
            self._form.fields[name] = value
        elif tag == "textarea":
            self._textarea = name
            self._form.fields[name] = ""
        elif tag == "select":
            self._select = name
            self._form.options[name] = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "tr" and self._row:
            self.page.rows.append((" ".join(self._row[0]), self._row[1]))
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._textarea and self._form is not None:
            self._form.fields[self._textarea] += data
        self.words.append(data)
        if self._row:
            self._row[0].append(data)
