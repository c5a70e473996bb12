"""Pictures into vectors: what the net says and the colours, of several views."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import QueryVectors, Vectors
from visionscan_kiosk.vision.recogniser.network import Network
from visionscan_kiosk.vision.recogniser.views import (
    View,
    as_picture,
    colour_histogram,
    network_input,
    unit_length,
)

DIMENSIONS = 1280 + 576
QUERY_VIEWS = (View(0.8), View(0.5))
_SHIFT = 0.12
PHOTO_VIEWS = (
    *QUERY_VIEWS,  # first: calibration takes them for a query
    View(1.0),
    View(0.65),
    View(0.5, right=-_SHIFT),
    View(0.5, right=_SHIFT),
    View(0.5, down=-_SHIFT),
    View(0.5, down=_SHIFT),
    View(0.8, is_upside_down=True),
    View(0.5, is_upside_down=True),
)

_COLOUR_WEIGHT = 0.4
_RECIPE = "views-1"


class PictureEmbedder:
    """Implements the port Embedder. Safe to use from several threads."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @property
    def version(self) -> str:
        """Name of model and recipe."""
        return f"{self._network.model.name}/{_RECIPE}"

    def embed_photo(self, image: Image) -> Vectors:
        """Return the views of a photo for teaching, views x 1856; raise InvalidInput without pixels."""
        return self._embed(image, PHOTO_VIEWS).astype(np.float16)

    def embed_query(self, image: Image) -> QueryVectors:
        """Return the crops of an item to recognise, crops x 1856; raise InvalidInput without pixels."""
        return self._embed(image, QUERY_VIEWS)

    def _embed(self, image: Image, views: Sequence[View]) -> NDArray[np.float32]:
        picture = as_picture(image)
        cuts = [view.of(picture) for view in views]
        side = self._network.model.side
        shapes = unit_length(self._network.run(np.stack([network_input(cut, side) for cut in cuts])))
        colours = np.stack([colour_histogram(cut) for cut in cuts])
        return unit_length(np.hstack([shapes, _COLOUR_WEIGHT * colours]))
