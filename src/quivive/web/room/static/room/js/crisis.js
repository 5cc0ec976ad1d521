// The crisis room and the alert's page: clocks against targets, and updates that disturb nobody.
(() => {
  // --- clocks ---------------------------------------------------------------------------------
  const minutesSince = (moment) => Math.max(0, Math.floor((Date.now() - Date.parse(moment)) / 60000));
  const tick = () => {
    for (const hour of document.querySelectorAll("[data-hour]")) {
      const minutes = minutesSince(hour.dataset.hour);
      const bar = hour.querySelector("progress");
      if (bar) bar.value = Math.min(minutes, bar.max);
      hour.querySelector(".clock")?.classList.toggle("late", minutes >= Number(hour.dataset.targetMin));
    }
    for (const silence of document.querySelectorAll("[data-silence]")) {
      const minutes = minutesSince(silence.dataset.silence);
      const { warnMin, alarmMin } = silence.dataset;
      silence.classList.toggle("warn", minutes >= warnMin && minutes < alarmMin);
      silence.classList.toggle("alarm", minutes >= alarmMin);
    }
  };
  tick();
  setInterval(tick, 5000);

  // --- dialogs that come back with a mistake in them --------------------------------------------
  for (const dialog of document.querySelectorAll("dialog[data-show]")) dialog.showModal();

  // --- a press that leads back to the room leaves one where one was ------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || !form.closest(".control") || form.closest("dialog")) return;
    const here = form.closest("[id]");
    const near = [here, here.nextElementSibling, here.previousElementSibling, form.closest("section[id]")];
    const parts = near.map((part) => part?.id ?? "");
    const place = { path: location.pathname, top: scrollY, parts, at: Date.now() };
    sessionStorage.setItem("place", JSON.stringify(place));
  });
  const comeBack = () => {
    const place = JSON.parse(sessionStorage.getItem("place") ?? "null");
    sessionStorage.removeItem("place");
    if (place?.path !== location.pathname || Date.now() - place.at > 30000 || location.hash) return;
    scrollTo({ top: place.top, behavior: "instant" });
    const doors = place.parts.map((id) => document.getElementById(id)?.querySelector("button, a[href], textarea, select"));
    doors.find((door) => door?.checkVisibility())?.focus({ preventScroll: true });
  };
  comeBack();

  // --- links into a closed part open it ---------------------------------------------------------
  const reveal = (id) => {
    const target = id && document.getElementById(id);
    if (!target) return;
    const closed = target.closest("details:not([open])") ?? target.querySelector("details[id$='-form']:not([open])");
    if (closed) closed.open = true;
    if (target.matches("input, textarea, select")) target.focus();
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href^='#']");
    if (link) setTimeout(reveal, 0, link.hash.slice(1));
  });

  // --- updates: what one types, reads or has opened stays as it is ------------------------------
  const typedIn = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.value !== field.options[0]?.value;
    return field.type !== "hidden" && field.value !== field.defaultValue;
  };
  const busy = (part) => {
    const here = document.activeElement;
    if (part.contains(here) && here.matches("input:not([type=hidden]), textarea, select")) return true;
    return [...part.querySelectorAll("form:not(.filters) :is(input, textarea, select)")].some(typedIn);
  };
  const beingRead = (part) => part.matches("[data-holds]") && (part.getBoundingClientRect().top < -120 || part.contains(document.activeElement));
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target } = event.detail;
    if (busy(target)) {
      event.detail.shouldSwap = false;
      return;
    }
    if (beingRead(target)) {
      event.detail.shouldSwap = false;
      target.querySelector("[data-fresh]")?.removeAttribute("hidden");
    }
  });
  document.addEventListener("click", (event) => {
    const fresh = event.target instanceof Element && event.target.closest("[data-fresh]");
    if (!fresh) return;
    const filters = document.getElementById("stream-filters");
    window.htmx?.trigger(filters, "change");
    filters.closest("section").scrollIntoView({ block: "start" });
  });
})();
