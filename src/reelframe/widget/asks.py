"""What the studio asks of a session, where one call of the session does not do it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reelframe.client import Notice, Reply, Session
from reelframe.draft import Brand, Draft
from reelframe.errors import ConfigurationError, MediaError, PlanError
from reelframe.media import Library, Media

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Source", "balance", "dress", "make_it_so", "redress", "upload_each"]

Source = str | os.PathLike[str] | tuple[str, bytes]


async def upload_each(
    session: Session, sources: tuple[Source, ...], role: str | None, tell: Callable[[Any], None]
) -> tuple[tuple[Media, ...], tuple[MediaError, ...]]:
    """Upload file by file, so that one that can't be used does not keep the others out: the files, the refusals.

    Raises:
        MediaError: none of them can be used; the first one's reason.
    """
    media: list[Media] = []
    failed: list[MediaError] = []
    for source in sources:
        try:
            media += await session.upload(source, role=role, on_progress=tell)  # type: ignore[arg-type]
        except MediaError as error:
            failed.append(error)
    if not media:
        raise failed[0]
    return tuple(media), tuple(failed)


async def make_it_so(session: Session, edited: pd.DataFrame, draft: Draft, library: Library) -> Reply:
    """Make the timeline what an edited table of ``draft`` says.

    Raises:
        PlanError: the table was made from another timeline, or no plan leads to it.
    """
    from reelframe import tables  # noqa: PLC0415 -- pandas

    if tables.made_from(edited, draft) is False:
        message = "The timeline has changed since this table was made."
        raise PlanError(message, hint="Take studio.timeline again, and edit a copy of that.")
    plan = await asyncio.to_thread(tables.plan_frame, draft, edited, library)
    if not plan.ops:
        chinese = session.language.startswith("zh")
        same = "表格与时间线一致,没有改动。" if chinese else "The table says what the timeline says already."
        return Reply.of([Notice(same)])
    if "apply" not in (await session.client.capabilities()).features:
        return await session.apply(tables.apply_frame(draft, edited, library))
    return await session.apply(plan)


async def dress(session: Session, brand: Brand) -> None:
    """Put the brand on the timeline before there is anything on it: all that comes is made in it.

    Raises:
        ConfigurationError: the server knows no brands.
    """
    if "apply" not in (await session.client.capabilities()).features:
        message = "This server knows no brands."
        raise ConfigurationError(message, hint='Leave brand=… out, and say it in words: "the title in #0b5cff".')
    await session.apply(brand)


async def redress(session: Session, brand: Brand, before: Draft, now: Draft) -> bool:
    """Move logos that have just come to the brand's place: the words that brought them did not know of it.

    Returns whether there were any.
    """
    place = brand.logo_position
    known = {s.id for s in before.segments}
    strays = [s for s in now.segments if s.role == "logo" and s.id not in known and s.get("position") != place]
    if place is None or not strays:
        return False
    await session.apply(brand)
    return True


async def balance(session: Session) -> str:
    """The credits that are left, of how many; "" where work costs nothing."""
    if not (await session.client.capabilities()).credits_enforced:
        return ""
    credits_ = await session.credits()
    return f"{credits_.available:g} / {credits_.total:g}"
