"""What the counter wants to be done: lines, questions and quiet notes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.recognition.piece import Why


class Notice(StrEnum):
    """What a quiet note says. MOVED: a charged piece lies elsewhere now; one tap says that it is one more."""

    MOVED = "moved"
    NO_COUNTER = "no counter"


@dataclass(frozen=True, slots=True)
class AddPiece:
    """Charge one unit. The id stands before the first attempt: sent again it changes nothing."""

    operation_id: UUID
    piece: int
    product: UUID


@dataclass(frozen=True, slots=True)
class ExchangePiece:
    """Charge one unit of `product` in place of one of `before`: its looks were taken for another product."""

    operation_id: UUID
    piece: int
    before: UUID
    product: UUID


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the person. `products`: what it may be, best first."""

    piece: int
    why: Why
    products: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Warn:
    """A quiet note, which keeps nothing waiting."""

    what: Notice
    piece: int = 0
    product: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A piece with a code was put down while another page is open, which may use it. Said once a piece."""

    piece: int
    text: str
    product: UUID | None


Intent = AddPiece | ExchangePiece | Ask | Warn | Found
