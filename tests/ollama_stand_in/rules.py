"""What the server refuses before the model is asked: pure rules from a request to a status and a text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from tests.ollama_stand_in.models import ChatPath, StandInModel
from tests.ollama_stand_in.scripts import BAD_PICTURE, BLIND_NATIVE, BLIND_RENDERED, CHUNK_NOT_FOUND

Refusal = tuple[int, str]

_DURATION = re.compile(r"(\d+(\.\d+)?(h|m|s|ms))+")
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG"


def refusal(body: Mapping[str, Any], model: StandInModel) -> Refusal | None:
    """Return why a chat is refused, None when the model is to be asked."""
    images = [image for message in body.get("messages") or [] for image in message.get("images") or []]
    for rule in (_wrong_format, _wrong_options, _wrong_keep_alive, _wrong_thinking):
        found = rule(body, model)
        if found:
            return found
    return _wrong_images(images, model)


def _wrong_format(body: Mapping[str, Any], model: StandInModel) -> Refusal | None:
    shape = body.get("format")
    if shape is None or shape in ("", "json") or isinstance(shape, dict):
        return None
    return 500, f'invalid format: "{shape}"; expected "json" or a valid JSON Schema object'


def _wrong_options(body: Mapping[str, Any], model: StandInModel) -> Refusal | None:
    kinds = {
        "temperature": ((int, float), "float32"),
        "num_ctx": (int, "integer"),
        "num_predict": (int, "integer"),
    }
    for name, (kind, label) in kinds.items():
        value = (body.get("options") or {}).get(name)
        if value is not None and not isinstance(value, kind):
            return 500, f'option "{name}" must be of type {label}'
    return None


def _wrong_keep_alive(body: Mapping[str, Any], model: StandInModel) -> Refusal | None:
    value = body.get("keep_alive")
    if isinstance(value, str) and not _DURATION.fullmatch(value) and value != "0":
        return 400, f'time: missing unit in duration "{value}"'
    return None


def _wrong_thinking(body: Mapping[str, Any], model: StandInModel) -> Refusal | None:
    if body.get("think") and "thinking" not in (model.capabilities or ()):
        return 400, f'"{model.name}" does not support thinking'
    return None


def _wrong_images(images: list[str], model: StandInModel) -> Refusal | None:
    if not images:
        return None
    try:
        pictures = [base64.b64decode(image, validate=True) for image in images]
    except binascii.Error:
        return 400, "illegal base64 data at input byte 4"
    if "vision" not in (model.capabilities or ("vision",)):
        return (400, BLIND_RENDERED) if model.path is ChatPath.RENDERED else (500, BLIND_NATIVE)
    if len(pictures) > 1:
        return 500, CHUNK_NOT_FOUND
    return None if pictures[0].startswith((_JPEG, _PNG)) else (400, BAD_PICTURE)
