"""The style sheet: what Qt's style sheets can do well (ground, border, radius, ink of standard widgets).

Fonts are set by `setFont`, because a font in a style sheet takes every later `setFont` away. Tiles, rows,
chips and the picture paint themselves.
"""

from __future__ import annotations

from visionscan_kiosk.gui.theme.palette import PAPER, PAPER_TEXT, PAPER_TEXT2, Palette


def qss(palette: Palette) -> str:
    """Return the whole application's style sheet for this palette."""
    return "\n".join(
        (_ground(palette), _frames(palette), _labels(palette), _buttons(palette), _rest(palette))
    )


def _ground(p: Palette) -> str:
    return f"""
* {{ outline: 0; }}
QWidget {{ color: {p.text}; }}
QWidget[kind="page"] {{ background: {p.page}; }}
QToolTip {{ background: {p.inverse}; color: {p.on_inverse}; border: 0; padding: 8px; }}
"""


def _frames(p: Palette) -> str:
    return f"""
QFrame[kind="bar"] {{ background: {p.surface}; border: 0; border-bottom: 1px solid {p.line}; }}
QFrame[kind="card"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: 16px; }}
QFrame[kind="ask"] {{ background: {p.ask_soft}; border: 2px solid {p.ask}; border-radius: 16px; }}
QFrame[kind="sure"] {{ background: {p.sure_soft}; border: 2px solid {p.sure}; border-radius: 16px; }}
QFrame[kind="subtle"] {{ background: {p.subtle}; border: 0; border-radius: 12px; }}
QFrame[kind="surebox"] {{ background: {p.sure_soft}; border: 0; border-radius: 12px; }}
QFrame[kind="askbox"] {{ background: {p.ask_soft}; border: 0; border-radius: 12px; }}
QFrame[kind="stopbox"] {{ background: {p.stop_soft}; border: 0; border-radius: 12px; }}
QFrame[kind="accentbox"] {{ background: {p.accent_soft}; border: 0; border-radius: 12px; }}
QFrame[kind="inverse"] {{ background: {p.inverse}; border: 0; border-radius: 12px; }}
QFrame[kind="rule"] {{ background: {p.line}; border: 0; }}
QFrame[kind="paper"] {{ background: {PAPER}; border: 1px solid {p.line}; border-radius: 4px; }}
QFrame[kind="segments"] {{ background: {p.sunken}; border: 0; border-radius: 12px; }}
QFrame[kind="coin"] {{ background: {p.subtle}; border: 1px solid {p.line}; border-radius: 20px; }}
QFrame[kind="stepper"] {{ background: {p.subtle}; border: 1px solid {p.line}; border-radius: 12px; }}
QFrame[kind="field"] {{ background: {p.surface}; border: 1px solid {p.control}; border-radius: 12px; }}
QFrame[kind="fieldon"] {{ background: {p.surface}; border: 2px solid {p.accent}; border-radius: 12px; }}
QFrame[kind="fieldguess"] {{ background: {p.accent_soft}; border: 2px solid {p.accent};
  border-radius: 12px; }}
QFrame[kind="fieldwrong"] {{ background: {p.surface}; border: 2px solid {p.stop}; border-radius: 12px; }}
"""


def _labels(p: Palette) -> str:
    tones = {
        "2": p.text2,
        "ask": p.ask_text,
        "sure": p.sure_text,
        "stop": p.stop_text,
        "accent": p.accent_text,
        "inverse": p.on_inverse,
        "paper": PAPER_TEXT,
        "paper2": PAPER_TEXT2,
    }
    ground = "QLabel { background: transparent; border: 0; }\n"
    return ground + "\n".join(f'QLabel[tone="{tone}"] {{ color: {ink}; }}' for tone, ink in tones.items())


