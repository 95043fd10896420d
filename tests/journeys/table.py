"""The one table of journeys: what a person can do on Telegram and Slack, in the web chat and the console."""

from tests.journeys.seen import Fill, Journey, Press, Say, Show, Step

URL = "https://example.com/Menu?a=1&b=2#Größe"
GUEST = "WIFI:T:WPA;S:Guest network;P:long enough;;"
DENSE = " ".join(["dense"] * 240)
MADE = ("SVG", "PDF", "Larger", "Colours", "☆ Favourite", "Delete")

JOURNEYS = (
    Journey(
        "somebody new is told what to do",
        (Step(Say("/start"), ("QR codes that scan",), labels=("Make one", "What I can do", "Settings")),),
    ),
    Journey(
        "help lists the commands, and explains one",
        (
            Step(Say("help"), ("/qr", "/wifi", "/history", "/privacy")),
            Step(Say("help wifi"), ("network name", "security=WPA/WPA3/WEP/nopass")),
        ),
    ),
    Journey(
        "a text becomes a code, exactly as typed, with what can be done with it",
        (
            Step(Say(URL), codes=(URL,), labels=MADE),
            Step(Press("SVG"), codes=(URL,)),
            Step(Press("PDF"), codes=(URL,)),
            Step(Press("Larger"), codes=(URL,)),
        ),
    ),
    Journey(
        "words that only begin like a command are a text",
        (
            Step(Say("call me maybe"), codes=("call me maybe",)),
            Step(Say("history of rome"), codes=("history of rome",)),
            Step(Say("text help"), codes=("help",)),
        ),
    ),
    Journey(
        "a text can be meant as the command it might have been",
        (
            Step(Say("help me out"), codes=("help me out",), labels=("I meant the command “help”",)),
            Step(Press("I meant the command “help”"), ("I do not understand “out” here",)),
        ),
    ),
    Journey(
        "a look is said with the code",
        (Step(Say('/qr look="navy on white, size 600" hello'), codes=("hello",)),),
    ),
    Journey(
        "a network is joined by a code, its key shown nowhere",
        (
            Step(
                Say('wifi "Guest network" "long enough"'),
                ("Guest network",),
                (GUEST,),
                never=("long enough",),
            ),
        ),
    ),
    Journey(
        "a forgotten value is asked for",
        (
            Step(Say("/wifi"), ("Network name",)),
            Step(
                Fill("wifi", {"ssid": "Guest network", "password": "long enough"}),
                codes=(GUEST,),
                labels=MADE,
            ),
        ),
    ),
    Journey(
        "a wrong value is asked for again, with the reason",
        (
            Step(Say("/wifi Café short"), ("8 to 63 characters",)),
            Step(
                Fill("wifi", {"ssid": "Café", "password": "long enough"}),
                codes=("WIFI:T:WPA;S:Café;P:long enough;;",),
            ),
        ),
    ),
    Journey(
        "a form can be left",
        (
            Step(Say("/wifi"), ("Network name",)),
            Step(Say("/cancel"), ("stop",)),
            Step(Say("a text again"), codes=("a text again",)),
        ),
    ),
    Journey(
        "a picture is read",
        (
            Step(Show("what it says & more"), ("This code says", "what it says & more")),
            Step(Show("WIFI:T:WPA;S:Home;P:secret key;;"), ("Network", "Home", "secret key")),
        ),
    ),
    Journey(
        "the look of one's codes is kept",
        (
            Step(
                Say("/style navy on white, level Q, margin 6"),
                ("#000080", "level Q", "margin 6"),
                ("https://example.com",),
            ),
            Step(Say("in my colours"), codes=("in my colours",)),
            Step(Say("/style default"), ("#000000",), ("https://example.com",)),
        ),
    ),
    Journey(
        "settings are shown and kept",
        (
            Step(Say("/settings timezone=europe/berlin format=svg"), ("Europe/Berlin", "SVG")),
            Step(Say("as a vector"), codes=("as a vector",)),
            Step(Say("/settings format=png"), ("Europe/Berlin", "PNG")),
        ),
    ),
    Journey(
        "codes are found again, marked and deleted",
        (
            Step(Say("the first menu"), codes=("the first menu",), labels=MADE),
            Step(Say("second thoughts"), codes=("second thoughts",), labels=MADE),
            Step(Press("☆ Favourite"), codes=None, labels=("★ Unfavourite",)),
            Step(Say("/history"), ("2 codes", "the first menu", "second thoughts"), labels=("★ Favourites",)),
            Step(Say("/history menu"), ("the first menu",), never=("second thoughts",)),
            Step(Press("the first menu"), codes=("the first menu",), labels=("Delete",)),
            Step(Press("Delete"), ("the first menu",), labels=("Keep",)),
            Step(Press("Delete"), ("deleted",)),
            Step(Say("/history favourites=yes"), ("1 code", "second thoughts"), never=("the first menu",)),
        ),
    ),
    Journey(
        "a code gets other colours",
        (
            Step(Say("colour me"), codes=("colour me",)),
            Step(Press("Colours"), ("Choose one",), labels=("🔵 navy",)),
            Step(Press("🔵 navy"), codes=("colour me",), labels=("☆ Favourite",)),
        ),
    ),
    Journey(
        "the bot speaks another language",
        (
            Step(Say("/language Deutsch"), ("Deutsch",)),
            Step(Say("/privacy"), ("Datenschutz",)),
            Step(Say("/language en"), ("English",)),
            Step(Say("/privacy"), ("Privacy",)),
        ),
    ),
    Journey(
        "everything can be taken along, and deleted",
        (
            Step(Say("to be forgotten"), codes=("to be forgotten",)),
            Step(Say("/export"), ("1 code",)),
            Step(Say("/forgetme"), ("cannot be undone",), labels=("Delete everything", "Export first")),
            Step(Press("Delete everything"), ("deleted",)),
            Step(Say("/history"), ("no codes yet",)),
        ),
    ),
    Journey(
        "what cannot be made is refused with what would help",
        (
            Step(Say("/wfii"), ("no command “/wfii”", "/wifi"), labels=("/wifi",)),
            Step(Say("x" * 2960), ("7 bytes too long", "2953")),
        ),
    ),
    Journey(
        "a colour nobody knows is asked for again, with the nearest",
        (
            Step(Say('/qr look="navvy on white" x'), ("“navvy”", "Did you mean navy")),
            Step(Fill("qr", {"look": "navy on white"}), codes=("x",)),
        ),
    ),
    Journey(
        "a dense code says how large to print it",
        (Step(Say(DENSE), ("print it at least",), (DENSE,)),),
    ),
)
