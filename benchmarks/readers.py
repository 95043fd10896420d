"""Who reads the pictures: zxing-cpp, and OpenCV by either of its detectors, sharp or slightly blurred."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]

BLUR = 0.25  # modules: what a camera's own optics do to a picture


def opened(data: bytes) -> Image.Image:
    """Open a picture, over white where it is clear: RGB."""
    with Image.open(BytesIO(data)) as picture:
        return on_white(picture)


def on_white(picture: Image.Image) -> Image.Image:
    """Lay a picture over white: RGB."""
    clear = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


@cache
def _formats() -> zxingcpp.BarcodeFormats:
    return zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # strips of modules look like Codabar


def zxing(picture: Image.Image, module: float, wanted: bytes) -> bool:
    """Tell whether zxing-cpp finds one QR code, with just these bytes."""
    return [each.bytes for each in zxingcpp.read_barcodes(picture, formats=_formats())] == [wanted]


def opencv(picture: Image.Image, module: float, wanted: bytes) -> bool:
    """Tell whether OpenCV finds these bytes."""
    colour = np.asarray(picture)[:, :, ::-1]
    grey: Grey = cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    if _detected(grey, wanted):
        return True
    blurred: Grey = cv2.GaussianBlur(grey, (0, 0), BLUR * module).astype(np.uint8, copy=False)
    return _detected(blurred, wanted)


@cache
def _detectors() -> tuple[cv2.QRCodeDetector, cv2.QRCodeDetectorAruco]:
    cv2.setNumThreads(1)  # two processes are at it already
    return cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()


def _detected(grey: Grey, wanted: bytes) -> bool:
    for detector in _detectors():
        try:
            found, *_ = detector.detectAndDecodeBytes(grey)
        except (cv2.error, UnicodeDecodeError):
            continue
        if found == wanted:
            return True
    return False


READERS = {"zxing-cpp": zxing, "OpenCV": opencv}
