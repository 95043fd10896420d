"""How often Slack lets an app call: each method by its tier, a message a second in a channel.

docs.slack.dev/apis/web-api/rate-limits. The real limits are a little wider, and burst; an app that keeps to
these is never refused.
"""

from __future__ import annotations

from collections import deque

A_MINUTE = {2: 20, 3: 50, 4: 100}
TIERS = {
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.open": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "functions.completeError": 3,
    "functions.completeSuccess": 3,
    "team.info": 3,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.update": 4,
}  # as each method's page names it
EVERYWHERE = 300  # messages a minute in the workspace
TOLERANCE = 0.95  # what two calls may lose on their way here


class Rates:
    """When what was called."""

    def __init__(self) -> None:
        self._called: dict[str, deque[float]] = {}

    def wait(self, method: str, channel: str, now: float) -> int:
        """Count a call: 0, or the seconds to wait where it comes too fast, and then it does not count.

        ``now``: seconds of any clock that never goes back.
        """
        limits = [(method, A_MINUTE[TIERS[method]], 60.0)] if method in TIERS else []
        if method == "chat.postMessage":
            limits += [(f"{method} {channel}", 1, 1.0), (method, EVERYWHERE, 60.0)]
        for scope, most, seconds in limits:
            called = self._called.setdefault(scope, deque(maxlen=most))
            if len(called) == most and now - called[0] < seconds * TOLERANCE:
                return max(1, round(seconds - (now - called[0])))
        for scope, _, _ in limits:
            self._called[scope].append(now)
        return 0
