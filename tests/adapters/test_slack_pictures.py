"""Pictures that Slack has: a member's profile photo and the workspace's icon, fetched for a logo."""

import datetime
import io
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image

from adapters.slack.connection import Slack
from adapters.slack.serve import face
from bot.face import Face, TryLater
from bot.message import Actor, Request, Space, Upload
from bot.qr.refusal import Refused
from tests.fakes import FakeSlack
from tests.fakes.drawn import alike, middle, plain
from tests.fakes.ledger import listening
from tests.fakes.slack import Person

NAVY, GOLD = (0, 0, 128), (255, 215, 0)
NO_PHOTO, NO_ICON = "You have no profile photo that I may see", "This workspace has no icon"


@pytest.fixture
def shown(connection: Slack) -> Face:
    """Give the face."""
    return face(connection)


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


def asked(slack: FakeSlack, person: Person, ref: str) -> Request:
    """Ask for a picture."""
    actor, space = Actor("slack", f"{slack.team}:{person.id}"), Space("slack", f"{slack.team}:C1")
    return Request("slack:1", actor, space, uploads=(Upload(ref),), admin=False)


async def fetched(shown: Face, request: Request) -> bytes:
    """Fetch the one picture of a request."""
    (upload,) = (await shown.prepare(request)).uploads
    assert upload.size == len(upload.data)
    return upload.data


def width(data: bytes) -> int:
    """Measure a picture."""
    with Image.open(io.BytesIO(data)) as image:
        return image.width


