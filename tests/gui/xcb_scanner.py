"""A hand scanner on a real X display: sends the keys of codes to whoever has the input focus.

Run by xcb_till.py: `python -m tests.gui.xcb_scanner KEY_MS BETWEEN_MS CODE[+ENDING]...`; an ending is
`return`, `tab` or nothing. The events carry the times a scanner would give them; they are sent as fast as the
display takes them, so that a busy machine changes nothing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from typing import Any

_KEYSYMS = {"return": 0xFF0D, "tab": 0xFF09}
_PRESS, _RELEASE = 2, 3
_MASKS = {_PRESS: 1, _RELEASE: 2}
_EVENT_LONGS = 24


class _KeyEvent(ctypes.Structure):
    """XKeyEvent of Xlib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("root", ctypes.c_ulong),
        ("subwindow", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("x_root", ctypes.c_int),
        ("y_root", ctypes.c_int),
        ("state", ctypes.c_uint),
        ("keycode", ctypes.c_uint),
        ("same_screen", ctypes.c_int),
    )


class _Event(ctypes.Union):
    _fields_ = (("key", _KeyEvent), ("pad", ctypes.c_long * _EVENT_LONGS))


class Scanner:
    """One connection to the display in DISPLAY."""

    def __init__(self) -> None:
        x11: Any = ctypes.CDLL(ctypes.util.find_library("X11"))
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        x11.XDefaultRootWindow.argtypes = (ctypes.c_void_p,)
        x11.XKeysymToKeycode.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
        x11.XGetInputFocus.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        x11.XSync.argtypes = (ctypes.c_void_p, ctypes.c_int)
        x11.XSendEvent.argtypes = (
            ctypes.c_void_p,
            ctypes.c_ulong,
            ctypes.c_int,
            ctypes.c_long,
            ctypes.c_void_p,
        )
        self._x11 = x11
        self._display = x11.XOpenDisplay(None)
        self._now_ms = 1000

    def scan(self, code: str, ending: str, key_ms: int, before_ms: int) -> None:
        keysyms = [ord(sign) for sign in code]
        if ending:
            keysyms.append(_KEYSYMS[ending])
        window, how = ctypes.c_ulong(), ctypes.c_int()
        self._x11.XGetInputFocus(self._display, ctypes.byref(window), ctypes.byref(how))
        for place, keysym in enumerate(keysyms):
            self._now_ms += key_ms if place else before_ms
            keycode = self._x11.XKeysymToKeycode(self._display, keysym)
            for kind in (_PRESS, _RELEASE):
                self._send(window.value, kind, keycode)
        self._x11.XSync(self._display, 0)  # all of them at once: nothing comes between

    def _send(self, window: int, kind: int, keycode: int) -> None:
        event = _Event()
        event.key.type = kind
        event.key.display = self._display
        event.key.window = window
        event.key.root = self._x11.XDefaultRootWindow(self._display)
        event.key.time = self._now_ms
        event.key.keycode = keycode
        event.key.same_screen = 1
        self._x11.XSendEvent(self._display, window, 1, _MASKS[kind], ctypes.byref(event))


def main() -> int:
    key_ms, between_ms = int(sys.argv[1]), int(sys.argv[2])
    scanner = Scanner()
    for argument in sys.argv[3:]:
        code, _, ending = argument.partition("+")
        scanner.scan(code, ending, key_ms, between_ms)
    return 0


if __name__ == "__main__":
    sys.exit(main())
