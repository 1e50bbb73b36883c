"""A person with a browser as far as benchmarks need one: cookies, forms as the pages have them, redirects followed.

visitor = Visitor()
page = visitor.get(url)
page = visitor.send(page, login="…", password="…")    # the form that has these fields; hidden ones go along
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

MOST_REDIRECTS = 12


@dataclass
class PageForm:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._open: PageForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.found.append(self._open)
        elif self._open is not None and given.get("name") and tag in ("input", "select", "textarea", "button"):
            self._open.names.add(given["name"])
            chosen = given.get("type") not in ("radio", "checkbox", "submit") or "checked" in given
            if tag == "input" and chosen:
                self._open.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


class Visitor:
    """Keeps cookies for each origin itself: a client's jar would hold `Secure` ones back on this machine."""

    def __init__(self) -> None:
        self.client = httpx.Client(timeout=30)
        self._cookies: dict[str, dict[str, str]] = {}

    def get(self, url: str) -> httpx.Response:
        return self._follow("GET", url, None)

    def send(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """Raises LookupError when no form of the page has these fields."""
        parser = _Forms()
        parser.feed(page.text)
        for form in parser.found:
            if set(fields) <= form.names:
                url = urljoin(str(page.url), form.action or str(page.url))
                return self._follow(form.method.upper(), url, form.fields | fields)
        raise LookupError(f"{page.url} ({page.status_code}) has no form with {', '.join(fields)}: {said(page)}")

    def headers(self, url: str) -> dict[str, str]:
        kept = self._cookies.get(_origin(url), {})
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items()), "Origin": _origin(url)}

    def _follow(self, method: str, url: str, fields: dict[str, str] | None) -> httpx.Response:
        for _ in range(MOST_REDIRECTS):
            form = {"params": fields} if method == "GET" and fields else {"data": fields}
            answer = self.client.request(method, url, headers=self.headers(url), **form)  # type: ignore[arg-type]
            for cookie in answer.headers.get_list("set-cookie"):
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies.setdefault(_origin(url), {})[name] = value
            if not answer.is_redirect:
                return answer
            method, url, fields = "GET", urljoin(url, answer.headers["location"]), None
        raise RuntimeError(f"too many redirects to {url}")


def said(page: httpx.Response) -> str:
    """Heading and errors of a page, for whoever reads why a benchmark stopped."""
    return " / ".join(re.sub(r"<[^>]+>|\s+", " ", found) for found in re.findall(r"<h[12].*?</h[12]>", page.text, re.S))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
