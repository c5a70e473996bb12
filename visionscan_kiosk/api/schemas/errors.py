"""The two shapes of errors."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """One sentence for people."""

    detail: str


class ShortProductAnswer(BaseModel):
    """A product of which the basket has more than there is. `available` may be below zero."""

    inventory_id: UUID
    name: str
    available: int
    required: int


class SaleProblem(Problem):
    """Why nothing was sold. `short`: all products that are short, where there are several."""

    short: list[ShortProductAnswer] = Field(default_factory=list)


class FieldProblem(BaseModel):
    """What is wrong with one field; `loc` leads to it from `body`, `path`, `query` or `header`."""

    type: str
    loc: list[str | int]
    msg: str


class InvalidRequest(BaseModel):
    """Everything that is wrong with what was sent."""

    detail: list[FieldProblem]
