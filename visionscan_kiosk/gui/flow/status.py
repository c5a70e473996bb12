"""How camera, model and database are: the chips of the top bar and the one banner under the search."""

from __future__ import annotations

from collections.abc import Callable

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Timer
from visionscan_kiosk.gui.flow.this_till import ThisTill
from visionscan_kiosk.gui.views import BannerView, ChipView, Tone, TopBarView
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind
from visionscan_kiosk.services.detector_health import DetectorHealth

NEWS_MS = 4000
HEALTH_PERIOD_MS = 60_000
LOOKING_PERIOD_MS = 1000
COUNT_MS = 1000
RETRY_DATABASE = "retry_database"
DISMISS = "dismiss"
LEARN_COUNTER = "learn_counter"
FORGO_COUNTER = "forgo_counter"
NO_CAMERA_HERE = "no_camera_here"


_UNKNOWN_COUNTER = BannerView(
    Tone.ASK,
    goods_wording.NO_COUNTER,
    goods_wording.NO_COUNTER_DETAIL,
    ((LEARN_COUNTER, goods_wording.COUNTER_IS_EMPTY), (FORGO_COUNTER, wording.CLOSE)),
)


class Status:
    """Collects states and shows them; the database's trouble comes before the camera's."""

    def __init__(self, around: Surroundings, till: ThisTill) -> None:
        self._around = around
        self._till = till
        till.when_changed(self._till_changed)
        self._is_dark = False
        self._retry_at: float | None = None
        self._counting: Timer | None = None
        self._camera = CameraState(CameraStateKind.CONNECTING, "")
        self._model: DetectorHealth | None = None
        self._is_looking = False
        self._looking: Timer | None = None
        self._is_checking = False
        self._database_is_away = self._database_is_silent = False
        self._unexpected = ""
        self._news: Timer | None = None
        self._is_counter_unknown = self._is_counter_forgone = self._was_live = False
        self._notice: BannerView | None = None
        self.on_retry: Callable[[], None] = lambda: None
        self.on_learn_counter: Callable[[], None] = lambda: None
        self.on_notice: Callable[[str], None] = lambda _: None

    @property
    def knows_model(self) -> bool:
        """Whether the model's health was told yet."""
        return self._model is not None

    @property
    def model_tone(self) -> Tone:
        """How the model is, as its chip shows it."""
        return self._model_chip().tone

    def start(self) -> None:
        """Show the bar, keep its clock right and ask for the model's health now and then."""
        if not self._till.preferences.has_camera:
            self._show_camera()
        self.show_top_bar()
        self._around.timers.every(10_000, self.show_top_bar)
        self._around.timers.every(HEALTH_PERIOD_MS, self.check_model)
        self.check_model()

    def check_model(self) -> None:
        """Ask how the model is, in a lane of its own."""
        if not self._is_checking and self._till.preferences.has_model:
            self._is_checking = True
            self._around.tasks.run(
                Lane.HEALTH, self._around.check_model, self._model_checked, self._model_check_failed
            )

    def camera(self, state: CameraState) -> None:
        """Take in how the camera is."""
        is_lost = self._camera.kind is CameraStateKind.LOST
        if is_lost and state.kind is CameraStateKind.CONNECTING:
            return  # another attempt: still lost until pictures come
        self._camera = state
        self._was_live = self._was_live or state.kind is CameraStateKind.LIVE
        self._count_down(state.retry_in_s if state.kind is CameraStateKind.LOST else None)
        if is_lost and state.kind is CameraStateKind.LIVE and self._till.preferences.has_camera:
            self._tell_that_camera_is_back()
        self._show_camera()

    def dark(self, *, is_dark: bool) -> None:
        """Take in that the pictures show nothing for a while, or something again."""
        if is_dark is not self._is_dark:
            self._is_dark = is_dark
            self.show_banner()

    def _show_camera(self) -> None:
        texts = {CameraStateKind.LIVE: "", CameraStateKind.LOST: wording.CAMERA_LOST_TITLE}
        has_camera = self._till.preferences.has_camera
        text = texts.get(self._camera.kind, self._camera.message) if has_camera else wording.NO_CAMERA
        self._around.display.show_camera_place(has_camera=has_camera)
        self._around.display.show_picture_state(text)
        self.show_top_bar()
        self.show_banner()

    def _till_changed(self) -> None:
        if self._till.preferences.has_model and self._model is None:
            self.check_model()
        self._show_camera()

    def _count_down(self, retry_in_s: float | None) -> None:
        """Show each second how long it still is until the next attempt."""
        if self._counting is not None:
            self._counting.cancel()
        now = self._around.clock.seconds()
        self._retry_at = None if retry_in_s is None else now + retry_in_s
        self._counting = self._around.timers.every(COUNT_MS, self.show_banner) if retry_in_s else None

    @property
    def _retry_in_s(self) -> float | None:
        return None if self._retry_at is None else max(0.0, self._retry_at - self._around.clock.seconds())

    def database(self, *, is_away: bool) -> None:
        """Take in whether the database answers."""
        if is_away != self._database_is_away:
            self._database_is_away = is_away
            self._show_database()

    def database_is_silent(self, is_silent: bool) -> None:  # noqa: FBT001 # the watcher's only word
        """Take in whether answers of the database are late."""
        if is_silent != self._database_is_silent:
            self._database_is_silent = is_silent
            self._show_database()

    def counter(self, *, is_known: bool) -> None:
        """Take in whether the till knows what its empty counter looks like."""
        if self._is_counter_unknown is is_known:
            self._is_counter_unknown = not is_known
            self.show_banner()

    def database_answered(self, *, was_asked: bool) -> None:
        """Take in that work ended well which asks the database only now and then."""
        if was_asked:
            self.database(is_away=False)

    def looking(self, *, is_looking: bool) -> None:
        """Take in whether the model is being asked."""
        self._is_looking = is_looking
        if self._looking is not None:
            self._looking.cancel()
        # Who waits behind another question sees it, and sees it end.
        self._looking = (
            self._around.timers.every(LOOKING_PERIOD_MS, self.show_top_bar) if is_looking else None
        )
        self.show_top_bar()

    def model_failed(self, error: KioskError) -> None:
        """Take in that the model did not answer."""
        self._model = DetectorHealth(is_ready=False, message=str(error), model="")
        self.show_top_bar()

    def model_answered(self) -> None:
        """Take in that the model works."""
        if self._model is not None and not self._model.is_ready:
            self._model = None
            self.show_top_bar()

    def unexpected(self, sentence: str = wording.UNEXPECTED) -> None:
        """Show that something failed that nobody foresaw."""
        self._unexpected = sentence
        self.show_banner()

    def banner_action(self, name: str) -> None:
        """Do what a banner's button says."""
        if name == RETRY_DATABASE:
            self.on_retry()
        elif name == DISMISS:
            self._unexpected = ""
            self.show_banner()
        elif name == LEARN_COUNTER:
            self.on_learn_counter()
        elif name == FORGO_COUNTER:
            self._is_counter_forgone = True
            self.show_banner()
        elif name == NO_CAMERA_HERE:
            self._till.change(has_camera=False)
        else:
            self.on_notice(name)

    def notice(self, view: BannerView | None) -> None:
        """Show what somebody has to take note of, under what is in trouble; None takes it away.

        Its actions go to `on_notice`.
        """
        if view != self._notice:
            self._notice = view
            self.show_banner()

    @property
    def camera_text(self) -> str:
        """How the camera is, for the page of settings; empty while it works."""
        return "" if self._camera.kind is CameraStateKind.LIVE else self._camera.message

    @property
    def model_text(self) -> str:
        """How the model is, for the page of settings; empty while it works or nobody asked."""
        return "" if self._model is None or self._model.is_ready else self._model.message

    def report(self) -> str:
        """Return how each part is, a line each."""
        preferences = self._till.preferences
        model = "not asked yet" if self._model is None else self._model.message
        model = model if preferences.has_model else wording.NOT_HERE
        camera = self._camera.message or str(self._camera.kind)
        camera = camera if preferences.has_camera else wording.NOT_HERE
        database = wording.DATABASE_AWAY_TITLE if self._is_without_database else "answers"
        return wording.health_lines([("Camera", camera), ("Model", model), ("Database", database)])

    def show_top_bar(self) -> None:
        """Show chips and clock."""
        profile, preferences = self._around.profile, self._till.preferences
        chips = (
            *((self._camera_chip(),) if preferences.has_camera else ()),
            *((self._model_chip(),) if preferences.has_model else ()),
            self._database_chip(),
        )
        self._around.display.show_top_bar(
            TopBarView(profile.shop_name, profile.till_name, chips, f"{self._around.clock.now():%H:%M}")
        )

    def show_banner(self) -> None:
        """Show the most important trouble, or none."""
        self._around.display.show_banner(self._banner())

    @property
    def _is_without_database(self) -> bool:
        return self._database_is_away or self._database_is_silent

    def _show_database(self) -> None:
        self.show_top_bar()
        self.show_banner()

    def _banner(self) -> BannerView | None:
        if self._is_without_database:
            return BannerView(
                Tone.STOP,
                wording.DATABASE_AWAY_TITLE,
                wording.DATABASE_AWAY_TEXT,
                ((RETRY_DATABASE, wording.TRY_AGAIN),),
            )
        if self._unexpected:
            return BannerView(Tone.ASK, self._unexpected, "", ((DISMISS, wording.CLOSE),))
        if self._notice is not None:
            return self._notice
        return self._camera_banner() if self._till.preferences.has_camera else None

    def _camera_banner(self) -> BannerView | None:
        if self._camera.kind is CameraStateKind.LOST:
            here = () if self._was_live else ((NO_CAMERA_HERE, wording.NO_CAMERA_HERE),)
            text = wording.camera_lost(self._retry_in_s)
            return BannerView(Tone.STOP, wording.CAMERA_LOST_TITLE, text, here)
        if self._is_dark:
            return BannerView(Tone.ASK, wording.PICTURE_DARK_TITLE, wording.PICTURE_DARK_TEXT)
        if self._news is not None:
            return BannerView(Tone.FINE, wording.CAMERA_BACK, "")
        return _UNKNOWN_COUNTER if self._is_counter_unknown and not self._is_counter_forgone else None

    def _tell_that_camera_is_back(self) -> None:
        if self._news is not None:
            self._news.cancel()
        self._news = self._around.timers.after(NEWS_MS, self._forget_news)

    def _forget_news(self) -> None:
        self._news = None
        self.show_banner()

    def _model_checked(self, health: DetectorHealth) -> None:
        self._is_checking = False
        self._model = health
        self.show_top_bar()

    def _model_check_failed(self, error: KioskError) -> None:
        self._is_checking = False
        self.model_failed(error)

    def _camera_chip(self) -> ChipView:
        tones = {CameraStateKind.LIVE: Tone.FINE, CameraStateKind.CONNECTING: Tone.ASK}
        words = {CameraStateKind.LIVE: "Camera", CameraStateKind.CONNECTING: "Starting"}
        kind = self._camera.kind
        return ChipView("camera", tones.get(kind, Tone.STOP), words.get(kind, "No camera"))

    def _model_chip(self) -> ChipView:
        if self._is_looking:
            waiting = self._around.services.vision_models.waiting()
            return ChipView("model", Tone.ASK, wording.model_busy(waiting) if waiting else wording.LOOKING)
        is_ready = self._model is None or self._model.is_ready
        return ChipView("model", Tone.FINE if is_ready else Tone.ASK, "Model" if is_ready else "No model")

    def _database_chip(self) -> ChipView:
        is_away = self._is_without_database
        return ChipView(
            "database", Tone.STOP if is_away else Tone.FINE, "No database" if is_away else "Database"
        )
