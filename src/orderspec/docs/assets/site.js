// Search, theme, copy buttons and addresses of members. The pages can be read without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const made = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  // Where storage is shut, as in some files opened from a disk, choices last as long as the page.
  const kept = {
    get(name) { try { return localStorage.getItem(`orderspec.${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`orderspec.${name}`, value); } catch { /* lost */ } },
  };

  const theme = kept.get("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  function themeButton() {
    const isDark = () => root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const button = made("button", { type: "button", id: "theme" });
    const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      kept.set("theme", root.dataset.theme);
      label();
    });
    label();
    return button;
  }

  // Search: every word counts by how rare it is, more in a name than in a description.
  const NOISE = new Set(("a an and are as at be by can does do for from how i in is it may me must of on or "
    + "the their them to used what when where which who why with").split(" "));
  const KINDS = { operation: 1.5, rule: 1.2, schema: 1.3, keyword: 1.2 };
  const MOST = 30;
  const LEAST = 0.03;
  let index = null;

  const words = (text) => text.replace(/([a-z])([A-Z])/g, "$1 $2").normalize("NFKD").toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];
  const stem = (word) => (word.length > 4
    ? word.replace(/ies$/, "y").replace(/(?:ing|ed|es|(?<!s)s)$/, "")
    : word);

  function load() {
    index ??= new Promise((resolve, reject) => {
      const script = made("script", { src: "search.js" });
      script.addEventListener("error", () => { index = null; reject(new Error("no index")); });
      script.addEventListener("load", () => resolve(
        globalThis.orderspecIndex.flatMap(({ file, title: page, entries }) =>
          entries.map(([kind, title, anchor, text]) => ({
            kind, title, text, page, file: file.replace(".html", ""), href: `${file}#${anchor}`,
            named: words(`${file.replace(".html", "")} ${title} ${decodeURIComponent(anchor)}`).map(both),
            leaf: title.split(/[./ ]/).at(-1).toLowerCase(),
            id: words(decodeURIComponent(anchor)).join(" "),
            told: words(`${text} ${page} ${kind}`).map(both),
          })))));
      document.head.append(script);
    });
    return index;
  }

  const both = (word) => [word, stem(word)];

  // How well one word fits another: the word itself, a form of it, a beginning of it.
  function likeness([asked, root], [word, its]) {
    if (word === asked) return 1;
    if (its === root) return 0.85;
    if (its.startsWith(root)) return 0.55;
    return its.length > 3 && root.startsWith(its) ? 0.4 : 0;
  }

  function points(query, entry) {
    if (entry.leaf === query[0]) return 12;
    const best = (list) => list.reduce((most, word) => Math.max(most, likeness(query, word)), 0);
    return best(entry.named) * 9 || best(entry.told) * 4;
  }

  // Whether one letter more, less or else makes one word of the other.
  function isNear(one, other) {
    if (Math.abs(one.length - other.length) > 1) return false;
    let start = 0;
    while (start < one.length && one[start] === other[start]) start += 1;
    const rest = (word, skipped) => word.slice(start + skipped);
    return rest(one, 1) === rest(other, 1) || rest(one, 1) === rest(other, 0) || rest(one, 0) === rest(other, 1)
      || (one[start] === other[start + 1] && one[start + 1] === other[start] && rest(one, 2) === rest(other, 2));
  }

  // A word that stands nowhere is taken for one that differs by a letter.
  function nearest(entries, word) {
    const known = entries.words ??= new Set(entries.flatMap((entry) => [...entry.named, ...entry.told].flat()));
    const root = stem(word);
    if (word.length < 4 || [...known].some((one) => one.startsWith(root))) return word;
    return [...known].find((one) => isNear(one, word)) ?? word;
  }

  function ranked(entries, text) {
    const all = [...new Set(words(text))];
    const asked = all.filter((word) => !NOISE.has(word));
    const queries = (asked.length ? asked : all).map((word) => both(nearest(entries, word)));
    const named = new Set(entries.map((entry) => entry.file));
    const wanted = all.filter((word) => named.has(word));
    const scores = entries.map(() => [0, 0]);
    for (const query of queries) {
      const each = entries.map((entry) => points(query, entry));
      const rarity = Math.log(1 + entries.length / (1 + each.filter(Boolean).length));
      each.forEach((score, at) => {
        scores[at][0] += score * rarity;
        scores[at][1] += score ? 1 : 0;
      });
    }
    const phrase = all.join(" ");
    const found = entries
      .map((entry, at) => {
        const whole = words(entry.title).join(" ") === phrase || ` ${entry.id}`.endsWith(` ${phrase}`) ? 3 : 1;
        const share = scores[at][1] / queries.length;
        const page = wanted.length && !wanted.includes(entry.file) ? 0.2 : 1;
        const weight = page * (KINDS[entry.kind] ?? 1) / (1 + entry.named.length / 40);
        return { entry, score: scores[at][0] * share * share * weight * whole };
      })
      .filter((one) => one.score > 0)
      .sort((a, b) => b.score - a.score);
    return found.filter((one) => one.score > found[0].score * LEAST);
  }

  function searchBox() {
    const input = made("input", {
      type: "search", id: "search", placeholder: "Search ( / )", autocomplete: "off", spellcheck: false,
    });
    input.setAttribute("aria-label", "Search all pages");
    input.setAttribute("aria-keyshortcuts", "/");
    const status = made("p", { className: "soft" });
    status.setAttribute("role", "status");
    const list = made("ol");
    const found = made("section", { id: "found", hidden: true }, status, list);
    found.setAttribute("aria-label", "Found");
    const close = () => { found.hidden = true; };

    async function show() {
      const text = input.value;
      if (!text.trim()) { close(); return; }
      const entries = await load().catch(() => null);
      if (text !== input.value) return;
      found.hidden = false;
      if (!entries) { status.textContent = "The index is not there: search.js"; list.replaceChildren(); return; }
      const hits = ranked(entries, text);
      status.textContent = hits.length > MOST ? `The best ${MOST}` : `${hits.length} found`;
      list.replaceChildren(...hits.slice(0, MOST).map(({ entry }) => made("li", {},
        made("a", { href: entry.href },
          made("i", { textContent: `${entry.kind} · ${entry.page}` }),
          made("b", { textContent: entry.title }),
          made("small", { textContent: entry.text })))));
      found.scrollTop = 0;
    }

    function move(event) {
      const links = [input, ...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") { close(); input.focus(); }
      else if (event.key === "Enter" && document.activeElement === input) links[1]?.click();
      else if (step && at >= 0 && !found.hidden) links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
      else return;
      event.preventDefault();
    }

    const box = made("div", { className: "tools" }, input, themeButton(), found);
    box.setAttribute("role", "search");
    input.addEventListener("input", show);
    input.addEventListener("focus", () => { load().catch(() => {}); show(); });
    box.addEventListener("keydown", move);
    list.addEventListener("click", close);
    document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
    box.addEventListener("focusout", (event) => { if (event.relatedTarget && !box.contains(event.relatedTarget)) close(); });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.target.closest("input, textarea") && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.focus();
      }
    });
    return box;
  }

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* an older way below */ }
    const area = made("textarea", { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }

  function copyButtons() {
    for (const pre of document.querySelectorAll("pre.code")) {
      const button = made("button", { type: "button", textContent: "Copy", className: "copy" });
      button.addEventListener("click", async () => {
        button.textContent = (await copy(pre.textContent)) ? "Copied" : "Not copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
      const box = made("div", { className: "code-box" });
      pre.replaceWith(box);
      box.append(pre, button);
    }
  }

  function languages() {
    const choose = (name) => {
      for (const one of document.querySelectorAll(`.tabs input[value="${name}"]`)) one.checked = true;
    };
    const last = kept.get("language");
    if (["curl", "python", "javascript"].includes(last)) choose(last);
    document.addEventListener("change", (event) => {
      if (event.target.matches(".tabs input")) { kept.set("language", event.target.value); choose(event.target.value); }
    });
  }

  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    for (let at = target?.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    for (const proof of target?.querySelectorAll(":scope > dl + details") ?? []) proof.open = true;
    if (target?.closest("details")) target.scrollIntoView();
  }

  function memberAddresses() {
    root.dataset.live = "";
    document.addEventListener("click", (event) => {
      const item = event.target.closest?.(".ms dfn, article > p dfn")?.closest("li[id], article");
      if (item) location.hash = item.id;
    });
  }

  function whereAmI() {
    const links = new Map([...document.querySelectorAll('.contents a[href^="#"]')]
      .map((link) => [link.getAttribute("href").slice(1), link]));
    const places = [...links.keys()].map((id) => document.getElementById(id))
      .filter((place) => place && place.tagName !== "SECTION");
    if (!places.length) return;
    let current = null;
    const watcher = new IntersectionObserver((changes) => {
      const seen = changes.filter((change) => change.isIntersecting).map((change) => change.target);
      const link = links.get(seen.at(-1)?.id);
      if (!link || link === current) return;
      current?.removeAttribute("aria-current");
      current = link;
      current.setAttribute("aria-current", "location");
      const side = current.closest(".contents");
      if (side.scrollHeight > side.clientHeight) {
        const at = current.offsetTop - side.offsetTop;
        if (at < side.scrollTop || at > side.scrollTop + side.clientHeight - 40) side.scrollTop = at - side.clientHeight / 3;
      }
    }, { rootMargin: "-15% 0px -75% 0px" });
    for (const place of places) watcher.observe(place);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector(".bar").append(searchBox());
    const here = document.querySelector(".bar [aria-current]");
    if (here) here.closest("ul").scrollLeft = here.offsetLeft - here.closest("ul").clientWidth / 2;
    copyButtons();
    languages();
    memberAddresses();
    whereAmI();
    reveal();
    addEventListener("hashchange", reveal);
  });
})();
