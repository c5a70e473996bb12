"""The two shapes of errors."""

from __future__ import annotations

from pydantic import BaseModel


class Problem(BaseModel):
    """One sentence for people."""

    detail: str


class FieldProblem(BaseModel):
    """What is wrong with one field; `loc` leads to it from `body`, `path`, `query` or `header`."""

    type: str
    loc: list[str | int]
    msg: str


class InvalidRequest(BaseModel):
    """Everything that is wrong with what was sent."""

    detail: list[FieldProblem]
