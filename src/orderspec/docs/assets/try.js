// Forms that send the requests of a page to the server that the page came from.
(() => {
  "use strict";
  const made = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  function address(base, call, values) {
    let path = call.path;
    const query = new URLSearchParams();
    for (const { field, value } of values) {
      if (field.in === "path") path = path.replaceAll(`{${field.name}}`, encodeURIComponent(value));
      if (field.in === "query") query.append(field.name, value);
    }
    return base + path + (query.size ? `?${query}` : "");
  }

  function credential(field, value) {
    if (field.scheme === "basic") return `Basic ${btoa(value)}`;
    if (field.scheme) return `${field.scheme[0].toUpperCase()}${field.scheme.slice(1)} ${value}`;
    return value;
  }

  // Lays JSON out as it was written: parsing it would lose digits and zeros of numbers.
  function laidOut(text) {
    try { JSON.parse(text); } catch { return text; }
    let depth = 0;
    const line = () => `\n${" ".repeat(depth)}`;
    return text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g).map((token, at, all) => {
      const isEmpty = /^[{[]$/.test(all[at - 1] ?? "") && /^[}\]]$/.test(token);
      const opens = !/^[}\]]$/.test(all[at + 1] ?? "");
      if (/^[}\]]$/.test(token) && !isEmpty) { depth -= 1; return line() + token; }
      if (/^[{[]$/.test(token) && opens) { depth += 1; return token + line(); }
      return token === "," ? `,${line()}` : token === ":" ? ": " : token;
    }).join("");
  }

  async function send(base, call, values, body) {
    const headers = new Headers();
    for (const { field, value } of values) {
      if (field.in === "header") headers.append(field.name, credential(field, value));
    }
    if (call.body !== null && body.trim()) headers.append("Content-Type", "application/json");
    const target = address(base, call, values);
    const started = performance.now();
    const answer = await fetch(target, {
      method: call.method, headers, credentials: "omit", body: call.body !== null && body.trim() ? body : undefined,
    });
    const text = await answer.text();
    const took = Math.round(performance.now() - started);
    return { line: `${call.method} ${target} → ${answer.status} in ${took} ms`, text: laidOut(text) };
  }

  function form(base, anchor, call) {
    const fields = call.fields.map((field) => {
      const input = made("input", { value: field.value, autocomplete: "off", spellcheck: false });
      const mark = field.required ? "" : " (optional)";
      return { field, input, label: made("label", {}, `${field.name}${mark}`, input) };
    });
    const body = made("textarea", { rows: 12, value: call.body ?? "", spellcheck: false });
    body.setAttribute("aria-label", "Body, JSON");
    const line = made("p", { className: "soft" });
    const text = made("pre", { className: "code", hidden: true, tabIndex: 0 });
    const output = made("output", {}, line, text);
    const button = made("button", { type: "submit", textContent: "Send" });
    const inside = [...fields.map(({ label }) => label), ...(call.body === null ? [] : [body]), button, output];
    const whole = made("form", {}, ...inside);
    whole.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      const values = fields.map(({ field, input }) => ({ field, value: input.value }))
        .filter(({ field, value }) => value || field.in === "path");
      try {
        const answer = await send(base, call, values, body.value);
        line.textContent = answer.line;
        text.textContent = answer.text;
        text.hidden = !answer.text;
      } catch (problem) {
        line.textContent = `Not sent: ${problem.message}`;
        text.hidden = true;
      }
      button.disabled = false;
    });
    const summary = made("summary", { textContent: "Try it on this server" });
    return made("details", { className: "try", id: `try:${anchor}` }, summary, whole);
  }

  const data = JSON.parse(document.getElementById("page:trial").textContent);
  for (const [anchor, call] of Object.entries(data.calls)) {
    const article = document.getElementById(anchor);
    const before = article?.querySelector(":scope > .example, :scope > .h");
    before?.before(form(data.base, anchor, call));
  }
})();
