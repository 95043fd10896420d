"""Colours are weighed as eyes and cameras see them."""

import pytest

from bot.qr.style import Gradient, contrast
from bot.qr.style.colours import greatest_contrast, luminance, standing_out, symbol_contrast


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21 : 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert luminance("#808080") == pytest.approx(0.2159, abs=0.0001)
    assert symbol_contrast("#000000", "#ffffff") == pytest.approx(1)
    assert [standing_out(each) for each in ("#000080", "#ffff00", "#777777", "#767676")] == [
        "#ffffff", "#000000", "#000000", "#000000",
    ]  # fmt: skip


def test_a_gradients_contrast_is_that_of_its_worst_place() -> None:
    """Between two colours it may be darker than at both ends; a conic one comes round to its first."""
    through_grey = Gradient("linear", ("#ff0000", "#00ff00"))
    assert greatest_contrast(through_grey, "#ffffff") > contrast("#ff0000", "#ffffff")
    assert contrast(Gradient("linear", ("#000000", "#ffffff")), "#808080") == 1
    assert contrast(Gradient("conic", ("#000000", "#333333")), "#ffffff") == contrast("#333333", "#ffffff")
    assert contrast("#ffffff", Gradient("radial", ("#000000", "#333333"))) == contrast("#333333", "#ffffff")
