"""A place is where its numbers say, in every form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.kind import Reading
from bot.qr.payloads.place import PLACE, Form, Place, build_place, coordinates_of, read_place
from bot.qr.refusal import Refused

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=200).map(str.strip)
metres = st.none() | st.decimals(-11_000, 9_000, places=2)


def degrees(most: int) -> st.SearchStrategy[Decimal]:
    """Degrees with up to six decimals, poles aside."""
    return st.integers(-most * 10**6 + 1, most * 10**6 - 1).map(lambda number: Decimal(number).scaleb(-6))


@given(degrees(90), degrees(180), words, metres, st.sampled_from(Form))
def test_a_place_reads_back_as_itself(
    latitude: Decimal, longitude: Decimal, label: str, altitude: Decimal | None, form: Form
) -> None:
    """Whatever separators its name holds, in both forms."""
    place = Place(latitude, longitude, label, altitude if form is Form.GEO else None, form)
    assert read_place(build_place(place)) == Reading("place", place)


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands after the start of a place."""
    for start in (
        "",
        "geo:",
        "geo:1,2",
        "geo:1,2?q=",
        "https://maps.apple.com/?",
        "https://maps.google.com/?q=1,2",
    ):
        assert getattr(read_place(start + text), "kind", "place") == "place"
        coordinates_of(start + text)


@given(degrees(90), degrees(180), st.sampled_from(["{}, {}", "{},{}", "{} {}", "({}; {})", "{}° {}°"]))
def test_pasted_coordinates_are_where_they_say(latitude: Decimal, longitude: Decimal, form: str) -> None:
    """With six decimals they are always sure."""
    found = coordinates_of(form.format(f"{latitude:.6f}", f"{longitude:.6f}"))
    assert found is not None
    assert (found.latitude, found.longitude, found.sure) == (latitude, longitude, True)


@given(st.text(st.sampled_from("0123456789.,;°'\"NSEW -+"), max_size=40))
def test_coordinates_are_on_earth(text: str) -> None:
    """Whatever is pasted: inside the ranges, or none."""
    found = coordinates_of(text)
    if found is not None:
        assert -90 <= found.latitude <= 90
        assert -180 <= found.longitude <= 180


