"""/docs and /redoc with scripts from the package `fastapi-offline`: they work where there is no internet.

Only its files are used. FastAPI's own pages load scripts from elsewhere and start with an inline script,
which the pages' content security policy would refuse.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from visionscan_kiosk.api.access import OPEN_FOLDER

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}
_START = """\
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
});
"""
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
{head}
</head>
<body>
{body}
</body>
</html>
"""
_SWAGGER_HEAD = '<link rel="stylesheet" href="docs-assets/swagger-ui.css">'
_SWAGGER_BODY = """\
<div id="swagger-ui"></div>
<script src="docs-assets/swagger-ui-bundle.js"></script>
<script src="docs-assets/start.js"></script>"""
_REDOC_BODY = """\
<redoc spec-url="openapi.json"></redoc>
<script src="docs-assets/redoc.standalone.js"></script>"""


def add_docs_pages(app: FastAPI) -> None:
    """Serve the two pages and their assets."""
    swagger = _PAGE.format(title=app.title, head=_SWAGGER_HEAD, body=_SWAGGER_BODY)
    redoc = _PAGE.format(title=app.title, head="", body=_REDOC_BODY)

    async def show_swagger(_request: Request) -> Response:
        return HTMLResponse(swagger, headers=_HEADERS)

    async def show_redoc(_request: Request) -> Response:
        return HTMLResponse(redoc, headers=_HEADERS)

    async def start_swagger(_request: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    app.add_route("/docs", show_swagger, include_in_schema=False)
    app.add_route("/redoc", show_redoc, include_in_schema=False)
    app.add_route(f"{OPEN_FOLDER}start.js", start_swagger, include_in_schema=False)
    app.mount(OPEN_FOLDER.rstrip("/"), StaticFiles(directory=_assets()), name="docs-assets")


def _assets() -> Path:
    return Path(str(files("fastapi_offline") / "static"))
