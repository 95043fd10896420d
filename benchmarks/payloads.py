"""The five payloads that everybody draws; `measure.COUNTED` in each is counted up from call to call."""

from __future__ import annotations

_CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Harbour;Ada;;Dr;\r\nFN:Dr Ada Harbour\r\nORG:Harbour Lamps Ltd\r\n"
    "TITLE:Keeper of the light\r\nTEL;TYPE=CELL:+442079000000\r\nEMAIL:ada@harbour-lamps.example\r\n"
    "ADR;TYPE=WORK:;;3 Pier Road;Seaport;;SP1 2AB;UK\r\nURL:https://harbour-lamps.example/ada\r\n"
    "NOTE:{}\r\nEND:VCARD\r\n"
)
_PROSE = "Meet us at the old harbour, third pier, and bring a lamp. "

PAYLOADS = {
    "address, 20 bytes": "https://qr.ex/000000",
    "address, 60 bytes": "https://shop.example/catalogue/lamps/spring-2027?item=000000",
    "Wi-Fi": "WIFI:T:WPA;S:Guest network;P:correct horse battery 000000;;",
    "vCard, 300 bytes": _CARD.format(_PROSE[: 300 - len(_CARD) + 2]),
    "text, 1,200 bytes": ("000000 " + _PROSE * 21)[:1200],
}