def _buttons(p: Palette) -> str:
    return f"""
QPushButton {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line}; border-radius: 12px;
  padding: 0 16px; text-align: center; }}
QPushButton:pressed {{ background: {p.raised}; }}
QPushButton:disabled {{ color: {p.text2}; background: {p.raised}; border-color: {p.raised}; }}
QPushButton[kind="primary"] {{ background: {p.accent}; color: {p.on_accent}; border: 0; }}
QPushButton[kind="primary"]:pressed {{ background: {p.accent_down}; }}
QPushButton[kind="primary"]:disabled {{ background: {p.raised}; color: {p.text2}; }}
QPushButton[kind="soft"] {{ background: {p.accent_soft}; color: {p.accent_text}; border: 0; }}
QPushButton[kind="soft"]:pressed {{ background: {p.raised}; }}
QPushButton[kind="soft"]:disabled {{ background: {p.raised}; color: {p.text2}; }}
QPushButton[kind="plain"] {{ background: transparent; border: 0; }}
QPushButton[kind="plain"]:pressed {{ background: {p.raised}; }}
QPushButton[kind="plain"]:disabled {{ background: transparent; color: {p.text2}; }}
QPushButton[kind="plainaccent"] {{ background: transparent; border: 0; color: {p.accent_text}; }}
QPushButton[kind="plainaccent"]:pressed {{ background: {p.accent_soft}; }}
QPushButton[kind="key"] {{ background: {p.subtle}; border: 1px solid {p.line}; padding: 0; }}
QPushButton[kind="key"]:pressed {{ background: {p.raised}; }}
QPushButton[kind="keyspecial"] {{ background: {p.raised}; border: 1px solid {p.line}; padding: 0; }}
QPushButton[kind="keyspecial"]:pressed {{ background: {p.line}; }}
QPushButton[kind="outlined"] {{ background: {p.surface}; border: 1px solid {p.control}; }}
QPushButton[kind="outlined"]:pressed {{ background: {p.raised}; }}
QPushButton[kind="danger"] {{ background: {p.surface}; color: {p.stop_text};
  border: 1px solid {p.stop_text}; }}
QPushButton[kind="danger"]:pressed {{ background: {p.stop_soft}; }}
QPushButton[kind="undo"] {{ background: transparent; color: {p.inverse_link}; border: 0; }}
QPushButton[kind="segment"] {{ background: transparent; border: 0; border-radius: 10px; color: {p.text2}; }}
QPushButton[kind="segmenton"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: 10px; }}
QPushButton[kind="pill"] {{ background: transparent; border: 1px solid {p.line}; border-radius: 24px;
  color: {p.text2}; }}
QPushButton[kind="pill"]:pressed {{ background: {p.raised}; }}
QPushButton[kind="pillon"] {{ background: {p.text}; border: 0; border-radius: 24px; color: {p.page}; }}
QPushButton[leading="true"] {{ text-align: left; padding: 0 12px; }}
QPushButton[iconOnly="true"] {{ padding: 0; text-align: center; }}
QPushButton:focus {{ border: 2px solid {p.accent}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {p.text}; }}
QPushButton[kind="undo"]:focus {{ border: 2px solid {p.inverse_link}; }}
"""


def _rest(p: Palette) -> str:
    return f"""
QLineEdit, QPlainTextEdit {{ background: transparent; border: 0; color: {p.text};
  selection-background-color: {p.accent}; selection-color: {p.on_accent};
  placeholder-text-color: {p.text2}; }}
QListView {{ background: transparent; border: 0; }}
QFileDialog QLineEdit, QFileDialog QComboBox {{ background: {p.surface}; border: 1px solid {p.control};
  border-radius: 8px; min-height: 46px; padding: 0 12px; }}
QFileDialog QPushButton {{ min-height: 46px; }}
QFileDialog QToolButton {{ min-width: 46px; min-height: 46px; }}
QFileDialog QAbstractItemView::item {{ min-height: 46px; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {p.control}; border-radius: 4px; min-height: 48px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: 0; width: 0; height: 0; }}
QMenu {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: 12px; padding: 8px; }}
QMenu::item {{ padding: 14px 24px; border-radius: 8px; color: {p.text}; }}
QMenu::item:selected {{ background: {p.accent_soft}; color: {p.accent_text}; }}
QMenu::item:disabled {{ color: {p.text2}; }}
"""
