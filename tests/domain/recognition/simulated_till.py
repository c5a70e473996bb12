"""A till without a screen around the counter: its database, and a person who answers truthfully.

Every pack is followed to its end, so that after each session it can be said what became of it. `faults`
collects what must not happen, `kinds` what happened that a camera or a forgetful program cannot tell apart.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from random import Random
from uuid import UUID

from tests.domain.recognition.drawn_counter import HEIGHT, WIDTH, DrawnCounter, Pack
from visionscan_kiosk.domain.recognition.books import Entering
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import (
    AddPiece,
    Ask,
    ExchangePiece,
    Found,
    Intent,
    Notice,
    Warn,
)
from visionscan_kiosk.domain.recognition.looks import Look
from visionscan_kiosk.domain.recognition.piece import OutlineKind, Page, Piece, Spot

Operation = AddPiece | ExchangePiece | Entering


class SimulatedTill:
    """`db_s`: how long a write takes about; `patience_s`: how long the person thinks before an answer."""

    def __init__(self, drawn: DrawnCounter, *, db_s: float, patience_s: float, answers: bool = True) -> None:
        self.drawn, self.random = drawn, Random(drawn.random.random())
        self.db_s, self.patience_s, self.answers = db_s, patience_s, answers
        self.counter = Counter(WIDTH, HEIGHT, self._new_id)
        self.page, self.session, self.now = Page.SELLING, 1, 0.0
        self.basket: Tally[UUID] = Tally()
        self.sold: list[dict[UUID, int]] = []
        self.is_away, self.refuse_next = False, 0
        self.waiting: list[tuple[float, Operation]] = []
        self.meant: dict[UUID, Pack | None] = {}
        self.subject: dict[int, Pack | None] = {}
        self.asked_at: dict[int, float] = {}
        self.removed: list[Pack] = []
        self.asks: list[tuple[str, str]] = []
        self.warns: Tally[Notice] = Tally()
        self.found: list[Found] = []
        self.charged = self.needless = self.covers_asked = 0
        self.pay_kept: set[int] = set()
        self.faults: list[str] = []
        self.kinds: set[str] = set()

    def _new_id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    # ---- what the counter wants ----------------------------------------------------------------

    def do(self, intents: Iterable[Intent]) -> None:
        for intent in intents:
            if isinstance(intent, AddPiece | ExchangePiece):
                self.meant[intent.operation_id] = self.subject.get(intent.piece)
                self.waiting.append((self.now + self.random.uniform(0.5, 1.5) * self.db_s, intent))
            elif isinstance(intent, Ask):
                self._note_question(intent)
            elif isinstance(intent, Warn):
                self._note_warning(intent)
            else:
                self.found.append(intent)

    def _note_question(self, question: Ask) -> None:
        pack = self.subject.get(question.piece)
        self.asks.append((question.why.value, pack.sku if pack else "-"))
        self.asked_at[question.piece] = self.now
        piece = self.counter.piece(question.piece)
        if pack is None or (piece is not None and self._is_cover(piece, pack)):
            self.covers_asked += 1
        else:
            pack.asked += 1
            self.needless += pack.charges[self.session] > 0

    def _note_warning(self, note: Warn) -> None:
        self.warns[note.what] += 1
        pack = self.subject.get(note.piece)
        if note.what is not Notice.MOVED or pack is None or pack.owner != self.session:
            return
        if pack.is_wanted and not pack.charges[self.session] and self.answers:
            self.kinds.add("saved by the note")
            self.do(self.counter.one_more(note.piece))

    # ---- what the database does ----------------------------------------------------------------

    def work(self, now: float) -> None:
        self.now = now
        if self.is_away:
            return
        due = [entry for entry in self.waiting if entry[0] <= now]
        self.waiting = [entry for entry in self.waiting if entry[0] > now]
        for _, operation in due:
            if self.refuse_next > 0:
                self.refuse_next -= 1
                self.do(self.counter.refused(operation.operation_id))
            else:
                self._write(operation)

    def enter(self, product: UUID, pack: Pack | None) -> None:
        """A person enters a unit by hand, which is this pack; it is written when the database gets to it."""
        entering = Entering(self._new_id(), product, 1, self.now)
        self.meant[entering.operation_id] = pack
        self.waiting.append((self.now + self.random.uniform(0.5, 1.5) * self.db_s, entering))
        self.counter.entered(entering)

    def _write_entered(self, entering: Entering) -> None:
        pack = self.meant.pop(entering.operation_id)
        self.basket[entering.product] += entering.quantity
        if pack is not None:
            pack.charges[self.session] += 1
        self.do(self.counter.added(entering.operation_id))
        self.do(self.counter.basket_is(self.basket, by_person=True))

    def _write(self, operation: Operation) -> None:
        if isinstance(operation, Entering):
            self._write_entered(operation)
            return
        pack = self.meant.pop(operation.operation_id)
        self.basket[operation.product] += 1
        if isinstance(operation, ExchangePiece):
            self.basket[operation.before] -= 1
        elif pack is None or pack.product != operation.product:
            self.faults.append("charged what does not lie there")
        else:
            pack.charges[self.session] += 1
            self.charged += 1
        self.do(self.counter.added(operation.operation_id))

    # ---- what the person says ------------------------------------------------------------------

    def answer(self) -> None:
        if not self.answers:
            return
        for piece in self.counter.questions:
            since = self.asked_at.setdefault(piece.id, self.now)
            if self.page is Page.SELLING and self.now - since >= self.patience_s:
                self.asked_at.pop(piece.id)
                self._answer(piece, self.subject.get(piece.id))

    def _answer(self, piece: Piece, pack: Pack | None) -> None:
        is_theirs = pack is not None and pack.owner == self.session and pack.is_wanted
        if pack is None or not is_theirs or not pack.is_known_code:
            self.counter.leave(piece.id)
        elif pack.charges[self.session]:
            self.counter.same(piece.id, pack.product)
        elif not self.is_on_its_way(pack):
            self.do(self.counter.answer(piece.id, pack.product))

    def is_on_its_way(self, pack: Pack) -> bool:
        waiting = (operation for _, operation in self.waiting if not isinstance(operation, ExchangePiece))
        return any(self.meant.get(operation.operation_id) is pack for operation in waiting)

    # ---- what really lies there ----------------------------------------------------------------

    def look(self, look: Look) -> None:
        self.do_after_subjects(self.counter.look(look))
        self._note_reported(look)

    def do_after_subjects(self, intents: list[Intent]) -> None:
        for piece in self.counter.pieces:
            self._note_subject(piece)
        self.do(intents)

    def _note_subject(self, piece: Piece) -> None:
        """Which pack a piece really is: the one that lies where it was just seen."""
        at, known = piece.code or piece.place, self.subject.get(piece.id)
        is_there = known is not None and known.name in self.drawn.packs and known.box.common_area(at) > 0
        is_just_seen = piece.look == self.counter._top.looks
        if piece.spot is not Spot.SURE or (is_there and not is_just_seen):
            return
        packs = [pack for pack in self.drawn.packs.values() if pack.box.common_area(at) > 0]
        if piece.code is not None:
            packs = [pack for pack in packs if piece.key in (pack.product, "code-" + pack.sku)]
        best = min(packs, key=lambda pack: (pack.product != piece.key, pack.box.apart(at)), default=known)
        self.subject[piece.id] = best

    def _note_reported(self, look: Look) -> None:
        """A pack was reported when its code was read or it lay open at rest where no piece was known."""
        places = [code.box for code in look.codes or ()]
        is_found = look.is_rest and (look.covered is not None or look.things is not None)
        for pack in [pack for pack in self.drawn.packs.values() if not pack.is_reported]:
            pack.is_reported = any(pack.box.holds(place) for place in places)
            if is_found and not pack.is_pale and self.drawn.lies_open(pack) and not pack.is_reported:
                pack.lay_as_another = self._is_taken_for_another(pack)
                pack.is_reported = not pack.lay_as_another

    def _is_taken_for_another(self, pack: Pack) -> bool:
        """Whether, for all that was reported, a piece that was known before still lies in its place."""
        known = (
            piece
            for piece in self.counter.pieces
            if piece.is_there and self.subject.get(piece.id) is not pack
        )
        return any(piece.key is not None and piece.place.overlap(pack.box) >= 0.75 for piece in known)

    def note_pay(self) -> None:
        """Note the basket when nothing but a hand or a bag keeps its Pay."""
        kept = self.counter.unsettled
        if kept and all(self._is_cover(piece, self.subject.get(piece.id)) for piece in kept):
            self.pay_kept.add(self.session)

    def _is_cover(self, piece: Piece, pack: Pack | None) -> bool:
        """Whether it is in truth a hand or a bag: a thing without a name that is no pack at all."""
        hides = (*self.drawn.hands, *self.drawn.bags)
        fits = pack is not None and piece.place.overlap(pack.box) > 0.5
        return piece.key is None and not fits and any(piece.place.overlap(box) > 0.5 for box in hides)

    # ---- what must hold ------------------------------------------------------------------------

    def check_outlines(self) -> None:
        """Outlines of a counter at rest tell the truth."""
        charged = [o for o in self.counter.outlines if o.kind is OutlineKind.CHARGED]
        products = (piece.product for o in charged if (piece := self.counter.piece(o.piece)))
        green = Tally(product for product in products if product is not None)
        if any(count > self.basket[product] for product, count in green.items()):
            self.faults.append("green beyond the basket")
        for outline in self.counter.outlines:
            pack = self.subject.get(outline.piece)
            lies = pack is not None and pack.name in self.drawn.packs
            lies = lies and pack is not None and pack.box.common_area(outline.box) > 0
            if outline.kind is OutlineKind.CHARGED and not (lies and pack and self._is_charged(pack)):
                self._note_green(pack, lies=lies)
            if outline.kind is OutlineKind.SOLD and not (lies and pack and any(pack.charges.values())):
                self.faults.append("outlined as sold, was not")

    def _note_green(self, pack: Pack | None, *, lies: bool) -> None:
        packs = self.drawn.packs.values()
        like = [other for other in packs if pack is not None and other.sku == pack.sku]
        has_twin = lies and any(other.charges[self.session] > 0 for other in like)
        if has_twin:
            self.kinds.add("green on its twin")
        else:
            self.faults.append("green, not charged")

    def _is_charged(self, pack: Pack) -> bool:
        """After a restart without memory equal packs, one of them charged, are told apart by nobody."""
        packs = self.drawn.packs.values()
        like = [
            other for other in packs if other is pack or ("restart" in self.kinds and other.sku == pack.sku)
        ]
        return any(other.charges[self.session] > 0 for other in like)

    def check(self) -> None:
        """At the end of a session: each pack of it that was reported was charged once, or undone."""
        groups: dict[str, list[Pack]] = {}
        for pack in (*self.drawn.packs.values(), *self.removed):
            groups.setdefault(pack.sku if "restart" in self.kinds else pack.name, []).append(pack)
        for group in groups.values():
            self._check(group)
        self.faults = list(dict.fromkeys(self.faults))

    def _check(self, group: list[Pack]) -> None:
        mine = [p for p in group if p.owner == self.session and p.is_wanted and p.is_known_code]
        times = sum(pack.charges[self.session] for pack in group)
        if times > len(mine):
            self.faults.append(self._why_too_often(group))
        elif times < len(mine):
            self._note_missed([pack for pack in mine if not pack.charges[self.session]])

    def _why_too_often(self, group: list[Pack]) -> str:
        others = any(pack.charges[self.session] for pack in group if pack.owner != self.session)
        mine = any(
            pack.charges[self.session] for pack in group if pack.owner == self.session and pack.is_wanted
        )
        if others and not mine:
            return "charged to another customer"
        return "charged twice" if mine else "charged though undone"

    def _note_missed(self, missed: list[Pack]) -> None:
        if not any(pack.is_reported for pack in missed):
            is_taken = any(pack.lay_as_another for pack in missed)
            self.kinds.add("reported only as the known piece in its place" if is_taken else "never reported")
            return
        is_asked = any(pack.asked for pack in missed)
        self.faults.append("asked, yet not charged" if is_asked else "neither charged nor asked")