@pytest.mark.parametrize(
    ("place", "text"),
    [
        # RFC 5870, 1 and 6
        (Place(Decimal("13.4125"), Decimal("103.8667")), "geo:13.4125,103.8667"),
        (Place(Decimal("48.2010"), Decimal("16.3695"), altitude=Decimal(183)), "geo:48.201,16.3695,183"),
        (Place(Decimal(90), Decimal("-22.43")), "geo:90,0"),  # 3.4.2: at a pole the longitude is 0
        (Place(Decimal("-90.0"), Decimal(5)), "geo:-90,0"),
        (Place(Decimal("22.300"), Decimal("-118.4400")), "geo:22.3,-118.44"),
        (Place(Decimal("-0.0000001"), Decimal("1E+2")), "geo:0,100"),
        (Place(Decimal("1.23456789"), Decimal(180)), "geo:1.234568,180"),
        # Android, "Common intents"; Google Maps Intents for Android have these coordinates
        (
            Place(Decimal("-33.8666"), Decimal("151.1957"), "Google Sydney"),
            "geo:-33.8666,151.1957?q=-33.8666,151.1957(Google%20Sydney)",
        ),
        # Apple URL Scheme Reference, "Map Links"
        (
            Place(Decimal("50.894967"), Decimal("4.341626"), "Atomium & more", form=Form.MAP),
            "https://maps.apple.com/?ll=50.894967,4.341626&q=Atomium%20%26%20more",
        ),
        (
            Place(Decimal("50.894967"), Decimal("4.341626"), form=Form.MAP),
            "https://maps.apple.com/?ll=50.894967,4.341626&q=50.894967,4.341626",
        ),
    ],
)
def test_a_place_is_written_as_its_form_says(place: Place, text: str) -> None:
    """Trimmed zeros, decimal points, at most six decimals."""
    assert build_place(place) == text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # RFC 5870, 6
        ("geo:90,-22.43;crs=WGS84", Place(Decimal(90), Decimal("-22.43"))),
        ("geo:66,30;u=6.500;FOo=this%2dthat", Place(Decimal(66), Decimal(30))),
        ("geo:48.198634,16.371648;crs=wgs84;u=40", Place(Decimal("48.198634"), Decimal("16.371648"))),
        ("GEO:47.6, -122.3?z=11", Place(Decimal("47.6"), Decimal("-122.3"))),  # Android, "Common intents"
        (
            "geo:0,0?q=34.99,-106.61(Treasure)",
            Place(Decimal("34.99"), Decimal("-106.61"), "Treasure"),
        ),  # the same
        (
            "geo:0,0?q=-33.8666,151.1957(Google+Sydney)",
            Place(Decimal("-33.8666"), Decimal("151.1957"), "Google Sydney"),
        ),
        ("geo:0,0", Place(Decimal(0), Decimal(0))),
        ("geo:48.2,16.3?q=Wien", Place(Decimal("48.2"), Decimal("16.3"), "Wien")),
        (
            "http://maps.apple.com/?ll=50.894967,4.341626",
            Place(Decimal("50.894967"), Decimal("4.341626"), form=Form.MAP),
        ),
        (
            "https://maps.apple.com?q=My+Car&ll=1.5%2C2.5&z=10",
            Place(Decimal("1.5"), Decimal("2.5"), "My Car", form=Form.MAP),
        ),
        # MapKit, "Adopting unified Maps URLs"
        (
            "https://maps.apple.com/place?coordinate=41.211327,1.144046&name=La%20Selva",
            Place(Decimal("41.211327"), Decimal("1.144046"), "La Selva", form=Form.MAP),
        ),
        # Google, "Maps URLs"
        (
            "https://www.google.com/maps/search/?api=1&query=47.5951518%2C-122.3316393",
            Place(Decimal("47.5951518"), Decimal("-122.3316393"), form=Form.MAP),
        ),
        ("https://maps.google.com/?q=1.5,2.5", Place(Decimal("1.5"), Decimal("2.5"), form=Form.MAP)),
    ],
)
def test_other_forms_are_read(text: str, place: Place) -> None:
    """What phones, Apple and Google write."""
    assert read_place(text) == Reading("place", place)
    assert interpret(text).kind == "place"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("geo:95,10", "latitude"),
        ("geo:10,181", "longitude"),
        ("geo:1,2?q=3,4(Here)", "Android shows 3, 4"),
        ("https://maps.google.com/?q=91.5,2", "latitude"),
        ("geo:1,2?q=1,2(a%00b)", "U+0000"),
    ],
)
def test_what_is_wrong_with_a_place_is_said(text: str, said: str) -> None:
    """As one warning, beside the place."""
    reading = read_place(text)
    assert reading is not None
    (warning,) = reading.warnings
    assert said in str(warning)


