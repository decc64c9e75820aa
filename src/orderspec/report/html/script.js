"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Colours: those of the system, until somebody chooses. A page from a disk may have no storage.
  const themes = ["system", "light", "dark"];
  const button = one("#theme");
  const stored = { get: () => null, set: () => {} };
  try {
    localStorage.getItem("theme");
    stored.get = () => localStorage.getItem("theme");
    stored.set = (name) => localStorage.setItem("theme", name);
  } catch { /* Nothing is kept. */ }
  const paint = (name) => {
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    button.textContent = `Colours: ${name}`;
    button.value = name;
  };
  paint(themes.includes(stored.get()) ? stored.get() : "system");
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(button.value) + 1) % themes.length];
    stored.set(next);
    paint(next);
  });

  // Filters: of findings and clauses together.
  const tools = one("#tools");
  const words = one("#words");
  const choices = ["severity", "kind", "status"].map((name) => one(`#${name}`));
  const shows = (item, wanted, text) =>
    choices.every((choice) => !choice.value || item.dataset[choice.id] === choice.value) &&
    wanted.every((word) => text.includes(word));
  const groups = [
    { section: one("#findings"), items: all("article"), noun: "findings" },
    { section: one("#clauses"), items: all(".clauses tbody tr"), noun: "clauses" },
  ].map((group) => ({
    ...group,
    texts: group.items.map((item) =>
      all("h3, .of, dl, td:first-child", item).map((part) => part.textContent).join(" ").toLowerCase()),
  }));
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    one("#counts").textContent = groups.map(({ section, items, texts, noun }) => {
      items.forEach((item, index) => { item.hidden = !shows(item, wanted, texts[index]); });
      const left = items.filter((item) => !item.hidden).length;
      one(".none", section).hidden = left > 0 || items.length === 0;
      return `${left} of ${items.length} ${noun}`;
    }).join(", ");
  };
  tools.addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;
  filter();

  // A link to what the filter hides shows it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.hidden) return;
    tools.reset();
    filter();
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);

  const findings = groups[0].items;
  const move = (step) => {
    const left = findings.filter((item) => !item.hidden);
    const at = left.indexOf(document.activeElement?.closest("article"));
    const next = left[at < 0 ? (step > 0 ? 0 : left.length - 1) : at + step];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === words) {
      words.value = "";
      filter();
      words.blur();
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") {
      event.preventDefault();
      words.focus();
    }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });

  // Copying: where the clipboard is closed, the command is selected instead.
  all(".copy").forEach((copy) => {
    const command = one("pre", copy.closest(".repeat"));
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(command);
        copy.textContent = "Selected";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
  });

  // Paper has no clicks: what is folded opens for it, and folds again.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((item) => { item.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((item) => { item.open = false; }));
})();
