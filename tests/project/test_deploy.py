"""What operators are given agrees with the project and with itself: image, manifests, units, workflows."""

import json
import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import SecretStr

from adapters.web.serve import health
from bot.__main__ import cli
from bot.assembly import KEY
from bot.config import Settings
from storage.url import sqlite_path
from tests.project.audited import unlooked

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}


def text(name: str) -> str:
    """Read a file of the checkout."""
    return (ROOT / name).read_text()


def instructions(name: str) -> list[str]:
    """Give what follows an instruction of the Dockerfile, each time it stands there, on one line."""
    whole = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text("Dockerfile"), flags=re.M))
    return re.findall(rf"^{name} (.+)$", whole, re.M)


COMPOSE: dict[str, Any] = yaml.safe_load(text("compose.yaml"))["services"]
OURS = {name: service for name, service in COMPOSE.items() if "build" in service}
OBJECTS = [
    each for file in sorted(KUBERNETES.glob("*.yaml")) for each in yaml.safe_load_all(file.read_text())
]
PODS = {
    each["metadata"]["name"]: each["spec"]["template"]["spec"]
    for each in OBJECTS
    if each["kind"] == "Deployment"
}
CONFIG, SECRET = (
    next(each for each in OBJECTS if each["kind"] == kind) for kind in ("Kustomization", "Secret")
)
APP, RAILWAY = json.loads(text("app.json")), json.loads(text("railway.json"))
FLY = tomllib.loads(text("fly.toml"))
ENV = dict(pair.split("=", 1) for line in instructions("ENV") for pair in shlex.split(line))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())


def test_every_setting_that_is_named_is_one() -> None:
    """And a secret is named, never given."""
    literals = [pair.split("=", 1)[0] for pair in CONFIG["configMapGenerator"][0]["literals"]]
    composed = [name for service in OURS.values() for name in service["environment"]]
    image = [name for name in ENV if not name.startswith(("PATH", "PIP_"))]
    named = {*image, *composed, *literals, *SECRET["stringData"], *APP["env"]}
    assert {"HOST", "DATABASE_URL", "SECRET_KEY"} <= named <= {name.upper() for name in DEFAULTS}
    secrets = {name.upper() for name, default in DEFAULTS.items() if isinstance(default, SecretStr)}
    assert not secrets & {*image, *composed, *literals}
    assert not any(APP["env"].get(name, {}).get("value") for name in secrets)
    assert set(SECRET["stringData"].values()) == {""}


def test_every_command_that_is_started_exists() -> None:
    """`qr-gen` with one of its commands, everywhere."""
    started = [
        *map(json.loads, instructions("CMD")),
        *(service["command"] for service in OURS.values() if "command" in service),
        *(pod["containers"][0]["args"] for pod in PODS.values() if "args" in pod["containers"][0]),
        *map(shlex.split, (*FLY["processes"].values(), FLY["deploy"]["release_command"])),
        *map(shlex.split, (*RAILWAY["deploy"]["preDeployCommand"], RAILWAY["deploy"]["startCommand"])),
        *map(
            shlex.split,
            re.findall(r"^ExecStart=/opt/qr-gen/bin/(.+)$", text("deploy/systemd/qr-gen.service"), re.M),
        ),
    ]
    group = typer.main.get_command(cli)
    commands = group.list_commands(typer.Context(group))  # type: ignore[attr-defined]
    assert len(started) > 8
    assert [words for words in started if words[0] != "qr-gen" or words[1] not in commands] == []


def test_all_speak_of_one_port() -> None:
    """The one that is the default too; from outside, compose is reached on this machine alone."""
    port = str(DEFAULTS["port"])
    assert {ENV["PORT"], *instructions("EXPOSE"), str(FLY["http_service"]["internal_port"])} == {port}
    assert {service["environment"]["PORT"] for service in OURS.values()} == {port}
    ports = {name: each for name, service in COMPOSE.items() for each in service.get("ports", ())}
    assert ports
    assert all(each.startswith("127.0.0.1:") for each in ports.values())
    assert all(each.endswith(f":{port}") for name, each in ports.items() if name in OURS)
    assert COMPOSE["worker"]["environment"]["METRICS_PORT"] == port  # where the image looks whether it lives
    [job] = yaml.safe_load(text("deploy/prometheus/prometheus.yml"))["scrape_configs"]
    [found] = job["dns_sd_configs"]
    assert (str(found["port"]), set(found["names"])) == (port, OURS.keys() - {"bot"})
    assert [each["containerPort"] for each in PODS["web"]["containers"][0]["ports"]] == [int(port)]


def test_health_is_asked_where_it_is_answered() -> None:
    """By image, Kubernetes and platforms."""

    async def ready() -> dict[str, str]:
        return {}

    answered = {route.path for route in health(ready).routes}  # type: ignore[attr-defined]
    names = ("startupProbe", "livenessProbe", "readinessProbe")
    web, worker = (PODS[each]["containers"][0] for each in ("web", "worker"))
    assert [worker[name] for name in (*names, "ports")] == [web[name] for name in (*names, "ports")]
    [port] = [each["value"] for each in worker["env"] if each["name"] == "METRICS_PORT"]
    assert port == str(worker["ports"][0]["containerPort"])
    probes = {name: web[name]["httpGet"]["path"] for name in names}
    asked = {*probes.values(), RAILWAY["deploy"]["healthcheckPath"], FLY["http_service"]["checks"][0]["path"]}
    assert asked == answered == {"/livez", "/readyz"}
    assert probes["readinessProbe"] == "/readyz"
    assert "']}/livez" in instructions("HEALTHCHECK")[0]


