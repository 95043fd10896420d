"""Pictures that styles name: logos and backdrops, sealed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import AddAsset, DeleteAssets
from storage.encryption import KeyRing
from storage.quick import LONG
from storage.records import Asset
from storage.tables import assets


@dataclass(frozen=True, slots=True)
class Assets:
    """Finds pictures on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, id: str) -> Asset | None:
        """Find a picture, whoever's it is: a style that names it may be shared with others of a space."""
        row = (await self.connection.execute(select(assets).where(assets.c.id == id))).first()
        return None if row is None else self._opened(row)

    async def of(self, owner: str) -> tuple[Asset, ...]:
        """List the pictures of a person, or of a space's kit, oldest first."""
        rows = (
            select(assets)
            .execution_options(**LONG)
            .where(assets.c.owner == owner)
            .order_by(assets.c.created_at, assets.c.id)
        )
        return tuple(map(self._opened, await self.connection.execute(rows)))

    async def count(self, owner: str) -> int:
        """Count them."""
        found = await self.connection.scalar(select(func.count()).where(assets.c.owner == owner))
        return found or 0

    def _opened(self, row: Row[Any]) -> Asset:
        data = b64decode(self.ring.open("assets", "data", row.id, row.data))
        return Asset(**dict(row._mapping) | {"data": data})


async def add_asset(connection: AsyncConnection, ring: KeyRing, change: AddAsset) -> None:
    """Keep a picture."""
    asset = change.asset
    data = ring.seal("assets", "data", asset.id, b64encode(asset.data).decode())
    await connection.execute(insert(assets).values(asdict(asset) | {"data": data}))


async def delete_assets(connection: AsyncConnection, ring: KeyRing, change: DeleteAssets) -> None:
    """Delete pictures; what names them is drawn without them."""
    await connection.execute(delete(assets).where(assets.c.owner == change.owner))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddAsset: add_asset,
    DeleteAssets: delete_assets,
}
