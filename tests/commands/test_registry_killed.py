"""The registers are killed between taking a question and answering it: the answer comes all the same, once."""

import os
import signal
from typing import Any
from uuid import uuid4

import httpx

from tests.commands.conftest import Fresh
from tests.commands.running import Up, eventually

QUESTION = {
    "kind": "passport",
    "claim": {"document": {"series": "0026", "number": "999999"}, "particulars": {"family_name": "Никто"}},
}


def address(up: Up) -> str:
    return f"http://127.0.0.1:{up.ports['REGISTRY']}"


def test_a_question_outlives_the_registers_that_took_it(fresh: Fresh) -> None:
    """Accepted, killed, back, an hour later: answered, and the number still means the same question."""
    up = fresh()
    up.start()
    host = {"Host": f"localhost:{up.ports['REGISTRY']}"}
    asked = QUESTION | {"request_id": str(uuid4())}
    taken = httpx.post(f"{address(up)}/requests", json=asked, headers=host)
    assert taken.status_code == 202, taken.text
    before = up.part("registry")
    os.kill(before.pid, signal.SIGKILL)
    before.wait(10)
    eventually(lambda: up.answers("REGISTRY"), "the registers did not come back")
    assert up.part("registry").pid != before.pid
    assert httpx.post(f"{address(up)}/requests", json=asked, headers=host).json()["id"] == taken.json()["id"]
    up.command("clock", "advance", "1h")

    def state() -> Any:
        return httpx.get(f"{address(up)}/requests/{taken.json()['id']}", headers=host).json()["state"]

    eventually(lambda: state() == "answered", "the answer was lost")
    assert up.stop() == 0
