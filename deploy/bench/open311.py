"""Requests filed one by one by Open311, each answered once its receipt is there."""

import asyncio
import time

from deploy.bench.laboratory import laboratory, upstream_events
from deploy.bench.over_http import sender
from deploy.bench.times import in_ms
from shared.contracts.inbox import ReportSubmitted

REPORTS, WARM_UP, PER_S = 1_000, 200, 100
ADDRESS = "/open311/v2/requests.json"


async def open311() -> dict[str, float]:
    """`p50_ms` and `p99_ms` at 100 a second, from when each was to be sent to the answer with its
    token; `refused` are those that were answered otherwise. CPU is that of intake for each."""
    events = upstream_events({"report.submitted"}, 2_000)[: WARM_UP + REPORTS]
    said = [ReportSubmitted.model_validate_json(each.outgoing().body) for each in events]
    took: list[float] = []
    refused = 0
    async with laboratory(("intake",)) as lab, sender(lab) as (client, key):
        address = f"http://127.0.0.1:{lab.suite.ports['intake-1']}{ADDRESS}"

        async def file(due: float, report: ReportSubmitted) -> None:
            nonlocal refused
            fields = {
                "api_key": key,
                "service_code": report.sector,
                "address_id": report.place or "",
                "description": report.text,
                "account_id": report.correspondent or "",
            }
            answer = await client.post(address, data=fields)
            took.append(time.perf_counter() - due)
            refused += answer.status_code != 200  # noqa: PLR2004

        begun, before = time.perf_counter(), lab.cpu_s("intake-1")
        async with asyncio.TaskGroup() as group:
            for number, report in enumerate(said):
                due = begun + number / PER_S
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(file(due, report))
        used = lab.cpu_s("intake-1") - before
    return {
        "reports": len(took) - WARM_UP,
        **in_ms(took[WARM_UP:]),
        "refused": refused,
        "intake_cpu_us": round(used / len(took) * 1e6),
    }
