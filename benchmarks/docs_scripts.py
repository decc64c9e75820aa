"""What runs in a page to read it: see `benchmarks.docs_page`."""

SETTLED = 1000  # milliseconds in which a page may still do what it put off
USABLE = """async ([selector, text]) => {
  const ends = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) ends.push(task.startTime + task.duration);
  }).observe({ type: "longtask", buffered: true });
  const isThere = () => [...document.querySelectorAll(selector)]
    .some((node) => node.textContent.includes(text) && node.checkVisibility());
  while (document.readyState !== "complete" || !isThere()) {
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestIdleCallback);
  const idle = performance.now();
  await new Promise((done) => setTimeout(done, SETTLED));
  return Math.max(idle, ...ends);
}""".replace("SETTLED", str(SETTLED))
TEXTS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const text = node.data.trim(), home = node.parentElement;
    if (text && !home.closest("script, style, noscript") && home.checkVisibility()) {
      found.push(text);
    }
  }
  return found;
}"""
SAMPLES = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.checkVisibility()).map((node) => node.textContent)"""
# A busy machine shows a part late: it has shown what it will once its main thread is idle.
IDLE = """() => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))"""
SCROLL = """() => {
  scrollBy(0, innerHeight * 0.75);
  return scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
}"""
HEIGHT = "document.documentElement.scrollHeight"
IN_VIEW = """(name) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const home = node.parentElement, { top } = home.getBoundingClientRect();
    if (node.data.trim() === name && home.checkVisibility() && top >= 0 && top < innerHeight) {
      return true;
    }
  }
  return false;
}"""
