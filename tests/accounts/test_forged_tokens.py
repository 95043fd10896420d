"""Access tokens that we did not write, or not for this: the API knows nobody by them (RFC 8725)."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.accounts.caller import Accounts, Unauthenticated
from bot.accounts.sessions import refreshed
from bot.accounts.tokens import LIFE, SKEW, access_token, claims_of, key_id
from tests.accounts.holding import JOB, Holding, cheap, lets_in, site
from tests.adapters.site import TOKEN_KEY
from tests.core.talking import START, Core, passed

NOW = int(START.timestamp())
OTHER_KEY = b"o" * 32


def written(header: Any, claims: Any, key: bytes = TOKEN_KEY) -> str:
    """Write a token that says whatever it is to say, with a signature that is right for the key."""
    said = ".".join(coded(json.dumps(part).encode()) for part in (header, claims))
    return f"{said}.{coded(hmac.digest(key, said.encode(), sha256))}"


def coded(data: bytes) -> str:
    """Write bytes as tokens have them (RFC 7515, 2)."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def parts(token: str) -> list[Any]:
    """Read header and claims."""
    return [json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


async def known_by(holding: Holding, tokens: dict[str, str]) -> list[str]:
    """Name the tokens that let somebody in."""
    assert await holding.lets_in(holding.tokens.access), "what is not forged lets in"
    return [name for name, token in tokens.items() if await holding.lets_in(token)]


async def test_only_our_algorithm_and_our_key_count(holding: Holding) -> None:
    """None, another one, one of two keys, and a public key taken for a secret: RFC 8725, 3.1."""
    header, claims = parts(holding.tokens.access)
    assert await holding.lets_in(written(header, claims)), "what this test writes would be believed"
    secret, other = rsa.generate_private_key(65537, 2048), key_id(OTHER_KEY)
    public = secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = ".".join(coded(json.dumps(part).encode()) for part in (header | {"alg": "none"}, claims))
    forged = {
        "none, unsigned": f"{said}.",
        "none, without its dot": said,
        "None, signed": written(header | {"alg": "None"}, claims),
        "none, signed": written(header | {"alg": "none"}, claims),
        "RS256 over our signature": written(header | {"alg": "RS256"}, claims),
        "a public key as the secret": written(header | {"kid": key_id(public)}, claims, public),
        "our kid, another key": written(header, claims, OTHER_KEY),
        "another key with its own kid": written(header | {"kid": other}, claims, OTHER_KEY),
        "our key under another kid": written(header | {"kid": other}, claims),
        "no key": written(header, claims, b""),
        "the kid as the key": written(header, claims, header["kid"].encode()),
        "hs256": written(header | {"alg": "hs256"}, claims),
        "no alg": written({name: header[name] for name in ("typ", "kid")}, claims),
    }
    keys: dict[str, Any] = {
        "RS256": secret, "PS256": secret, "ES256": ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(), "HS512": TOKEN_KEY * 2, "HS384": TOKEN_KEY * 2,
    }  # fmt: skip
    for algorithm, key in keys.items():
        forged[algorithm] = jwt.encode(claims, key, algorithm, header | {"alg": algorithm})
    assert await known_by(holding, forged) == []


async def test_a_header_says_nothing_else(holding: Holding) -> None:
    """No address of a key, no key of its own, nothing critical, no other type of token (RFC 8725, 3.11)."""
    header, claims = parts(holding.tokens.access)
    symmetric = {"kty": "oct", "k": coded(OTHER_KEY)}
    more: dict[str, Any] = {
        "jku": "https://evil.example/keys", "jwk": symmetric, "x5u": "https://evil.example/cert",
        "x5c": ["MIIB"], "crit": ["exp"], "b64": False, "cty": "JWT", "zip": "DEF",
    }  # fmt: skip
    forged = {name: written(header | {name: value}, claims) for name, value in more.items()}
    own_key = header | {"jwk": symmetric, "kid": key_id(OTHER_KEY)}
    forged["its own key, used"] = written(own_key, claims, OTHER_KEY)
    kids = (None, 7, "", ["a"], {"a": 1}, "../../dev/null", "' OR 1=1 --", header["kid"].upper(), "\0")
    forged |= {f"kid {kid!r}": written(header | {"kid": kid}, claims) for kid in kids}
    types = ("JWT", "at+JWT", "application/at+jwt", "refresh+jwt", "", None, 1)
    forged |= {f"typ {typ!r}": written(header | {"typ": typ}, claims) for typ in types}
    forged["no typ"] = written({name: header[name] for name in ("alg", "kid")}, claims)
    forged["no kid"] = written({name: header[name] for name in ("alg", "typ")}, claims)
    forged |= {f"header {said!r}": written(said, claims) for said in ([], "x", 1, None, [header])}
    assert await known_by(holding, forged) == []


WRONG: tuple[tuple[str, Any], ...] = (
    ("iss", "other"), ("iss", ["qr-gen"]), ("iss", ""), ("aud", "other"), ("aud", ["qr-gen-api"]),
    ("aud", ["qr-gen-api", "other"]), ("aud", ""), ("sub", 7), ("sub", ""), ("sub", ["x"]), ("sid", 7),
    ("sid", ""), ("sid", "0" * 16), ("sid", ["x"]), ("jti", 7), ("jti", ["x"]), ("iat", "now"),
    ("iat", float(NOW)), ("iat", True), ("iat", NOW + SKEW + 1), ("iat", NOW + 10**9), ("iat", -1),
    ("exp", str(NOW + 60)), ("exp", NOW + 60.5), ("exp", True), ("exp", NOW), ("exp", NOW - 1), ("exp", -1),
    ("exp", NOW + int(LIFE.total_seconds()) + 1), ("exp", 10**30), ("ver", "1"), ("ver", 1.0),
    ("ver", True), ("ver", 0), ("ver", 2), ("ver", [1]),
)  # fmt: skip


async def test_each_claim_is_there_and_says_what_it_has_to(holding: Holding) -> None:
    """Who wrote it, for whom, about whom, from when to when; each of its type (RFC 8725, 3.8 to 3.10)."""
    header, claims = parts(holding.tokens.access)
    forged = {f"{name} = {value!r}": written(header, claims | {name: value}) for name, value in WRONG}
    for name in claims:
        without = {other: value for other, value in claims.items() if other != name}
        forged[f"no {name}"] = written(header, without)
        forged[f"{name} is null"] = written(header, claims | {name: None})
    forged |= {f"claims {said!r}": written(header, said) for said in ([], "x", 1, None, [claims])}
    assert len(forged) > 50
    assert await known_by(holding, forged) == []


async def test_a_token_holds_for_a_quarter_of_an_hour_by_our_clock(core: Core, holding: Holding) -> None:
    """To the second; one from a clock that is half a minute ahead counts."""
    header, claims = parts(holding.tokens.access)
    assert claims["exp"] - claims["iat"] == holding.tokens.seconds == 15 * 60
    ahead = {"iat": NOW + SKEW, "exp": NOW + SKEW + 60}
    assert await holding.lets_in(written(header, claims | ahead))
    passed(core, seconds=15 * 60 - 1)
    assert await holding.lets_in(holding.tokens.access)
    passed(core, seconds=1)
    assert not await holding.lets_in(holding.tokens.access)
    assert await holding.lets_in((await refreshed(holding.accounts, holding.tokens.refresh)).access)


def bent(token: str) -> Iterator[tuple[str, str]]:
    """Flip each bit of each part, and cut each character off."""
    pieces = token.split(".")
    for at, piece in enumerate(pieces):
        data = urlsafe_b64decode(piece + "==")
        for bit in range(8 * len(data)):
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            yield f"part {at}, bit {bit}", ".".join((*pieces[:at], coded(bytes(flipped)), *pieces[at + 1 :]))
    for end in range(len(token)):
        yield f"cut at {end}", token[:end]
        yield f"without {end}", token[:end] + token[end + 1 :]


def believed(accounts: Accounts, token: str) -> bool:
    """Tell whether a token is taken for one of ours."""
    try:
        claims_of(accounts, token)
    except Unauthenticated:
        return False
    return True


async def test_no_bit_of_a_token_can_be_another(holding: Holding) -> None:
    """Nor can any of it be missing: thousands here, a few of each part over HTTP."""
    accounts, forged = holding.accounts, dict(bent(holding.tokens.access))
    assert believed(accounts, holding.tokens.access)
    assert len(forged) > 2000
    assert [name for name, token in forged.items() if believed(accounts, token)] == []
    assert await known_by(holding, dict(list(forged.items())[::97])) == []


async def test_a_token_is_written_in_one_way_alone(holding: Holding) -> None:
    """Lenient decoders would take padding, spaces, strange characters, idle bits (RFC 4648, 3.5, 12)."""
    token = holding.tokens.access
    said, _, signature = token.rpartition(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    forged = {f"ends with {last}": token[:-1] + last for last in alphabet if last != token[-1]}
    for strange in ("=", "==", "!", "\u00e9", "+", "/", ".", "\n", "\t", " ", "\0", ","):
        forged |= {
            f"{strange!r} at the end": token + strange,
            f"{strange!r} before": strange + token,
            f"{strange!r} before the signature": f"{said}.{strange}{signature}",
            f"{strange!r} within it": f"{said}.{signature[:9]}{strange}{signature[9:]}",
            f"{strange!r} within the claims": token[:60] + strange + token[60:],
        }
    forged["signed twice"] = f"{token}.{signature}"
    assert [name for name, each in forged.items() if believed(holding.accounts, each)] == []
    over = {name: each for name, each in forged.items() if each.isascii() and each.isprintable()}
    inside = {name: each for name, each in over.items() if each.strip() == each}
    assert len(inside) > 90
    assert await known_by(holding, inside) == []


async def test_one_thing_is_not_taken_for_another(holding: Holding) -> None:
    """A refresh token, a cookie, an invitation: none is an access token, nor are other makers' API keys."""
    tokens, key = holding.tokens, holding.key
    foreign = ("sk_", "ghp_", "QRG_", "qrg-", "qrr_", "", "qrg_qrg_")
    forged = {f"the key with {prefix!r}": key.replace("qrg_", prefix, 1) for prefix in foreign}
    forged |= {
        "the refresh token": tokens.refresh,
        "the refresh token as a key": tokens.refresh.replace("qrr_", "qrg_"),
        "the access token as a key": f"qrg_{tokens.access}",
        "the cookie": holding.page,
        "the account's id": holding.caller.user.id,
        "the session's id": holding.caller.session,
    }
    assert await holding.lets_in(key)
    assert await known_by(holding, forged) == []


async def test_a_guests_cookie_is_no_token(core: Core) -> None:
    """Where there are guests."""
    async with site(core, cheap(core), guests=True) as client:
        await client.get("/")
        assert not await lets_in(client, f"Bearer {client.cookies['guest']}")


async def test_a_token_comes_as_bearer_in_the_header_and_nowhere_else(holding: Holding) -> None:
    """In whatever case, but under no other name (RFC 9110, 11.1); never in an address (RFC 9700, 4.3.2)."""
    for scheme in ("Basic", "Token", "bearer", "BEARER", "Bearer ", "tma", "Cookie", ""):
        said = f"{scheme} {holding.tokens.access}".strip()
        assert await lets_in(holding.client, said) == (scheme.strip().lower() == "bearer"), scheme
    for token in (holding.tokens.access, holding.key):
        for path in (
            f"{JOB}?access_token={token}",
            f"{JOB}?token={token}&api_key={token}",
            f"/v1/jobs/{token}",
        ):
            assert (await holding.client.get(path)).status_code == 401
        for name in ("X-API-Key", "Proxy-Authorization", "X-Authorization", "Cookie"):
            value = f"session={token}" if name == "Cookie" else f"Bearer {token}"
            assert (await holding.client.get(JOB, headers={name: value})).status_code == 401
        form = {"access_token": token}
        assert (await holding.client.post("/v1/render", data=form)).status_code == 401


async def test_a_key_that_was_in_use_before_still_verifies_and_one_that_left_does_not(
    core: Core, holding: Holding
) -> None:
    """SECRET_KEY lists several: the first signs. Listed twice by a slip, it counts once."""
    user, session = holding.caller.user, holding.caller.session
    turned = replace(holding.accounts, token_keys=(OTHER_KEY, TOKEN_KEY))
    token = access_token(turned, user, session)
    assert parts(token)[0]["kid"] == key_id(OTHER_KEY)
    assert not believed(holding.accounts, token)
    assert believed(turned, token)
    assert believed(turned, holding.tokens.access)
    assert not believed(replace(turned, token_keys=(OTHER_KEY,)), holding.tokens.access)
    assert believed(replace(turned, token_keys=(TOKEN_KEY, TOKEN_KEY)), holding.tokens.access)
    passed(core, seconds=LIFE.total_seconds())
    assert not believed(turned, token)


@pytest.mark.parametrize("keys", [(), (b"",), (b"k" * 31,), (TOKEN_KEY, b"short"), (b"short", TOKEN_KEY)])
async def test_a_key_that_is_too_short_signs_nothing(core: Core, keys: tuple[bytes, ...]) -> None:
    """32 bytes at least (RFC 7518, 3.2), of each of them."""
    with pytest.raises(ValueError, match="at least 32 bytes"):
        cheap(core, token_keys=keys)
