"""Opening a page and asking what is wrong with it."""

import gzip
import json
from contextlib import contextmanager
from pathlib import Path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif")
COMPRESSED_ALREADY = ("font/", "image/png", "image/jpeg", "image/webp")
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (box) => {
    for (let node = box.parentElement; node && node !== document.body; node = node.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX)) return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(
    (box) => box.getBoundingClientRect().right > width + 1 && !scrolls(box));
  return ["page: " + document.documentElement.scrollWidth + " px",
          ...wide.slice(0, 5).map((box) => box.outerHTML.slice(0, 120))];
}"""
FOCUS = """async () => {
  // The browser scrolls to the stop at the next frame.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const box = document.activeElement;
  if (!box || box === document.body) return null;
  const style = getComputedStyle(box), place = box.getBoundingClientRect();
  return {
    what: box.outerHTML.slice(0, 120),
    text: box.textContent.trim(),
    key: box.tagName + "|" + (box.id || box.name || box.href || box.textContent.trim()).slice(0, 80),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    shadow: style.boxShadow !== "none",
    inside: place.width > 0 && place.height > 0 && place.right > 0 && place.bottom > 0
      && place.left < innerWidth && place.top < innerHeight,
  };
}"""


class Watched:
    """A page with what its console said and what it loaded."""

    def __init__(self, page):
        self.page = page
        self.errors: list[str] = []
        self.responses: list = []
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", lambda request: self.errors.append(f"{request.url} : {request.failure}"))
        page.on("response", self._heard)

    def _heard(self, response):
        self.responses.append(response)
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def foreign_addresses(self, home: str) -> list[str]:
        return [r.url for r in self.responses if not r.url.startswith((home, "data:", "blob:"))]

    def compressed_bytes(self) -> int:
        """What travels when the server compresses: gzip 9 for texts, as they are for fonts; photos apart."""
        total = 0
        for response in self.responses:
            kind = response.headers.get("content-type", "")
            if kind.startswith(PHOTO_TYPES):
                continue
            body = response.body()
            total += len(body) if kind.startswith(COMPRESSED_ALREADY) else len(gzip.compress(body, 9))
        return total


@contextmanager
def opened(site, name: str, who: str, *, width: int = 1280, **options):
    """The page of an address, loaded, as `who` sees it."""
    context = site.context(who, viewport={"width": width, "height": 900}, **options)
    try:
        watched = Watched(context.new_page())
        watched.page.goto(site.address(name), wait_until="load")
        yield watched
    finally:
        context.close()


def axe_violations(page) -> list[str]:
    """Every violation of axe-core's rules, experimental ones left out, one line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['impact']}) : {rule['help']} — "
        + json.dumps([node["html"][:140] for node in rule["nodes"][:3]], ensure_ascii=False)
        for rule in found["violations"]
    ]


def overflow(page) -> list[str]:
    """What sticks out on the right, scrolling boxes apart."""
    return page.evaluate(OVERFLOW)


def tab_stops(page, limit: int = 60) -> list[dict]:
    """Where the Tab key goes, one stop after the other, until it leaves the page or comes round."""
    stops: list[dict] = []
    page.evaluate("() => window.scrollTo(0, 0)")
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or (stops and stop["key"] == stops[0]["key"]):
            break
        stops.append(stop)
    return stops


def unseen(stops: list[dict]) -> list[str]:
    """Where the focus cannot be seen."""
    return [stop["what"] for stop in stops if not (stop["inside"] and (stop["outline"] or stop["shadow"]))]
