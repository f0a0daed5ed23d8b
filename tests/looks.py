"""What a page in the browser is asked about its accessibility; each gives what is wrong with it."""

ORDER = """
(() => {
  const wrong = [], all = query => [...document.querySelectorAll(query)];
  const say = (element, what) => wrong.push(what + ": " + element.outerHTML.slice(0, 80));
  if (!document.documentElement.lang || !document.documentElement.dir) wrong.push("no language");
  for (const one of ["h1", "main", "body > header", "body > footer", "head > title"])
    if (all(one).length !== 1) wrong.push(one + " is there " + all(one).length + " times");
  const navs = all("nav").map(nav => nav.getAttribute("aria-label"));
  if (navs.some(name => !name) || new Set(navs).size < navs.length) wrong.push("navs: " + navs);
  const ids = all("[id]").map(element => element.id);
  if (new Set(ids).size < ids.length) wrong.push("ids twice: " + ids);
  for (const name of ["aria-labelledby", "aria-describedby"])
    for (const element of all(`[${name}]`))
      for (const id of element.getAttribute(name).split(" "))
        if (!document.getElementById(id)) say(element, name + " leads nowhere");
  for (const link of all('a[href^="#"]'))
    if (!document.getElementById(link.hash.slice(1))) say(link, "leads nowhere");
  for (const link of all("a, button")) if (!link.textContent.trim()) say(link, "has no text");
  for (const field of all("input:not([type=hidden]), select, textarea"))
    if (!field.labels.length && !field.alt) say(field, "has no label");
  for (const heading of all("th")) if (!heading.scope) say(heading, "has no scope");
  const first = document.querySelector("a");
  if (first.getAttribute("href") !== "#main") say(first, "is first, and is no skip link");
  return wrong;
})()
"""

FOCUS = """
[...document.querySelectorAll("a, button, select, summary")]
  .filter(element => element.checkVisibility())
  .filter(element => {
    element.focus({focusVisible: true});
    return getComputedStyle(element).outlineStyle === "none";
  }).map(element => element.outerHTML.slice(0, 80))
"""

STICKING_OUT = """
[...document.querySelectorAll("main *, header *, footer *")]
  .filter(element => !element.closest(".skip"))
  .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
  .map(element => element.outerHTML.slice(0, 80))
"""
SMALLEST_TEXT = """
Math.min(...[...document.querySelectorAll("body *")].filter(element => element.innerText)
  .map(element => parseFloat(getComputedStyle(element).fontSize)))
"""
WEAK_CONTRAST = """
(() => {
  const parts = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const clear = colour => parts(colour)[3] === 0;
  const ground = element => {
    while (clear(getComputedStyle(element).backgroundColor)) element = element.parentElement;
    return light(getComputedStyle(element).backgroundColor);
  };
  return [...document.querySelectorAll("body *")]
    .filter(element => [...element.childNodes].some(node => node.nodeType === 3 &&
      node.data.trim()) && element.checkVisibility())
    .filter(element => {
      const pair = [light(getComputedStyle(element).color), ground(element)].sort((a, b) => b - a);
      return (pair[0] + 0.05) / (pair[1] + 0.05) < 4.5;
    }).map(element => element.outerHTML.slice(0, 80));
})()
"""
