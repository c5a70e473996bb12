"""Types of single fields, in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from visionscan_kiosk.domain.money import HIGHEST_PRICE
from visionscan_kiosk.domain.product import HIGHEST_STOCK, LOWEST_STOCK
from visionscan_kiosk.domain.scan_session import HIGHEST_QUANTITY


class Sent(BaseModel):
    """Base of bodies that clients send. Fields that are not known are ignored, so that they may send back
    what they received."""

    model_config = ConfigDict(frozen=True)


class Answered(BaseModel):
    """Base of bodies that the facade answers."""

    model_config = ConfigDict(frozen=True)


def _number_only(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError("The price must be a number, such as 1.25.")  # noqa: TRY004 - pydantic reports only ValueError
    return value


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


Money = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""Money goes out as a JSON number."""

Price = Annotated[
    Decimal,
    BeforeValidator(_number_only),
    WithJsonSchema(
        {
            "type": "number",
            "minimum": 0,
            "maximum": float(HIGHEST_PRICE),
            "description": "At most two decimal places.",
        }
    ),
]

_NO_NUL = r"^[^\x00]*$"
Text64 = Annotated[str, Field(min_length=1, max_length=64, pattern=_NO_NUL)]
Text80 = Annotated[str, Field(min_length=1, max_length=80, pattern=_NO_NUL)]
Text100 = Annotated[str, Field(min_length=1, max_length=100, pattern=_NO_NUL)]
Text200 = Annotated[str, Field(min_length=1, max_length=200, pattern=_NO_NUL)]
Text500 = Annotated[str, Field(min_length=1, max_length=500, pattern=_NO_NUL)]
Note = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=HIGHEST_QUANTITY)]
OpeningStock = Annotated[int, Field(strict=True, ge=0, le=HIGHEST_STOCK)]
Stock = Annotated[int, Field(strict=True, ge=LOWEST_STOCK, le=HIGHEST_STOCK)]
"""May be below zero, as an answer may: what was got can be put back."""
Confidence = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


def left_out(default: Any, **rules: Any) -> Any:
    """Return a field that may be left out; what `default` is matters to nobody."""
    return Field(default, json_schema_extra=_without_default, **rules)
