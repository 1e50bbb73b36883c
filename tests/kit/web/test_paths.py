"""Where a redirect may lead."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from myschool.kit.web.visit import local_path

OURS = "https://school.test/login?next=x"

HOSTILE = [
    "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "\t//evil.test", "/\n/evil.test",
    "https://evil.test", "https:evil.test", "http://[", "//[", "javascript:alert(1)", " //evil.test", "", "evil.test",
    "/a\r\nSet-Cookie: a=b", "/a\x00b", "/\u2028", "/" + "a" * 3000, "/\ud800", "?next=/", "#x",
    "/\x0b/evil.test", "/a\\b",
]  # fmt: skip


def as_a_browser_reads_it(address: str) -> str:
    """WHATWG URL: tabs and line breaks vanish, leading spaces too, and a backslash is a slash."""
    for gone in "\t\r\n":
        address = address.replace(gone, "")
    return address.strip("".join(map(chr, range(33)))).replace("\\", "/")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_leads_elsewhere_leads_home(text: str) -> None:
    """Anything but a path of this house becomes the main page."""
    assert local_path(text) == "/"


@pytest.mark.parametrize(
    "text", ["/", "/family", "/family?year=2026&q=а", "/a//b", "/a#b", "/%2f/evil.test", "/?u=http://x"]
)
def test_a_path_of_this_house_stays(text: str) -> None:
    """Query, fragment and encoded slashes are part of a path of ours."""
    assert local_path(text) == text


@given(st.text(alphabet=st.sampled_from("/\\\t\n\r :@?#.%2f5cevil\u3000\uff0f\u2044"), max_size=20) | st.text())
@example("/..//evil.test")
@example("/.//evil.test")
@example("/\uff0fevil.test")
def test_no_text_leads_away(text: str) -> None:
    """However a browser or a redirect reads the result, it stays on this origin and in one header line."""
    path = local_path(text)
    assert path.isprintable()
    for read in (path, quote(path, safe=":/%#?=@[]!$&'()*+,;")):
        assert urlsplit(urljoin(OURS, as_a_browser_reads_it(read))).netloc == "school.test"
