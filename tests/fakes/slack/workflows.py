"""Workflows with a step of the app's: they run it, and wait until it says how it went.

docs.slack.dev/reference/events/function_executed, …/methods/functions.completeSuccess, …completeError.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.blocks import need
from tests.fakes.slack.shortcuts import Shortcuts
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.world import Refused

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy

KINDS: dict[str, Any] = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}


@dataclass(slots=True, eq=False)
class Execution:
    """A step's turn; ``outputs`` and ``error`` are empty until it ends."""

    id: str
    callback_id: str
    inputs: JSON
    token: str
    acknowledged: Acknowledged = field(default_factory=lambda: Acknowledged(0))
    outputs: JSON | None = None
    error: str = ""

    @property
    def over(self) -> bool:
        """Tell whether the app said how it went."""
        return self.outputs is not None or bool(self.error)


class Workflows(Shortcuts):
    """Runs steps. ``functions``: what the app's manifest defines, by callback id."""

    functions: Mapping[str, JSON]
    executions: dict[str, Execution]

    def __init__(self, scopes: frozenset[str]) -> None:
        super().__init__(scopes)
        self.functions, self.executions = {}, {}

    async def run_step(self, callback_id: str, **inputs: Any) -> Execution:
        """Let a workflow come to a step of the app's."""
        defined, number = self.functions[callback_id], self.number()
        wanted = defined["input_parameters"]
        assert set(inputs) <= set(wanted), "Workflow Builder asks for no such input"
        assert {name for name, each in wanted.items() if each["is_required"]} <= set(inputs)
        token = f"xwfp-{number}-{secrets.token_hex(12)}"
        execution = Execution(f"Fx{number:010}", callback_id, inputs, token)
        self.executions[execution.id] = execution
        parameters = {
            kind: [{"name": name, **each} for name, each in defined[kind].items()]
            for kind in ("input_parameters", "output_parameters")
        }
        execution.acknowledged = await self.event(
            {
                "type": "function_executed", "inputs": inputs, "function_execution_id": execution.id,
                "workflow_execution_id": f"Wx{number:010}", "event_ts": str(self.now()),
                "bot_access_token": token,
                "function": {
                    "id": "Fn0000000001", "callback_id": callback_id, "type": "app", "app_id": self.app_id,
                    "title": defined["title"], "description": defined["description"], "date_deleted": 0,
                    **parameters,
                },
            }
        )  # fmt: skip
        return execution


def _running(slack: Tenancy, fields: JSON) -> Execution:
    """Find a step that waits; one that is over cannot be found any more."""
    found = slack.executions.get(str(fields.get("function_execution_id", "")))
    if found is None or found.over:
        raise Refused("function_execution_not_found")
    return found


async def complete_success(slack: Tenancy, fields: JSON) -> JSON:
    """Take a step's outputs: those that are defined, of their types, and all that are required."""
    execution = _running(slack, fields)
    held = fields.get("outputs")
    outputs: Any = json.loads(held) if isinstance(held, str) else held
    need(isinstance(outputs, dict), "outputs are required", "invalid_arguments")
    defined, code = slack.functions[execution.callback_id]["output_parameters"], "parameter_validation_failed"
    need(set(outputs) <= set(defined), f"not defined: {sorted(set(outputs) - set(defined))}", code)
    for name, each in defined.items():
        need(name in outputs or not each["is_required"], f"{name} is required", code)
        need(name not in outputs or isinstance(outputs[name], KINDS[each["type"]]), f"{name}: type", code)
    execution.outputs = outputs
    slack.noted()
    return {}


async def complete_error(slack: Tenancy, fields: JSON) -> JSON:
    """Take the sentence that says why a step failed."""
    execution = _running(slack, fields)
    error = fields.get("error")
    need(isinstance(error, str) and bool(error.strip()), "error is required", "invalid_arguments")
    execution.error = str(error)
    slack.noted()
    return {}
