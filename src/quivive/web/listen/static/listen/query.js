// The editor of a query: colours, completion, and what the preview offers. Without it the form works.
(() => {
  const words = JSON.parse(document.getElementById("query-words").textContent);
  const TOKEN = new RegExp(
    [
      '(?<phrase>(?:"[^"\\n]*"|“[^”\\n]*”|«[^»\\n]*»)(?:~\\d*)?)',
      "(?<operator>(?<![^\\s(])(?:AND|OR|NOT|ET|OU|SAUF|O?NEAR(?:\\/\\d*)?)(?![^\\s()])|SENTENCE(?=\\())",
      '(?<field>(?<![^\\s(-])\\p{L}+:(?:"[^"\\n]*"|“[^”\\n]*”|«[^»\\n]*»|[^\\s()"“”«»]*))',
      "(?<tag>(?<![^\\s(-])[#@][\\p{L}\\p{N}_]+(?:(?<=@[^#\\s]*)[.@-][\\p{L}\\p{N}_]+)*\\*?)",
      "(?<minus>(?<![^\\s(])-(?=\\S))",
      "(?<bracket>[()])",
    ].join("|"),
    "gu",
  );

  // --- colours, painted under the words ------------------------------------------------------
  const piece = (kind, text) => {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    return span;
  };
  const paint = (area, sheet, mistake) => {
    const text = area.value;
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(TOKEN)) {
      const [kind] = Object.entries(found.groups).find(([, value]) => value !== undefined);
      parts.push(text.slice(at, found.index), piece(kind, found[0]));
      at = found.index + found[0].length;
    }
    parts.push(text.slice(at), "\n");
    sheet.replaceChildren(...parts);
    if (mistake !== undefined) underline(sheet, mistake);
    sheet.scrollTop = area.scrollTop;
  };
  const underline = (sheet, offset) => {
    // The word at the mistake, whatever colours it has.
    const text = sheet.textContent;
    const end = offset + (/^[^\s()]+|^\S/u.exec(text.slice(offset))?.[0].length || 1);
    let at = 0;
    for (const node of [...sheet.childNodes]) {
      const length = node.textContent.length;
      const [from, to] = [Math.max(offset - at, 0), Math.min(end - at, length)];
      at += length;
      if (from >= to) continue;
      const said = node.textContent;
      const kind = node.className || "";
      const rest = (part) => (kind ? piece(kind, part) : part);
      node.replaceWith(rest(said.slice(0, from)), piece(`${kind} wrong`.trim(), said.slice(from, to)), rest(said.slice(to)));
    }
  };
  const offsetOf = (text, place) => {
    const [line, column] = place.split(":").map(Number);
    const lines = text.split("\n");
    const before = [...(lines[line - 1] ?? "")].slice(0, column - 1); // whole characters: an emoji is two units here
    return [...lines.slice(0, line - 1), before.join("")].join("\n").length;
  };

  // --- what can be written at the caret --------------------------------------------------------
  const MOST = 12;
  const flat = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const quoted = (value) => (/[\s()]/u.test(value) ? `"${value.replaceAll('"', "")}"` : value);
  const typedAt = (area) => {
    const before = area.value.slice(0, area.selectionStart);
    return /(?:^|[\s(]|(?<=[\s(])-|^-)((?:\p{L}+:)?"[^"\n]*|[^\s()"“”«»]*)$/u.exec(before)?.[1] ?? "";
  };
  const choicesFor = (typed, all) => {
    const [, name, start] = /^(\p{L}+):"?(.*)$/u.exec(typed) ?? [];
    if (name) {
      const last = start.split(",").at(-1);
      const values = words.values[name.toLowerCase()] ?? [];
      return values
        .filter((value) => flat(value).startsWith(flat(last)) && value !== last)
        .map((value) => ({ write: `${name}:${quoted(start.slice(0, start.length - last.length) + value)}`, about: "" }));
    }
    if (/^[#@]/.test(typed)) {
      const values = words.values[typed[0] === "#" ? "hashtag" : "from"];
      return values
        .filter((value) => flat(value).startsWith(flat(typed.slice(1))))
        .map((value) => ({ write: typed[0] + value, about: "" }));
    }
    if (!typed && !all) return [];
    const fields = words.fields.filter(({ name }) => name.startsWith(typed.toLowerCase()) && typed !== typed.toUpperCase());
    const operators = words.operators.filter(({ write }) => write.startsWith(typed));
    const offered = [...operators, ...(typed ? fields : words.fields).map(({ name, example, about }) => ({ write: `${name}:`, about, example }))];
    return typed.length > 1 || all ? offered : [];
  };

  const enhance = (area, number) => {
    const box = document.createElement("div");
    box.className = "editor";
    const sheet = document.createElement("pre");
    sheet.className = "paint";
    sheet.setAttribute("aria-hidden", "true");
    const list = document.createElement("ul");
    list.className = "choices";
    list.id = `choices-${number}`;
    list.setAttribute("role", "listbox");
    const name = document.querySelector(`label[for=${area.id}]`)?.textContent ?? "";
    list.setAttribute("aria-label", `${name} …`); // a field and its list are two things to a screen reader
    list.hidden = true;
    const told = document.createElement("span");
    told.className = "unseen";
    told.setAttribute("role", "status");
    area.replaceWith(box);
    box.append(sheet, area, list, told);
    box.dataset.painted = "";
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);

    let shown = [];
    let chosen = -1;
    const close = () => {
      list.hidden = true;
      shown = [];
      chosen = -1;
      area.removeAttribute("aria-activedescendant");
      told.textContent = "";
    };
    const choose = (index) => {
      chosen = index;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
      list.children[index].scrollIntoView({ block: "nearest" });
      area.setAttribute("aria-activedescendant", list.children[index].id);
    };
    const open = (all) => {
      shown = choicesFor(typedAt(area), all).slice(0, all ? 60 : MOST);
      if (!shown.length) return close();
      chosen = -1;
      area.removeAttribute("aria-activedescendant");
      list.replaceChildren(
        ...shown.map(({ write, about }, at) => {
          const item = document.createElement("li");
          item.id = `${list.id}-${at}`;
          item.setAttribute("role", "option");
          item.setAttribute("aria-selected", "false");
          const code = document.createElement("code");
          code.textContent = write;
          item.append(code, about);
          return item;
        }),
      );
      list.hidden = false;
      told.textContent = shown.length === 1 ? words.found.one : words.found.many.replace("{n}", shown.length);
    };
    const take = (index) => {
      const { write } = shown[index];
      const end = area.selectionStart;
      const start = end - typedAt(area).length;
      area.setRangeText(write + (/[:(]$/.test(write) ? "" : " "), start, end, "end");
      close();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      if (write.endsWith(":")) open(true);
    };
    area.addEventListener("input", () => {
      paint(area, sheet);
      open(false);
    });
    area.addEventListener("scroll", () => (sheet.scrollTop = area.scrollTop));
    area.addEventListener("blur", () => setTimeout(close, 150));
    area.addEventListener("keydown", (event) => {
      if (event.key === " " && event.ctrlKey) {
        event.preventDefault();
        return open(true);
      }
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) choose((chosen + step + shown.length + (chosen < 0 && step < 0 ? 1 : 0)) % shown.length);
      else if (event.key === "Escape") close();
      else if (event.key === "Tab" && !event.shiftKey) take(Math.max(chosen, 0));
      else if (event.key === "Enter" && chosen >= 0) take(chosen);
      else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) take([...list.children].indexOf(item));
    });
    paint(area, sheet);
    return { area, sheet };
  };

  const editors = [...document.querySelectorAll("textarea[data-editor]")].map(enhance);
  const query = editors.find(({ area }) => area.name === "query");

  // --- what the preview says and offers --------------------------------------------------------
  const addLine = (area, line) => {
    area.value = [area.value.trimEnd(), line].filter(Boolean).join("\n");
    area.closest("details")?.setAttribute("open", "");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const showScripted = (root) => {
    for (const part of root.querySelectorAll("[data-scripted]")) part.hidden = false;
  };
  const react = () => {
    showScripted(document);
    const place = document.querySelector("[data-mistake]")?.dataset.mistake;
    paint(query.area, query.sheet, place && offsetOf(query.area.value, place));
  };
  document.addEventListener("htmx:afterSwap", react);
  react();
  // What somebody quick typed or chose before the page listened is taken as said now.
  window.addEventListener("load", () => {
    const file = document.getElementById("sample-file");
    if (file?.files.length) file.dispatchEvent(new Event("change", { bubbles: true }));
    for (const { area } of editors)
      if (area.value !== area.defaultValue) area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("click", ({ target }) => {
    const append = target.closest("[data-append]");
    if (append) addLine(query.area, append.dataset.append);
    const wanted = target.closest("[data-text-for]");
    if (wanted) {
      const text = wanted.closest("article").querySelector(".words").textContent.replace(/\s+/gu, " ").trim();
      addLine(document.querySelector(`#topic-form [name=${wanted.dataset.textFor}]`), text);
    }
    if (target.closest("[data-add-while]")) {
      const [typed, until] = ["while-words", "while-until"].map((id) => document.getElementById(id));
      if (!typed.value.trim()) return typed.focus();
      if (!until.value) return until.focus();
      addLine(query.area, `(${typed.value.trim()}) until:${until.value}`);
      typed.value = "";
    }
  });
})();
