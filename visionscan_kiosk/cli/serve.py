"""`serve`: the shop for other software, without a screen."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing import parent_process
from types import FrameType
from typing import TYPE_CHECKING

from visionscan_kiosk.bootstrap import open_api_keys, open_facade
from visionscan_kiosk.cli.console import Command, say
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.settings import KioskSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from visionscan_kiosk.api.embedded_server import EmbeddedServer
    from visionscan_kiosk.api.facade_settings import ApiSettings
    from visionscan_kiosk.services.api_keys import ApiKeyService


def serve(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Serve until stopped; return 1 when the server did not come up."""
    _refuse_without_extra()
    from visionscan_kiosk.api import server

    signal.signal(signal.SIGTERM, _leave)
    how = _api_settings(settings, arguments.host, requires_key=arguments.require_api_key)
    tls = server.Tls(
        arguments.ssl_certfile,
        arguments.ssl_keyfile,
        arguments.ssl_keyfile_password,
        arguments.ssl_ca_certs,
    )
    with open_api_keys(settings) as keys:
        _refuse_without_keys(keys, how)
        listener = server.open_listener(arguments.host, arguments.port)
        say(f"Listening on {server.address_of(listener, tls=tls)} (documentation at /docs). Ctrl+C stops.")
        make_app = partial(worker_app, settings, how)
        came_up = server.serve(make_app, listener, how, workers=arguments.workers, tls=tls)
    return 0 if came_up else 1


def worker_app(settings: KioskSettings, how: ApiSettings) -> FastAPI:
    """Return the application of one process; a worker process gets its log here, on stderr alone."""
    from visionscan_kiosk.api.app import create_app

    if parent_process() is not None:
        logging.basicConfig(stream=sys.stderr, level=logging.DEBUG if settings.debug else logging.INFO)
    _log_as_json()
    return create_app(partial(open_facade, settings), how)


def beside_the_till(settings: KioskSettings, host: str, port: int) -> AbstractContextManager[EmbeddedServer]:
    """Return the facade for the till's own process; it takes none of the till's connections."""
    _refuse_without_extra()
    from visionscan_kiosk.api.app import create_app
    from visionscan_kiosk.api.embedded_server import EmbeddedServer

    how = _api_settings(settings, host, requires_key=False)
    with open_api_keys(settings) as keys:
        _refuse_without_keys(keys, how)
    return EmbeddedServer(create_app(partial(open_facade, settings), how), how, host, port)


def _api_settings(settings: KioskSettings, host: str, *, requires_key: bool) -> ApiSettings:
    from visionscan_kiosk.api.access import is_loopback
    from visionscan_kiosk.api.facade_settings import ApiSettings

    return ApiSettings(requires_key=requires_key or not is_loopback(host), cors_origins=settings.cors_origins)


def _refuse_without_keys(keys: ApiKeyService, how: ApiSettings) -> None:
    if how.requires_key and not keys.has_valid_key():
        raise InvalidInput(
            "Other machines may call only with a key, and there is none yet. Make one with "
            "`visionscan-kiosk apikey create NAME`, set API_KEYS, or serve on 127.0.0.1."
        )


def _refuse_without_extra() -> None:
    try:
        import fastapi
        import uvicorn
    except ImportError:
        raise InvalidInput(
            "The HTTP part is not installed. Install it with: pip install 'visionscan-kiosk[api]'"
        ) from None
    logging.getLogger(__name__).debug("fastapi %s, uvicorn %s", fastapi.__version__, uvicorn.__version__)


def _log_as_json() -> None:
    from visionscan_kiosk.api.request_id import JsonFormatter, RequestIdFilter

    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())
        handler.addFilter(RequestIdFilter())


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Unwind instead of dying at once: the embedded database is stopped in order."""
    sys.exit(0)


COMMANDS: dict[str, Command] = {"serve": serve}
