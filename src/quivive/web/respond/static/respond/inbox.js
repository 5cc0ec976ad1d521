// Keys of the inbox, choosing many, and showing the others that one reads or types.
(() => {
  const queue = document.querySelector("form[data-queue]");
  const links = () => [...queue.querySelectorAll("a[data-case]")].filter((link) => link.checkVisibility());
  const boxes = () => [...queue.querySelectorAll("input[name=cases]")];

  // --- choosing ---------------------------------------------------------------------------------
  const show = () => {
    const all = queue.querySelector("[data-pick-all]");
    if (!all) return;
    const picked = boxes().filter((box) => box.checked).length;
    all.checked = picked > 0 && picked === boxes().length;
    all.indeterminate = picked > 0 && !all.checked;
    queue.querySelector("[data-picked]").textContent = picked ? String(picked) : "";
  };
  queue.addEventListener("change", ({ target }) => {
    if (target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = target.checked;
    show();
  });

  // Enter in one of the small fields does what the next button beside it does, not the form's first.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".menu-sheet input")) return;
    event.preventDefault();
    const buttons = [...event.target.closest(".menu-sheet").querySelectorAll("button")];
    buttons.find((button) => event.target.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING)?.click();
  });

  // --- keys ---------------------------------------------------------------------------------------
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, dialog");
  const at = () => {
    const list = links();
    const focused = list.indexOf(document.activeElement);
    return focused >= 0 ? focused : list.findIndex((link) => link.ariaCurrent || link.getAttribute("aria-current"));
  };
  const go = (step) => {
    const link = links()[Math.max(0, at() + step)];
    if (!link) return;
    if (document.querySelector(".case") && matchMedia("(min-width: 64rem)").matches) link.click();
    else link.focus();
  };
  const press = (key) => {
    const button = document.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
  };
  const OFF = "inbox-keys-off"; // who speaks to a computer would press them with each word (WCAG 2.1.4)
  const work = document.getElementById("keys-work");
  try {
    work.checked = !localStorage.getItem(OFF);
  } catch {
    work.checked = true; // nothing is kept; the choice holds for this page
  }
  work.closest("[data-scripted]").hidden = false;
  work.addEventListener("change", () => {
    try {
      work.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
    } catch {
      // as above
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!work.checked) return;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const acts = {
      j: () => go(1),
      k: () => go(-1),
      x: () => links()[Math.max(0, at())]?.closest("li").querySelector("input")?.click(),
      n: () => document.getElementById("note")?.focus(),
      "?": () => document.getElementById("keys")?.showModal(),
    };
    for (const key of ["a", "e", "r", "u"]) acts[key] = () => press(key);
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  // --- a note that is not kept yet outlives a press on something else -----------------------------
  const note = document.getElementById("note");
  const draft = `note ${location.pathname}`;
  try {
    if (note && !note.value) note.value = sessionStorage.getItem(draft) ?? "";
    note?.addEventListener("input", () => sessionStorage.setItem(draft, note.value));
    note?.form.addEventListener("submit", () => sessionStorage.removeItem(draft));
  } catch {
    // nothing is kept
  }

  // --- presence: a sign of life, told at once when it changes -----------------------------------
  const here = document.querySelector("[data-here]")?.dataset.here;
  if (!here) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const tell = (doing) =>
    fetch(here, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token }, body: new URLSearchParams({ doing }) }).catch(() => {});
  let now = "reading";
  let rest;
  tell(now);
  setInterval(() => document.visibilityState === "visible" && tell(now), 20000);
  document.addEventListener("input", ({ target }) => {
    if (!target.closest(".case")) return;
    clearTimeout(rest);
    rest = setTimeout(() => tell((now = "reading")), 8000);
    if (now !== "typing") tell((now = "typing"));
  });
  window.addEventListener("pagehide", () => tell("left"));
})();