@pytest.mark.parametrize(
    "text",
    [
        "geo:", "geo:48.2", "geo:a,b", "geo:1,2,3,4", "geo:1,2;crs=moon-2011",
        "geo:0,0?q=1600+Amphitheatre+Parkway",
        "geo:22.300;-118.44", "geo:NaN,1", "geo:1e1,2", "48.8584,2.2945", "https://maps.apple.com/?q=pizza",
        "https://maps.apple.com/?daddr=1,2&ll=1,2", "https://maps.google.com/?q=pizza+near+1,2",
        "https://maps.google.com/?q=1,2&saddr=x", "https://www.google.com/maps/search/?api=1&query=1,2&query_place_id=x",
        "https://maps.apple.com.example.org/?ll=1,2", "https://maps.apple.com/?ll=1,2#x", "https://example.org/?q=1,2",
    ],
)  # fmt: skip
def test_what_is_no_place_is_left_to_others(text: str) -> None:
    """Searches, directions, other coordinate systems (RFC 5870, 3.4.1), other sites."""
    assert read_place(text) is None


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "sure"),
    [
        ("52.5200, 13.4050", "52.52", "13.405", True),
        ("52.5200,13.4050", "52.52", "13.405", True),
        ("-33.8666 151.1957", "-33.8666", "151.1957", True),
        ("−33.8666, 151.1957", "-33.8666", "151.1957", True),
        ("52.52 13.405", "52.52", "13.405", False),
        ("12.5, 7.25", "12.5", "7.25", False),
        ("52°31'12\"N 13°24'18\"E", "52.52", "13.405", True),
        ("52°31′12″N, 13°24′18″E", "52.52", "13.405", True),
        ("52°31'12''S13°24'18''W", "-52.52", "-13.405", True),
        ("N 52° 31.200' E 13° 24.300'", "52.52", "13.405", True),
        ("13° 24' 18\" e; 52° 31' 12\" n", "52.52", "13.405", True),
        ("N 52.52 E 13.405", "52.52", "13.405", True),
        ("52.52 S 13.405 W", "-52.52", "-13.405", True),
        ("52 N 13 E", "52", "13", False),
        ("52° N 13° E", "52", "13", True),
        ("20° 30°", "20", "30", False),
        ("52,52; 13,405", "52.52", "13.405", False),
        ("52,5200; 13,4050", "52.52", "13.405", True),
        ("1,234 5,678", "1.234", "5.678", False),
        (" (52.5200, 13.4050) ", "52.52", "13.405", True),
    ],
)
def test_coordinates_are_read_as_people_paste_them(
    text: str, latitude: str, longitude: str, sure: bool
) -> None:
    """Sure only where they can mean nothing else."""
    found = coordinates_of(text)
    assert found is not None
    assert (f"{found.latitude:f}", f"{found.longitude:f}", found.sure) == (latitude, longitude, sure)


@pytest.mark.parametrize(
    "text",
    [
        "", "10 20", "1, 2", "3.141", "52,13", "91.000, 13.000", "52.000, 181.000", "52°61'N 13°00'E",
        "52.52 N 13.405", "52.52 N 13.405 N", "52.52 N 13.405 O", "-52.52 N 13.405 E", "52.5°30'N 13°E",
        "52.52; 13,405",
        "1.2.3, 4.5", "52.5200", "about 52.5200, 13.4050", "52.52001" * 30, "12:30 13:45", "192.168 1.1 x",
        "52°30'30\" 13.5",
    ],
)  # fmt: skip
def test_what_only_looks_like_coordinates_is_none(text: str) -> None:
    """Two numbers, times, prices, contradictions; O, which is east or west."""
    assert coordinates_of(text) is None


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place(Decimal("90.1"), Decimal(0)), "latitude"),
        (Place(Decimal("NaN"), Decimal(0)), "latitude"),
        (Place(Decimal("1E+9999999"), Decimal(0)), "latitude"),
        (Place(Decimal(0), Decimal("-180.0001")), "longitude"),
        (Place(Decimal(0), Decimal("Infinity")), "longitude"),
        (Place(Decimal(0), Decimal(0), "two\nlines"), "label"),
        (Place(Decimal(0), Decimal(0), "x" * 201), "label"),
        (Place(Decimal(0), Decimal(0), altitude=Decimal("1E+9999999")), "altitude"),
        (Place(Decimal(0), Decimal(0), altitude=Decimal("sNaN")), "altitude"),
        (Place(Decimal(0), Decimal(0), altitude=Decimal(1), form=Form.MAP), "altitude"),
    ],
)
def test_what_is_nowhere_is_refused_at_its_field(place: Place, field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_place(place)
    assert refused.value.field == field


def test_numbers_of_any_size_are_rounded() -> None:
    """Many digits, tiny ones."""
    place = Place(Decimal("52." + "3" * 1000), Decimal("1E-9999999"))
    assert build_place(place) == "geo:52.333333,0"


def test_a_list_shows_the_name_or_the_numbers() -> None:
    """Whichever there is."""
    assert PLACE.title(Place(Decimal("1.5"), Decimal(2), "Home")) == "Home"
    assert PLACE.title(Place(Decimal("1.5"), Decimal(2))) == "1.5, 2"
