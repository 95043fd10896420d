"""Ten thousand requests that Slack did not send, or not like that: none is answered 5xx, none does anything."""

import copy
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from adapters.slack.connection import Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.web.serve import build
from bot.message import Request
from tests.adapters import slack_bodies as bodies
from tests.core.talking import Core, both, rows
from tests.fakes import FakeSlack
from tests.full import FULL

__all__ = ["both"]

MANY = 10_000 if FULL else 1_500
SEED = 20261129
FORM, OBJECT = "application/x-www-form-urlencoded", "application/json"
Headers = dict[str, str]
