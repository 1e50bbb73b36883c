"""Another register is one file, chosen by configuration: the one that docs/operating.md shows."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from myschool.gosuslugi.checks.gateway import Accepted, Handed, Pending, Registry, Unknown, Unreachable, open_registry
from myschool.gosuslugi.checks.http_registry import HttpRegistry
from myschool.gosuslugi.checks.model import CheckKind, Verdict, weigh
from myschool.kit import settings as configuration
from tests.gosuslugi.checks.conftest import a_claim

OPERATING = Path(__file__).parents[3] / "docs" / "operating.md"


@pytest.fixture
def primerny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shown = OPERATING.read_text().split("<!-- adapter: begin -->")[1].split("<!-- adapter: end -->")[0]
    (tmp_path / "primerny_adapter.py").write_text(shown.split("```python\n")[1].split("```")[0])
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("primerny_adapter", None)


def opened(home: Path) -> Registry:
    given = {"MYSCHOOL_HOME": str(home), "MYSCHOOL_REGISTRY_ADAPTER": "primerny_adapter"}
    return open_registry(configuration.read(given))


def test_without_a_word_it_is_the_house_s_own_adapter(tmp_path: Path) -> None:
    """The sandbox's wire."""
    assert isinstance(open_registry(configuration.read({"MYSCHOOL_HOME": str(tmp_path)})), HttpRegistry)


async def test_the_adapter_of_the_manual_speaks_to_its_register(primerny: Path) -> None:
    """Word for word as printed there: asked, taken, acknowledged, looked at."""
    request_id, read = uuid4(), []
    answer = {"asked": str(request_id), "ticket": 7, "same": {"surname": True, "name": True, "born": True}}

    def register(call: httpx.Request) -> httpx.Response:
        path = call.url.path
        if call.method == "PUT":
            assert path == f"/ask/{request_id}"
            assert json.loads(call.content)["person"]["surname"] == "Смирнова"
            return httpx.Response(200, json={"ticket": 7})
        if path == "/mail":
            mails = [answer | {"mail": "m1"}, {"asked": str(request_id), "mail": "m2", "same": {"shoes": True}}]
            return httpx.Response(200, json={"mails": mails})
        if path == "/mail/read":
            read.extend(json.loads(call.content)["mails"])
            return httpx.Response(200, json={})
        known = {"/tickets/7": answer, "/tickets/8": {"asked": str(request_id)}, "/tickets/9": {"gone": True}}
        return httpx.Response(200, json=known[path])

    registry = opened(primerny)
    registry.client = httpx.AsyncClient(transport=httpx.MockTransport(register))  # type: ignore[attr-defined]
    assert await registry.ask(request_id, CheckKind.BIRTH_CERTIFICATE, a_claim()) == Accepted("7")
    handed = await registry.take(10)
    assert isinstance(handed, list)
    good, spoilt = handed
    assert good.answer is not None
    assert weigh(a_claim(), good.answer.evidence).verdict is Verdict.CONTRADICTED, "it does not name the parent"
    assert spoilt == Handed("m2", request_id, None)
    await registry.acknowledge(["m1", "m2"])
    assert read == ["m1", "m2"]
    assert await registry.look("7") == good.answer
    assert await registry.look("8") == Pending()
    assert await registry.look("9") == Unknown()


async def test_its_register_may_be_silent(primerny: Path) -> None:
    """Overload and a broken line are no errors of ours."""

    def overloaded(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429)

    def nobody(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody")

    registry = opened(primerny)
    for transport, reason in ((overloaded, "status_429"), (nobody, "ConnectError")):
        registry.client = httpx.AsyncClient(transport=httpx.MockTransport(transport))  # type: ignore[attr-defined]
        assert await registry.take(10) == Unreachable(reason)
