"""An open page puts in what changed, and leaves its reader where he is."""

from chromium import Tab
from public_site import PublicSite, another_report
from test_page import FENWAY, LIVE, REPORTS, STORY

IN_PARTS = """
new Promise(done => {
  const outside = [];
  window.touched = outside;
  new MutationObserver(changes => {
    for (const change of changes) {
      const element = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      if (!element.closest("[data-part]") && !element.closest("[data-live]"))
        outside.push(element.outerHTML.slice(0, 80));
    }
  }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  done();
})
"""
SPOKEN = """
(() => {
  const spoken = [];
  window.spoken = spoken;
  for (const region of document.querySelectorAll("[role=status], [aria-live]"))
    new MutationObserver(() => spoken.push(region.textContent.trim()))
      .observe(region, {subtree: true, childList: true, characterData: true});
})()
"""
LINK = f"""document.querySelector('#places-part [href="/place/{FENWAY}"]')"""


async def test_a_change_touches_the_parts_alone(site: PublicSite, address: str, tab: Tab) -> None:
    await site.hears(*STORY)
    await tab.look_as(390)
    await tab.open(address)
    await tab.until(LIVE)
    await tab.evaluate('document.querySelector("footer details").open = true')
    await tab.evaluate(f"{LINK}.focus({{preventScroll: true}})")
    await tab.evaluate(f"{LINK}.scrollIntoView({{block: 'center'}})")
    top = await tab.evaluate(f"{LINK}.getBoundingClientRect().top")
    await tab.evaluate(IN_PARTS)
    await tab.evaluate(SPOKEN)
    asked = len(tab.requests)
    for reports in ("3", "4", "5"):
        await site.hears(another_report(place=FENWAY))
        await tab.until(f'{REPORTS} === "{reports}"')
    assert {each.removeprefix(address) for each in tab.requests[asked:]} == {"/live/front"}
    assert await tab.evaluate("window.touched") == []
    assert await tab.evaluate("window.spoken") == [], "readers who listen are left in peace"
    assert await tab.evaluate('document.querySelector("footer details").open')
    assert await tab.evaluate("document.activeElement.getAttribute('href')") == f"/place/{FENWAY}"
    assert abs(await tab.evaluate(f"{LINK}.getBoundingClientRect().top") - top) < 1


async def test_text_that_is_being_selected_stays_until_it_is_let_go(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY)
    await tab.open(address)
    await tab.until(LIVE)
    await tab.evaluate('getSelection().selectAllChildren(document.querySelector("#figures"))')
    await site.hears(another_report(place=FENWAY))
    await tab.until(f"{LINK}.closest('tr').querySelector('td').textContent === '2'")
    assert await tab.evaluate(REPORTS) == "2"
    await tab.evaluate("getSelection().removeAllRanges()")
    site.live.stir()
    await tab.until(f'{REPORTS} === "3"')
