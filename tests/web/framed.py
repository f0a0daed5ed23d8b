"""A small service on the frame: pages, one of which fails, and an API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Literal

import httpx
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.runtime.http import inner_app, public_app
from shared.web.app import WebApp
from shared.web.condition import Condition
from shared.web.frame import Frame, House
from shared.web.problems import RESPONSES

BASE = "http://tribune.test"
HOUSE = House("Tribune of Testing", "All of this is made up.")


async def page(_: Request) -> Response:
    return PlainTextResponse("a page")


async def broken(_: Request) -> Response:
    raise ValueError("somebody's secret")


async def stream(_: Request) -> Response:
    async def forever() -> AsyncIterator[str]:
        while True:
            yield "still\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(forever())


async def taking(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())}")


class Round(BaseModel):
    form: Literal["round"]


class Square(BaseModel):
    form: Literal["square"]


class Thing(BaseModel, extra="forbid"):
    name: str
    day: date | None = None
    amounts: dict[str, Annotated[int, Field(ge=1)]] = {}
    shape: Annotated[Round | Square | None, Field(discriminator="form")] = None


def router() -> APIRouter:
    api = APIRouter(prefix="/api", responses=RESPONSES)

    @api.get("/things", summary="Some things")
    async def things(most: Annotated[int, Query(ge=1, le=10, description="How many")]) -> list[int]:
        if most == 10:
            raise HTTPException(409, "Ten is too many just now.")
        if most == 9:
            raise ValueError("somebody's secret")
        return list(range(most))

    @api.post("/things", summary="Another thing")
    async def another(thing: Thing) -> str:
        return thing.name

    return api


def framed(frame: Frame | None = None) -> WebApp:
    routes = [
        Route("/", page),
        Route("/broken", broken),
        Route("/stream", stream),
        Route("/taking", taking, methods=["POST"]),
    ]
    return public_app(frame or Frame(HOUSE, "testing"), routes, [router()])


def inner(condition: Condition | None = None) -> WebApp:
    return inner_app(Frame(HOUSE, "testing"), lambda: condition or Condition())


@asynccontextmanager
async def visiting(app: WebApp, base: str = BASE) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        yield client
