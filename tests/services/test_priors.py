"""Sales order what is asked, within bounds, and make nothing sure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct
from tests.fake_recogniser import build_taught, picture_of
from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.detection import DetectionService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.priors import BANDS, SalesFigures, SalesHistory, SalesPrior
from visionscan_kiosk.services.recognition_ports import RecognisedProduct, Recognition

ONE, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
MORNING, EVENING = 9, 21
NEVER = (0.0,) * BANDS


def recognised(*chances: float, is_sure: bool = False) -> Recognition:
    products = (ONE, OTHER, THIRD)[: len(chances)]
    candidates = tuple(RecognisedProduct(key, chance) for key, chance in zip(products, chances, strict=True))
    return Recognition(candidates, is_sure=is_sure, is_known=True)


def sold_in(band: int, times: float) -> tuple[float, ...]:
    return tuple(times if place == band else 0.0 for place in range(BANDS))


def sell(services: KioskServices, *products: Product) -> UUID:
    session = services.sessions.start_session()
    for product in products:
        services.sessions.scan_product(session.id, product.name)
    return services.checkout.check_out(session.id).session_id


def first(seen: Recognition) -> UUID:
    return seen.candidates[0].product_id


ALL_DAY = (200.0,) * BANDS
LIKELY_AND_SOLD = SalesPrior(SalesFigures(ALL_DAY, {OTHER: (100.0,) * BANDS}))


class TestThePrior:
    def test_what_sells_comes_first_where_looks_leave_it_open(self) -> None:
        assert first(LIKELY_AND_SOLD.order(recognised(0.5, 0.4), MORNING)) == OTHER

    def test_clear_looks_are_not_overruled(self) -> None:
        assert first(LIKELY_AND_SOLD.order(recognised(0.9, 0.05), MORNING)) == ONE

    def test_which_three_are_asked_is_left_to_looks(self) -> None:
        products = [UUID(int=number) for number in range(1, 6)]
        chances = zip(products, (0.21, 0.2, 0.2, 0.19, 0.18), strict=True)
        seen = Recognition(tuple(RecognisedProduct(*each) for each in chances), is_sure=False, is_known=True)
        prior = SalesPrior(SalesFigures(ALL_DAY, {products[2]: ALL_DAY, products[4]: ALL_DAY}))
        ordered = [item.product_id for item in prior.order(seen, MORNING).candidates]
        assert ordered == [products[2], *products[:2], *products[3:]]

    def test_what_is_sure_stays_as_it_is(self) -> None:
        sure = recognised(0.5, 0.4, is_sure=True)
        assert LIKELY_AND_SOLD.order(sure, MORNING) is sure

    def test_without_sales_nothing_changes(self) -> None:
        assert SalesPrior().order(recognised(0.5, 0.4), MORNING) == recognised(0.5, 0.4)

    def test_a_first_sale_says_little(self) -> None:
        few = SalesPrior(SalesFigures(sold_in(2, 1.0), {OTHER: sold_in(2, 1.0)}))
        assert first(few.order(recognised(0.5, 0.4), MORNING)) == ONE

    def test_hours_of_the_day_decide_between_equals(self) -> None:
        breakfast, dinner = sold_in(MORNING * BANDS // 24, 90.0), sold_in(EVENING * BANDS // 24, 90.0)
        prior = SalesPrior(SalesFigures(ALL_DAY, {ONE: breakfast, OTHER: dinner}))
        assert first(prior.order(recognised(0.45, 0.45), MORNING)) == ONE
        assert first(prior.order(recognised(0.45, 0.45), EVENING)) == OTHER

    def test_the_basket_decides_between_equals(self) -> None:
        often = (50.0,) * BANDS
        figures = SalesFigures(
            ALL_DAY, {ONE: often, OTHER: often, THIRD: often}, {(OTHER, THIRD): 200.0, (ONE, THIRD): 10.0}
        )
        prior = SalesPrior(figures)
        assert first(prior.order(recognised(0.48, 0.42), MORNING)) == ONE
        assert first(prior.order(recognised(0.48, 0.42), MORNING, [THIRD])) == OTHER

    @given(
        chances=st.lists(st.floats(0, 1), min_size=1, max_size=3),
        sold=st.lists(st.lists(st.floats(0, 1e6), min_size=BANDS, max_size=BANDS), min_size=3, max_size=3),
        receipts=st.lists(st.floats(0, 1e6), min_size=BANDS, max_size=BANDS),
        together=st.floats(0, 1e6),
        hour=st.integers(0, 23),
    )
    def test_sales_move_no_two_products_more_than_nine_times(
        self,
        chances: list[float],
        sold: list[list[float]],
        receipts: list[float],
        together: float,
        hour: int,
    ) -> None:
        """Whatever the figures, also those of a damaged history, the sum and the products stay."""
        figures = SalesFigures(
            receipts, dict(zip((ONE, OTHER, THIRD), sold, strict=True)), {(ONE, OTHER): together}
        )
        seen = recognised(*chances)
        by_sales = SalesPrior(figures).order(seen, hour, [OTHER])
        before, after = dict(seen.candidates), dict(by_sales.candidates)
        assert before.keys() == after.keys()
        assert sum(after.values()) == pytest.approx(sum(before.values()))
        assert (by_sales.is_sure, by_sales.is_known) == (False, True)
        for one, other in permutations(before, 2):
            assert after[one] * before[other] <= 9.001 * before[one] * after[other] + 1e-9


class TestTheHistory:
    @pytest.fixture
    def bread(self, make_product: MakeProduct) -> Product:
        return make_product("Bread", stock=100)

    @pytest.fixture
    def butter(self, make_product: MakeProduct) -> Product:
        return make_product("Butter", stock=100)

    def read(self, unit_of_work: UnitOfWorkFactory, utc_offset: timedelta = timedelta()) -> SalesFigures:
        with unit_of_work() as work:
            return work.sales.figures(utc_offset)

    def move(self, engine: Engine, session_id: UUID, sold_at: datetime) -> None:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE scan_sessions SET check_out_time = :at WHERE id = :id"),
                {"at": sold_at, "id": session_id},
            )

    def test_an_empty_shop_has_no_figures(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert self.read(unit_of_work) == SalesFigures([0.0] * BANDS, {}, {})

    def test_receipts_are_counted_by_product_and_pair(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, bread: Product, butter: Product
    ) -> None:
        services.teaching.teach(bread.id, [picture_of((40, 40, 220), 1)])
        for _ in range(3):
            sell(services, bread, butter)
        sell(services, butter)
        figures = self.read(unit_of_work)
        assert sum(figures.receipts) == pytest.approx(4, abs=0.01)
        assert sum(figures.sold[bread.id]) == pytest.approx(3, abs=0.01)
        assert sum(figures.sold[butter.id]) == pytest.approx(4, abs=0.01)
        assert figures.together == {(bread.id, butter.id): pytest.approx(3, abs=0.01)}

    def test_open_baskets_and_those_left_without_a_sale_do_not_count(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, bread: Product
    ) -> None:
        services.sessions.scan_product(services.sessions.start_session().id, bread.name)
        ended = services.sessions.start_session()
        services.sessions.scan_product(ended.id, bread.name)
        services.sessions.end_session(ended.id)
        assert not self.read(unit_of_work).sold

    @pytest.mark.parametrize(("utc_offset", "band"), [(0, 5), (3, 0), (-4, 4)])
    def test_hours_are_those_of_the_shop(
        self,
        engine: Engine,
        services: KioskServices,
        unit_of_work: UnitOfWorkFactory,
        bread: Product,
        utc_offset: int,
        band: int,
    ) -> None:
        yesterday = datetime.now(UTC).replace(hour=22, minute=30) - timedelta(days=1)
        self.move(engine, sell(services, bread), yesterday)
        sold = self.read(unit_of_work, timedelta(hours=utc_offset)).sold[bread.id]
        assert [place for place, count in enumerate(sold) if count] == [band]

    def test_a_receipt_of_two_months_ago_counts_half(
        self, engine: Engine, services: KioskServices, unit_of_work: UnitOfWorkFactory, bread: Product
    ) -> None:
        self.move(engine, sell(services, bread), datetime.now(UTC) - timedelta(days=60))
        assert sum(self.read(unit_of_work).sold[bread.id]) == pytest.approx(0.5, abs=0.01)

    def test_it_is_read_once_an_hour(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, bread: Product
    ) -> None:
        opened: list[UnitOfWork] = []

        def counting() -> UnitOfWork:
            opened.append(unit_of_work())
            return opened[-1]

        history = SalesHistory(counting, _at_once)
        history.warm_up()
        history.order([recognised(0.5, 0.4)], [])
        assert len(opened) == 1

    def test_a_failing_database_is_named_once_and_looks_go_on(self) -> None:
        def away() -> UnitOfWork:
            raise DatabaseUnavailable("The database is away.")

        history, seen = SalesHistory(away, _at_once), recognised(0.5, 0.4)
        with pytest.raises(DatabaseUnavailable):
            history.order([seen], [])
        assert history.order([seen], []) == [seen]


def _at_once(work: Callable[[], None]) -> None:
    work()


class TestAtTheCounter:
    """The colour between two taught ones looks like both."""

    BETWEEN = (60, 60, 200)

    @pytest.fixture
    def detection(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, picture_detector: object
    ) -> DetectionService:
        history = SalesHistory(unit_of_work, _at_once)
        taught = build_taught(unit_of_work)
        return DetectionService(
            unit_of_work,
            services.catalogue,
            picture_detector,  # type: ignore[arg-type]
            taught,
            sales=history,
        )

    @pytest.fixture
    def products(self, services: KioskServices, make_product: MakeProduct) -> list[Product]:
        apples = [make_product(name, stock=500) for name in ("Red Apple", "Pink Apple")]
        for product, colour in zip(apples, ((40, 40, 220), (60, 80, 220)), strict=True):
            services.teaching.teach(product.id, [picture_of(colour, seed) for seed in range(4)])
        return apples

    def test_the_often_sold_one_is_asked_first(
        self, services: KioskServices, detection: DetectionService, products: list[Product]
    ) -> None:
        (plain,) = services.detection.detect_products(picture_of(self.BETWEEN, 3), ask_model=False).results
        assert plain.decision is Decision.ASK
        second = next(item for item in products if item.id != plain.product_id)
        for _ in range(40):
            sell(services, second)
        report = detection.detect_products(picture_of(self.BETWEEN, 3), ask_model=False)
        (asked,) = report.results
        assert (asked.product_id, asked.decision) == (second.id, Decision.ASK)
        assert "sales" in [stage.name for stage in report.stages]

    def test_a_sure_look_does_not_ask_what_sells(
        self, services: KioskServices, detection: DetectionService, products: list[Product]
    ) -> None:
        report = detection.detect_products(picture_of((40, 40, 220), 9), ask_model=False)
        assert report.results[0].decision is Decision.MATCHED
        assert "sales" not in [stage.name for stage in report.stages]

    def test_a_session_that_is_gone_only_loses_its_basket(
        self, detection: DetectionService, products: list[Product]
    ) -> None:
        report = detection.detect_products(picture_of(self.BETWEEN, 3), ask_model=False, session_id=uuid4())
        assert report.results[0].decision is Decision.ASK
