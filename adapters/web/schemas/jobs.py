"""The answers about work that takes long."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from storage.account import JobState


class JobAnswer(BaseModel):
    """Work that takes long: ``running``, ``done`` or ``lost``; where its events and its result are."""

    id: str = Field(description="what it is known by", examples=["7K3FABCDEFGH2345MNPQ"])
    state: JobState = Field(description="how it stands", examples=["running"])
    created_at: datetime = Field(description="when it began", examples=["2030-05-17T12:00:00+00:00"])
    url: str = Field(description="where it is", examples=["/v1/jobs/7K3FABCDEFGH2345MNPQ"])
    events: str = Field(description="its events", examples=["/v1/jobs/7K3FABCDEFGH2345MNPQ/events"])
    result: str = Field(description="what came of it", examples=["/v1/jobs/7K3FABCDEFGH2345MNPQ/result"])
