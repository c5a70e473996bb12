"""An unknown code on its way to a product, and the product on its way into the basket."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import Source
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.piece import OPEN, Piece
from visionscan_kiosk.gui.flow.counter_looks import normalised
from visionscan_kiosk.gui.flow.goods_flow import GoodsFlow
from visionscan_kiosk.gui.flow.manager_flow import ManagerFlow
from visionscan_kiosk.gui.flow.tray_contents import Question


class NewGoods:
    """Opens the form for a code nobody knows. Saved, one piece of it is in the basket and the till sells on.

    Where a piece with that code lies on the counter, that very piece is charged: entered beside it, it would
    be asked about as one more. `add` is for what no piece stands for, `back` leads to selling.
    """

    def __init__(
        self,
        manager: ManagerFlow,
        goods: GoodsFlow,
        add: Callable[[UUID, Source], None],
        back: Callable[[], None],
    ) -> None:
        self._manager = manager
        self._goods = goods
        self._add = add
        self._back = back

    def open(self, code: str, source: Source, piece: int | None = None) -> None:
        """Open the form with a code that was entered so; `piece`: what the camera asked about."""

        def saved(product: Product) -> None:
            self._saved(code, source, piece, product)

        self._manager.new_product(code, saved, after_leaving=self._back)

    def open_first(self) -> None:
        """Open the form for the first product of a shop; it is not sold by being made."""
        self._manager.new_product("", lambda _: self._back(), after_leaving=self._back)

    def _saved(self, code: str, source: Source, piece_id: int | None, product: Product) -> None:
        """Before the till sells again: then the counter charges what it reads, and this were twice."""
        piece = self._piece(code, piece_id)
        if piece is None:
            self._add(product.id, source)
        else:
            self._goods.answer(Question((), code, piece=piece.id), product.id)
        self._back()

    def _piece(self, code: str, piece_id: int | None) -> Piece | None:
        asked = self._goods.counter.piece(piece_id) if piece_id is not None else None
        text = normalised(code)
        followed = self._goods.counter.pieces
        return asked or next((one for one in followed if one.text == text and one.state in OPEN), None)
