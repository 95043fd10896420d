"""The API guide works as it is printed: its shell blocks are run by bash, with curl, on a process of ours."""

import asyncio
import json
import re
import shutil
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.fakes.outside import decode
from tests.processes.running import running

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
MISSING = [each for each in ("bash", "curl") if not shutil.which(each)]
NEEDED = pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} not installed: make system")
PATIENCE = 60.0  # seconds
MENU = "https://example.com/menu"


async def shell(script: str, folder: Path, url: str) -> str:
    """Run a script to its end, which the first of its commands that fails is; gives what it printed."""
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        cwd=folder, env={"PATH": "/usr/local/bin:/usr/bin:/bin", "QR": url},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, (out, err)
    return out.decode()


@NEEDED
async def test_the_guide_works_as_it_is_printed(tmp_path: Path) -> None:
    """From signing up to the end of the account; what it says comes back comes back."""
    script = "".join(re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.M | re.S))
    work = tmp_path / "work"
    work.mkdir()
    async with running(tmp_path) as bot:
        said = await shell(script, work, bot.url)
        async with httpx.AsyncClient(base_url=bot.url, timeout=PATIENCE) as client:
            form = {"username": "ada@example.org", "password": "four words in a row"}
            assert (await client.post("/v1/auth/token", data=form)).status_code == 401
    [promised] = re.findall(r"^```json\n(.*?)^```$", GUIDE, re.M | re.S)
    problem = re.search(r'\{"type":"/docs#problem.*?\]\}', said)
    assert problem is not None
    told = {**json.loads(problem[0]), "request_id": "…"}
    assert told == json.loads(promised)
    assert decode((work / "menu.png").read_bytes()) == [MENU]
    assert (work / "menu.pdf").read_bytes().startswith(b"%PDF")
    assert "Scan me" not in (work / "menu.svg").read_text()  # letters are outlines
    [listed] = json.loads((work / "codes.json").read_text())["items"]
    assert (listed["text"], listed["favourite"]) == (MENU, True)
    assert listed["style"] != json.loads((work / "code.json").read_text())["style"]
    [read] = json.loads((work / "read.json").read_text())["codes"]
    assert read["text"] == MENU
    assert json.loads((work / "proof.json").read_text())["grade"] in ("A", "B")
    assert [code["text"] for code in json.loads((work / "export.json").read_text())["codes"]] == [MENU]


@NEEDED
async def test_the_first_lines_of_the_page_work_as_they_are_printed(tmp_path: Path) -> None:
    """With the address that it names."""
    async with running(tmp_path) as bot:
        async with httpx.AsyncClient(base_url=bot.url, timeout=PATIENCE) as client:
            html = (await client.get("/docs")).text
        script = unescape(re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", html, re.S)[0])
        await shell(script, tmp_path, bot.url)
    assert decode((tmp_path / "code.png").read_bytes()) == ["https://example.com"]
