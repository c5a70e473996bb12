"""The product form's texts and what they mean; every wrong field gets its own sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.money import to_money
from visionscan_kiosk.domain.product import NewProduct, Product, ProductChanges
from visionscan_kiosk.gui import wording

FIELDS = ("sku", "name", "category", "price", "stock", "aliases", "barcodes")


@dataclass(frozen=True, slots=True)
class ReadForm:
    """The values of a form, or its messages: (field, sentence)."""

    values: Mapping[str, Any]
    messages: tuple[tuple[str, str], ...]

    def new_product(self) -> NewProduct:
        """Return the product to create; call it only without messages."""
        return NewProduct(**self.values)

    def changes_to(self, product: Product) -> ProductChanges:
        """Return what differs from `product`: a field nobody touched is not written."""
        return ProductChanges(
            **{name: value for name, value in self.values.items() if value != getattr(product, name)}
        )


def empty_texts(**filled: str) -> dict[str, str]:
    """Return the texts of a new product's form."""
    return {name: filled.get(name, "0" if name == "stock" else "") for name in FIELDS}


def texts_of(product: Product) -> dict[str, str]:
    """Return a product's fields as a person types them."""
    return {
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "price": f"{product.price:.2f}",
        "stock": str(product.stock),
        "aliases": ", ".join(product.aliases),
        "barcodes": ", ".join(product.barcodes),
    }


def read_form(texts: Mapping[str, str]) -> ReadForm:
    """Read all fields and collect the message of each wrong one."""
    values: dict[str, Any] = {}
    messages = []
    for name in FIELDS:
        try:
            values[name] = _checked(name, _READERS[name](texts.get(name, "")))
        except InvalidInput as error:
            messages.append((name, str(error)))
    return ReadForm(values, tuple(messages))


def _checked(name: str, value: object) -> object:
    """Let the domain judge one field alone."""
    return ProductChanges(**{name: value}).given()[name]  # type: ignore[arg-type]  # the domain checks it


def _read_price(text: str) -> object:
    if not text.strip():
        raise InvalidInput("The price is missing.", field="price")
    return to_money(text.strip().replace(",", "."))


def _read_stock(text: str) -> object:
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise InvalidInput(wording.NOT_A_NUMBER, field="stock")
    return int(text)


def _read_list(text: str) -> object:
    return tuple(part.strip() for part in text.replace("|", ",").split(",") if part.strip())


def _read_text(text: str) -> object:
    return text


_READERS: dict[str, Callable[[str], object]] = {
    "sku": _read_text,
    "name": _read_text,
    "category": _read_text,
    "price": _read_price,
    "stock": _read_stock,
    "aliases": _read_list,
    "barcodes": _read_list,
}
