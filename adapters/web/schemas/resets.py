"""The bodies of forgotten passwords."""

from __future__ import annotations

from pydantic import BaseModel, Field

from adapters.web.schemas.accounts import Chosen, Email
from adapters.web.schemas.base import Body
from bot.accounts.resetting import SENT


class ResetBody(Body):
    """Whose password was forgotten."""

    email: Email


class ResetAnswer(BaseModel):
    """What happens now, whether there is such an account or not."""

    detail: str = Field(description="what happens now", examples=[SENT])


class NewPasswordBody(Body):
    """A new password, and the code that came for it."""

    email: Email
    code: str = Field(
        min_length=1, max_length=40, description="as it came, in any case", examples=["7K3F-9QXM"]
    )
    new_password: Chosen
