"""Those who watch see how many came in, and never who."""

from collections.abc import Callable

import httpx
from promotion_site import PromotionSite
from visiting import code_of, filled, joined, signed_in, signed_out, signed_up, staff_signed_in

from shared.runtime.metrics import exposition, registry


def figures() -> Callable[..., float]:
    """What has come on top since."""

    def now(name: str, **labels: str) -> float:
        return registry.get_sample_value(name, labels) or 0.0

    before = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in registry.collect()
        for sample in metric.samples
    }
    return lambda name, **labels: (
        now(name, **labels) - before.get((name, tuple(sorted(labels.items()))), 0.0)
    )


async def test_each_way_and_outcome_is_counted(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    more = figures()
    number = await signed_up(visitor)
    await signed_out(visitor)
    await signed_in(visitor, number)
    await signed_out(visitor, "/sign-out-everywhere")
    for _ in range(5):
        await signed_in(visitor, number, "a wrong passphrase")
    await filled(visitor, "/passkey", credential="{}")
    async with site.client() as ana:
        seed, _ = await joined(site, ana, "ana")
        await staff_signed_in(ana, "ana", code_of(seed, 1))
        await filled(ana, "/me/recovery", passphrase="another one")
    sign_ins = "tribune_sign_ins_total"
    assert more(sign_ins, way="passphrase", outcome="in") == 1
    assert more(sign_ins, way="passphrase", outcome="wrong") == 4
    assert more(sign_ins, way="passphrase", outcome="slowed") == 1
    assert more("tribune_slow_downs_total", of="passphrases") == 1
    assert more(sign_ins, way="code", outcome="in") == 1
    assert more(sign_ins, way="passkey", outcome="wrong") == 1
    assert more(sign_ins, way="again", outcome="wrong") == 1
    assert more("tribune_sessions_begun_total") == 4
    assert more("tribune_sessions_ended_total", how="sign-out") == 1
    assert more("tribune_sessions_ended_total", how="everywhere") == 1
    told = exposition().decode()
    for secret in (number, number.replace(" ", ""), "ana", "Ana"):
        assert secret not in told