def test_it_runs_as_nobody_in_particular() -> None:
    """The same high number in image and cluster."""
    (user,) = instructions("USER")
    uid = int(user.partition(":")[0])
    context = PODS["each"]["securityContext"]
    assert uid >= 10001
    assert f"useradd --uid {uid} " in text("Dockerfile")
    assert (context["runAsUser"], context["runAsNonRoot"]) == (uid, True)


def test_data_and_key_are_kept_in_volumes_of_their_own() -> None:
    """Where the defaults put them, from where the image starts."""
    (volumes,) = map(json.loads, instructions("VOLUME"))
    data = sqlite_path(DEFAULTS["database_url"])
    assert data is not None
    home = Path(instructions("WORKDIR")[-1])
    assert volumes == [str(home / data.parent), str(home / KEY.parent)]
    assert [each.split(":")[1] for each in COMPOSE["bot"]["volumes"]] == volumes


@pytest.mark.parametrize("name", COMPOSE)
def test_a_service_can_write_only_where_it_must_and_gain_nothing(name: str) -> None:
    """Theirs too."""
    service = COMPOSE[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "build" in service or service["user"] != "root"


def test_a_pod_can_write_only_where_it_must_and_gain_nothing() -> None:
    """What the cluster's «restricted» level asks for, and a read-only image."""
    container = PODS["each"]["containers"][0]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert PODS["each"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert {pod["containers"][0]["name"] for pod in PODS.values()} == {container["name"]}


def test_images_of_others_are_pinned_by_digest() -> None:
    """Also those that CI tests with, which are the ones shipped."""
    pinned = re.compile(r"\S+:[\w.-]+@sha256:[0-9a-f]{64}")
    stages = {name for line in instructions("FROM") for name in re.findall(r" AS (\w+)$", line)}
    bases = {line.partition(" ")[0] for line in instructions("FROM")} - stages
    others = {service["image"] for name, service in COMPOSE.items() if name not in OURS}
    assert len(bases) == 1
    assert [image for image in (*bases, *others) if not pinned.fullmatch(image)] == []
    tested = re.findall(r"'(postgres:\S+)'", text(".github/workflows/ci.yml"))
    assert tested == [COMPOSE["postgres"]["image"]]
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert CONFIG["images"][0]["newTag"] == project["version"]


def test_the_image_is_made_of_what_it_needs() -> None:
    """All that the Dockerfile copies is let in; secrets, data and the rest of the checkout are not."""
    lines = text(".dockerignore").splitlines()
    assert "*" in lines
    let_in = [line[1:] for line in lines if line.startswith("!")]
    assert [name for name in let_in if not (ROOT / name).exists()] == []
    copied = [words.split()[0] for words in instructions("COPY") if not words.startswith("--from")]
    assert {name.rstrip("/") for name in copied if name != "."} <= set(let_in)
    assert not any(
        fnmatch(name, each) for name in (".env", ".git", "data", "keys", "tests") for each in let_in
    )
    assert [line for line in text("debian-packages.txt").splitlines() if line.startswith("fonts-")]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_an_action_is_taken_at_a_commit_with_its_version_beside_it(workflow: Path) -> None:
    """A tag can be moved, a commit cannot; one version of each in all workflows."""
    used = re.findall(r"uses: (.+)", workflow.read_text())
    known = {each for path in WORKFLOWS for each in re.findall(r"uses: ([^.].+)", path.read_text())}
    assert [
        each for each in used if not re.fullmatch(r"(\./\S+( #.*)?)|(\S+@[0-9a-f]{40} # v\d+(\.\d+)+)", each)
    ] == []
    assert len({each.partition("@")[0] for each in known}) == len(known)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_a_job_says_what_more_it_needs(workflow: Path) -> None:
    """And none keeps the token in the checkout; every job of its own ends some day."""
    whole = yaml.safe_load(workflow.read_text())
    jobs = [job for job in whole["jobs"].values() if "steps" in job]
    checkouts = [step for job in jobs for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
    assert whole["permissions"] == {"contents": "read"}
    assert jobs
    assert all(job["timeout-minutes"] for job in jobs)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_an_audit_that_looked_at_nothing_is_none() -> None:
    """Nor one that skipped a package or looked at another version; what other machines need is not missed."""
    pins = (
        'one==1 ; python_version >= "3.11" \\\n    --hash=sha256:0\ntwo==2 ; python_version < "3"\nthree==3'
    )

    def report(*looked: dict[str, Any]) -> str:
        return json.dumps({"dependencies": looked})

    one, three = {"name": "one", "version": "1", "vulns": []}, {"name": "three", "version": "3", "vulns": []}
    assert unlooked(pins, report(one, three)) == []
    assert unlooked(pins, report()) == ["one==1", "three==3"]
    assert unlooked(pins, report(one, {"name": "three", "skip_reason": "not found"})) == ["three==3"]
    assert unlooked(pins, report(one, three | {"version": "4"})) == ["three==3"]
    assert unlooked("", report()) == ["anything"]
