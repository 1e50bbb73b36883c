"""Everything that `up` starts. Importing this imports both houses and the sandbox, once for all of their processes."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import uvloop

from myschool import stage, worker
from myschool.commands.premises import houses
from myschool.gosuslugi import app as gosuslugi
from myschool.kit.opening import ServerNotAllowed, ServerTooOld, ServerUnreachable, look_at_servers, prepare_process
from myschool.kit.serving import serve
from myschool.kit.settings import Settings
from myschool.portal import app as portal
from myschool.sandbox import app as sandbox
from myschool.sandbox.registries import app as registry

SAID = 3
"""Exit code of a part that has told the reason itself."""


def set_stage(settings: Settings) -> int:
    prepare_process(settings, "stage")
    try:
        asyncio.run(look_at_servers(settings))
    except ServerUnreachable as error:
        return _refuse(f"База данных {error.place} не отвечает ({error.reason}). Проверьте DATABASE_URL и сам сервер.")
    except ServerTooOld as error:
        return _refuse(f"База данных {error.place} версии {error.version}, а нужна {error.oldest} или новее.")
    except ServerNotAllowed as error:
        return _refuse(
            f"В базе данных {error.place} нельзя создать схему: дайте пользователю право CREATE на эту базу."
        )
    asyncio.run(stage.prepare(settings))
    return 0


def _refuse(words: str) -> int:
    print(words, flush=True)
    return SAID


def parts(settings: Settings) -> dict[str, Callable[[], int]]:
    """Name → what that process does until SIGTERM."""
    all_parts: dict[str, Callable[[], int]] = {
        "portal": partial(_serve, portal.__name__, settings.portal_port, settings),
        "gosuslugi": partial(_serve, gosuslugi.__name__, settings.gosuslugi_port, settings),
        "registry": partial(_run, registry.run, settings),
        "sandbox": partial(_run, sandbox.run, settings),
        "worker": partial(_run, worker.run, settings),
    }
    return {name: all_parts[name] for name in [*houses(settings), "worker"]}


def _serve(module: str, port: int, settings: Settings) -> int:
    serve(f"{module}:create", address=settings.bind, port=port, workers=settings.web_workers)
    return 0


def _run(work: Callable[[Settings], Coroutine[Any, Any, None]], settings: Settings) -> int:
    uvloop.run(work(settings))
    return 0