async def test_a_profile_photo_is_fetched_without_our_token(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """The fake breaks where a token comes to its public pictures."""
    ada.photo = plain("navy", 1000, 1000)
    data = await fetched(shown, asked(slack, ada, "profile:person"))
    assert width(data) == 512
    assert alike(middle(data), NAVY)


async def test_the_workspaces_icon_is_fetched_without_our_token(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """In its largest square."""
    slack.icon = plain("gold", 1000, 1000)
    data = await fetched(shown, asked(slack, ada, "profile:space"))
    assert width(data) == 230
    assert alike(middle(data), GOLD)


async def test_what_slack_drew_itself_is_no_picture(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Neither a letter on a colour, nor the workspace's initials; nothing is fetched."""
    bea = slack.person("bea")
    bea.photo, bea.drawn = plain("navy"), True
    for person in (ada, bea):
        with pytest.raises(Refused, match=NO_PHOTO):
            await fetched(shown, asked(slack, person, "profile:person"))
    with pytest.raises(Refused, match=NO_ICON):
        await fetched(shown, asked(slack, ada, "profile:space"))
    assert [call.method for call in slack.calls] == ["users.info", "users.info", "team.info"]


async def test_a_workspace_that_did_not_allow_it_is_told_how(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """An app that was installed before its manifest asked for the icon goes on without it."""
    slack.scopes -= {"team:read"}
    with pytest.raises(Refused, match="team:read"):
        await fetched(shown, asked(slack, ada, "profile:space"))


@pytest.mark.parametrize(
    "address",
    [
        "https://secure.gravatar.com/avatar/1.jpg",
        "http://avatars.slack-edge.com/1.png",
        "https://slack-edge.com.example/1.png",
        "https://notslack-edge.com/1.png",
        "https://avatars.slack-edge.com:8443/1.png",
        "https://ada@avatars.slack-edge.com/1.png",
        "https://avatars.slack-edge.com@127.0.0.1/1.png",
        "http://127.0.0.1:1/1.png",
        "http://169.254.169.254/latest/meta-data",
        "https://avatars.slack-edge.com:x/1.png",
        "https://[avatars.slack-edge.com/1.png",
        "file:///etc/passwd",
        "//avatars.slack-edge.com/1.png",
    ],
)
async def test_no_other_host_is_asked(slack: FakeSlack, shown: Face, ada: Person, address: str) -> None:
    """A profile may name any address: only Slack's own are fetched."""
    ada.elsewhere = address
    with pytest.raises(Refused, match=NO_PHOTO):
        await fetched(shown, asked(slack, ada, "profile:person"))


async def test_no_redirect_is_followed(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Wherever it leads."""
    seen: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(body=plain("navy"), content_type="image/png")

    app = web.Application()
    app.router.add_get("/{name}", elsewhere)
    async with listening(app) as url:
        ada.photo, slack.moved = plain("navy"), f"{url}/a.png"
        with pytest.raises(Refused, match="cannot be fetched"):
            await fetched(shown, asked(slack, ada, "profile:person"))
    assert seen == []


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_picture_that_is_gone_is_not_asked_for_again(
    slack: FakeSlack, shown: Face, ada: Person, status: int
) -> None:
    """The person is told what to do in its place."""
    ada.photo = plain("navy")
    slack.fail("avatar", status=status, html=True)
    with pytest.raises(Refused, match="cannot be fetched"):
        await fetched(shown, asked(slack, ada, "profile:person"))


@pytest.mark.parametrize(
    ("method", "status", "after"), [("users.info", 500, 0), ("avatar", 502, 0), ("avatar", 429, 7)]
)
async def test_a_picture_that_cannot_be_fetched_now_is_fetched_later(
    slack: FakeSlack, shown: Face, ada: Person, method: str, status: int, after: int
) -> None:
    """And no sooner than Slack asks."""
    ada.photo = plain("navy")
    slack.fail(method, status=status, retry_after=after)
    with pytest.raises(TryLater) as caught:
        await fetched(shown, asked(slack, ada, "profile:person"))
    assert caught.value.seconds == (after or None)
    slack.fail("avatar", cut="before", times=2)
    with pytest.raises(TryLater):
        await fetched(shown, asked(slack, ada, "profile:person"))


async def test_a_picture_over_the_limit_is_refused_kindly(
    slack: FakeSlack, shown: Face, ada: Person, edge: "Edge"
) -> None:
    """By the bytes that come, whatever was said of them."""
    edge.body = bytes(5_000_001)
    ada.elsewhere = "https://avatars.slack-edge.com/2030-01-01/1_512.png"
    with pytest.raises(Refused, match="the limit is 5 MB"):
        await fetched(edge.face, asked(slack, ada, "profile:person"))
    edge.body = bytes(5_000_000)
    assert len(await fetched(edge.face, asked(slack, ada, "profile:person"))) == 5_000_000
    edge.body = b""
    with pytest.raises(Refused, match="cannot be fetched"):
        await fetched(edge.face, asked(slack, ada, "profile:person"))


async def test_slacks_public_host_is_asked_without_our_token(
    slack: FakeSlack, ada: Person, edge: "Edge"
) -> None:
    """Over TLS, by its name."""
    ada.elsewhere = "https://avatars.slack-edge.com/2030-01-01/1_512.png"
    assert await fetched(edge.face, asked(slack, ada, "profile:person")) == edge.body
    (headers,) = edge.asked
    assert headers["Host"] == "avatars.slack-edge.com"
    assert slack.bot_token not in str(headers)


# --- the public host ----------------------------------------------------------------------------------------


class Edge(AbstractResolver):
    """Slack's public host of pictures, on this machine: a face that finds it there, and what it was asked."""

    def __init__(self) -> None:
        self.body = plain("navy")
        self.asked: list[dict[str, str]] = []
        self.port = 0
        self.face: Face

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find the host here, whatever its name."""
        there = self.port if host == "avatars.slack-edge.com" else port
        return [ResolveResult(hostname=host, host="127.0.0.1", port=there, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Hold nothing."""

    async def serve(self, request: web.Request) -> web.Response:
        """Give the picture."""
        self.asked.append(dict(request.headers))
        return web.Response(body=self.body, content_type="image/png")


@pytest.fixture
async def edge(connection: Slack, tmp_path: Path) -> AsyncIterator[Edge]:
    """Serve the public host over TLS."""
    host, paths = Edge(), certificate(tmp_path, "avatars.slack-edge.com")
    ours, theirs = ssl.create_default_context(cafile=paths[0]), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(*paths)
    app = web.Application()
    app.router.add_get("/{path:.*}", host.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=theirs).start()
        host.port = runner.addresses[0][1]
        async with ClientSession(connector=TCPConnector(ssl=ours, resolver=host)) as http:
            host.face = face(replace(connection, http=http))
            yield host
    finally:
        await runner.cleanup()


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Sign a certificate for a host; gives the paths of it and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName(
        [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    day = datetime.timedelta(days=1)
    signed = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), now - day, now + day)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths
