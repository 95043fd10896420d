"""The one table of journeys: what a person can do on Telegram and Slack, in the web chat and the console."""

from tests.fakes.drawn import plain, qr
from tests.journeys.seen import Fill, Journey, Press, Say, Send, Show, Step

URL = "https://example.com/Menu?a=1&b=2#Size"
FILED = "https://example.com/to-be-filed"
EPC = "BCD\n002\n1\nSCT\n\nRed Cross\nDE89370400440532013000"
GUEST = "WIFI:T:WPA;S:Guest network;P:long enough;;"
CAFE = "WIFI:T:WPA;S:Café;P:long enough;;"
DENSE = " ".join(["dense"] * 240)
MADE = ("Style", "File", "☆ Favourite", "More")
BACK = "‹ Back"

JOURNEYS = (
    Journey(
        "somebody new is told what to do",
        (Step(Say("/start"), ("QR codes that scan",), None, ("Make one", "Wi-Fi", "What I can do")),),
    ),
    Journey(
        "help lists the commands, and explains one",
        (
            Step(Say("help"), ("/qr", "wifi –", "history –", "privacy –")),
            Step(Say("help wifi"), ("network name", "security=WPA/WPA3/WEP/nopass")),
        ),
    ),
    Journey(
        "a text becomes a code, exactly as typed, with what can be done with it",
        (Step(Say(URL), codes=(URL,), labels=MADE),),
    ),
    Journey(
        "a code is taken along as files of all kinds",
        (
            Step(Say(FILED), codes=(FILED,)),
            *(
                step
                for label in ("SVG", "JPEG", "Larger", "Print: 3 cm")
                for step in (
                    Step(Press("File"), codes=None, labels=(label, BACK)),
                    Step(Press(label), codes=(FILED,)),
                    Step(Say("/history"), (FILED,)),
                    Step(Press(FILED), codes=None, labels=MADE),
                )
            ),
        ),
    ),
    Journey(
        "what opens under a code goes back to it",
        (
            Step(Say("there and back"), codes=("there and back",), labels=MADE),
            Step(Press("Style"), ("Choose one",), codes=None, labels=("1. classic", "36. boutique", BACK)),
            Step(Press(BACK), codes=None, labels=MADE),
            Step(Press("File"), codes=None, labels=("PNG", BACK)),
            Step(Press(BACK), codes=None, labels=MADE),
            Step(Press("More"), codes=None, labels=("Scan check", "Delete", BACK)),
            Step(Press(BACK), codes=None, labels=MADE),
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
            Step(Say("help me out"), ("See More",), ("help me out",)),
            Step(Press("More"), codes=None, labels=("I meant the command “help”",)),
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
            Step(Fill("wifi", {"ssid": "Guest network", "password": "long enough"}), (), (GUEST,), MADE),
        ),
    ),
    Journey(
        "a wrong value is asked for again, with the reason",
        (
            Step(Say("/wifi Café short"), ("8 to 63 characters",)),
            Step(Fill("wifi", {"ssid": "Café", "password": "long enough"}), codes=(CAFE,)),
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
        "a payment is chosen, then asked for",
        (
            Step(Say("/pay"), ("Which kind of payment",)),
            Step(Fill("pay", {"kind": "epc"}), ("Name",)),
            Step(Fill("epc", {"name": "Red Cross", "iban": "DE89 3704 0044 0532 0130 00"}), codes=(EPC,)),
        ),
    ),
    Journey(
        "what is pasted is understood",
        (
            Step(Say("example.com"), codes=("https://example.com",)),
            Step(Press("More"), codes=None, labels=("Exactly as typed",)),
            Step(Press("Exactly as typed"), codes=("example.com",), labels=MADE),
            Step(Say("ada@example.org"), codes=("mailto:ada@example.org",), labels=MADE),
            Step(Say("+44 20 7946 0958"), codes=("tel:+442079460958",), labels=MADE),
            Step(Say("48.85837, 2.29448"), codes=("geo:48.85837,2.29448",)),
            Step(Press("More"), codes=None, labels=("Map link, for iPhones",)),
            Step(
                Press("Map link, for iPhones"),
                codes=("https://maps.apple.com/?ll=48.85837,2.29448&q=48.85837,2.29448",),
            ),
            Step(Say("WLAN: Guest network, Passwort: long enough"), codes=(GUEST,), never=("long enough",)),
        ),
    ),
    Journey(
        "what may mean two things is made as it stands, and the other is offered",
        (
            Step(Say("readme.md"), ("See More",), ("readme.md",)),
            Step(Press("More"), codes=None, labels=("As: Link",)),
            Step(Press("As: Link"), codes=("https://readme.md",)),
            Step(Say("DE89 3704 0044 0532 0130 00"), codes=("DE89 3704 0044 0532 0130 00",)),
        ),
    ),
    Journey(
        "a one-time password is made and kept nowhere",
        (
            Step(
                Say("/otp ada JBSWY3DPEHPK3PXP issuer=Shop"),
                ("do not keep",),
                ("otpauth://totp/Shop:ada?secret=JBSWY3DPEHPK3PXP&issuer=Shop",),
                never=("JBSWY3DPEHPK3PXP",),
            ),
            Step(Say("/history"), ("no codes yet",)),
        ),
    ),
    Journey(
        "a picture is read, and what it says is used",
        (
            Step(Show("what it says & more"), ("This code says", "what it says & more")),
            Step(Show("WIFI:T:WPA;S:Home;P:secret key;;"), ("Network name", "Home", "secret key")),
            Step(
                Show("https://user@xn--e1awd7f.com/x"),
                ("Leads to", "xn--e1awd7f.com"),
                labels=("Make it again",),
            ),
            Step(Press("Make it again"), codes=("https://user@xn--e1awd7f.com/x",)),
        ),
    ),
    Journey(
        "a payment slip is drawn whole",
        (
            Step(
                Say(
                    '/swiss "CH93 0076 2011 6238 5295 7" creditor_name="Muster AG" '
                    "creditor_street=Bahnhofstrasse creditor_number=1 creditor_postcode=8001 "
                    "creditor_town=Zürich creditor_country=CH amount=12.50"
                ),
                codes=None,
                labels=("Scan check", "File"),
            ),
            Step(Press("More"), codes=None, labels=("Payment slip (PDF)",)),
            Step(Press("Payment slip (PDF)"), codes=None),
        ),
    ),
    Journey(
        "the look of one's codes is kept",
        (
            Step(
                Say("/style navy on white, level Q, margin 6"),
                ("navy on white", "level Q", "margin 6"),
                ("https://example.com",),
            ),
            Step(Say("in my colours"), codes=("in my colours",)),
            Step(Say("/style default"), ("like this: black on white",), ("https://example.com",)),
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
            Step(Press("the first menu"), codes=("the first menu",), labels=MADE),
            Step(Press("More"), codes=None, labels=("Delete",)),
            Step(Press("Delete"), ("the first menu",), codes=None, labels=("Keep",)),
            Step(Press("Delete"), ("deleted",), codes=None),  # the picture stays where a face keeps it
            Step(Say("/history favourites=yes"), ("1 code", "second thoughts"), never=("the first menu",)),
        ),
    ),
    Journey(
        "a code gets another look",
        (
            Step(Say("colour me"), codes=("colour me",)),
            Step(Press("Style"), ("Choose one",), codes=None, labels=("Surprise me", "Plain")),
            Step(Press("2. ink"), codes=("colour me",), labels=("☆ Favourite",)),
        ),
    ),
    Journey(
        "a code is checked before it is printed",
        (
            Step(Say("check me"), codes=("check me",)),
            Step(Press("More"), codes=None, labels=("Scan check",)),
            Step(Press("Scan check"), ("Score", "of 100", "Grade"), codes=None, labels=(BACK,)),
            Step(Press(BACK), codes=None, labels=MADE),
            Step(Send("/prove", qr("somebody's code")), ("Score", "of 100", "Grade"), codes=None),
        ),
    ),
    Journey(
        "codes wear a logo, and take it off again",
        (
            Step(Say("/logo"), ("Send me a picture",), labels=("⭐",)),
            Step(Send("/logo", plain("teal")), codes=("https://example.com",), labels=("Round", "Remove")),
            Step(Say("with my logo"), codes=("with my logo",)),
            Step(Say("/logo remove"), codes=("https://example.com",)),
            Step(Send("/logo", qr("a code")), ("itself a code",)),
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

# Its form is filled in already, which a console writes into the line that is typed.
CHANGED = Journey(
    "a code is changed, and stays the one it is",
    (
        Step(Say("/text a draft of it"), codes=("a draft of it",)),
        Step(Press("More"), codes=None, labels=("Edit", BACK)),
        Step(Press("Edit"), ("a draft of it",), codes=None),
        Step(Fill("text", {"text": "the last of it"}), codes=("the last of it",), labels=MADE),
        Step(Say("/history"), ("1 code", "the last of it"), never=("a draft of it",)),
    ),
)
