// What every page does by script; without it, links and forms still work.
(() => {
  const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  // --- theme ------------------------------------------------------------------------------
  const showTheme = () => {
    const now = document.documentElement.dataset.theme || "";
    for (const button of document.querySelectorAll("[data-theme-choice] button"))
      button.setAttribute("aria-pressed", String(button.value === now));
  };
  const setTheme = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    try {
      theme ? localStorage.setItem("theme", theme) : localStorage.removeItem("theme");
    } catch {
      // Nothing is kept; the choice holds for this page.
    }
    showTheme();
    document.dispatchEvent(new Event("themechange"));
  };

  // --- toasts -----------------------------------------------------------------------------
  const toast = (words) => {
    const box = document.querySelector("[data-toasts]");
    if (!box) return;
    const item = document.createElement("div");
    item.className = "toast";
    item.textContent = words;
    box.append(item);
    setTimeout(() => item.remove(), 6000);
  };

  // --- passkeys: the library tells the console alone -----------------------------------------
  document.addEventListener("allauth.error", (event) => {
    const words = document.querySelector("[data-key-trouble]")?.dataset;
    if (!words) return;
    event.preventDefault();
    const told = { NotAllowedError: words.silent, InvalidStateError: words.held };
    toast(told[event.detail.exception?.name] ?? words.elsewhere);
  });

  // What a button needs is asked for before anything is sent: what was chosen stays chosen.
  const asksFor = ({ needs, when }) => {
    const field = document.getElementById(needs);
    const [choice, value] = when?.split("=") ?? [];
    if (field.value.trim() || (choice && document.getElementById(choice).value !== value)) return false;
    field.value = "";
    field.required = true;
    field.reportValidity();
    field.addEventListener("blur", () => (field.required = false), { once: true });
    return true;
  };

  // --- clicks -----------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const theme = closest(event, "[data-theme-choice] button");
    if (theme) setTheme(theme.value);

    const dismiss = closest(event, "[data-dismiss]");
    if (dismiss) dismiss.closest(".toast, .notice").remove();

    const opener = closest(event, "[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const closer = closest(event, "[data-close]");
    if (closer) closer.closest("dialog")?.close();

    const copy = closest(event, "[data-copy]");
    if (copy) {
      const source = document.querySelector(copy.dataset.copy);
      const words = source?.value ?? source?.innerText ?? "";
      if (navigator.clipboard) navigator.clipboard.writeText(words).then(() => toast(copy.dataset.copied));
      else if (source) getSelection().selectAllChildren(source), source.select?.(); // without HTTPS
    }

    if (closest(event, "[data-print]")) window.print();
    if (closest(event, "[data-bookmark]")) event.preventDefault(); // it is there to be dragged

    const needy = closest(event, "button[data-needs]");
    if (needy && asksFor(needy.dataset)) event.preventDefault();

    for (const menu of document.querySelectorAll("details[data-menu][open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
  // A card cuts what reaches over its edge: a menu near the end is moved in.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches("details[data-menu][open]")) return;
      const sheet = target.querySelector(".menu-sheet");
      const edge = (target.closest(".card") ?? document.body).getBoundingClientRect().right;
      sheet.style.translate = "";
      const over = sheet.getBoundingClientRect().right - edge;
      if (over > 0) sheet.style.translate = `${-over - 8}px`;
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // --- a second press while the first is on its way: a form goes once ----------------------
  const onItsWay = new WeakSet();
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method !== "post") return;
      if (onItsWay.has(form)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      onItsWay.add(form);
      // Some forms stay on their page: a file that is fetched, a line that is added to the log.
      setTimeout(() => onItsWay.delete(form), form.hasAttribute("hx-post") ? 1000 : 4000);
    },
    true,
  );
  // Lists that filter themselves as soon as a choice changes.
  document.addEventListener("change", (event) => {
    const form = closest(event, "form[data-auto]");
    if (form) form.requestSubmit();
  });

  // --- clocks: seconds since a moment, counted in the page ----------------------------------
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-clock-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.clockSince)) / 1000));
      const two = (value) => String(value).padStart(2, "0");
      clock.textContent = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    }
  };

  // --- live: the server says what changed, the page fetches those parts again ---------------
  const GAP_MS = 1000;
  const SILENCE_MS = 6000;
  const waiting = new Map();
  const announce = (kind, subject) => {
    // At most one fetch a second for each kind, and the last change is never dropped.
    if (waiting.has(kind)) return waiting.get(kind).subjects.add(subject);
    const batch = { subjects: new Set([subject]) };
    waiting.set(kind, batch);
    setTimeout(() => {
      waiting.delete(kind);
      document.body.dispatchEvent(new CustomEvent(`live-${kind}`, { detail: [...batch.subjects] }));
    }, GAP_MS / 4 + Math.random() * GAP_MS / 4);
  };
  const listen = () => {
    const { live, liveAfter } = document.body.dataset;
    if (!live || !window.EventSource) return;
    const kinds = ["lookout", "alert", "crisis", "import", "threat", "inbox"];
    let silent;
    const stream = new EventSource(`${live}?after=${encodeURIComponent(liveAfter || "")}`);
    for (const kind of kinds) stream.addEventListener(kind, (event) => announce(kind, event.data));
    stream.addEventListener("reload", () => kinds.forEach((kind) => announce(kind, "")));
    // The browser comes back by itself; only a line that stays down is worth a word.
    const showLine = (down) => document.querySelector("[data-cut-off]")?.toggleAttribute("hidden", !down);
    stream.addEventListener("open", () => {
      clearTimeout(silent);
      silent = undefined;
      showLine(false);
    });
    stream.addEventListener("error", () => {
      silent ??= setTimeout(() => showLine(true), SILENCE_MS);
    });
    window.addEventListener("pagehide", () => stream.close());
  };

  const start = () => {
    showTheme();
    tick();
    setInterval(tick, 1000);
    listen();
    for (const item of document.querySelectorAll("[data-toasts] .toast")) setTimeout(() => item.remove(), 9000);
  };
  start();
})();

// Fresh parts are grown into the page, so that nobody loses the place of the keyboard or a press on
// its way. What the reader opened and what a script drew stays.
Object.assign(Idiomorph.defaults.callbacks, {
  beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details, dialog")),
  beforeNodeRemoved: (node) => !node.parentElement?.matches("[data-chart]"),
});
