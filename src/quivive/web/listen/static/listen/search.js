// Choosing posts to act on, and a query field that grows. Without this, boxes and buttons still work.
(() => {
  const form = document.querySelector("form[data-pick]");
  const boxes = () => [...(form?.querySelectorAll("input[name=posts]") ?? [])];
  const show = () => {
    const whole = form.querySelector("[data-pick-everything]");
    const page = form.querySelector("[data-pick-all]");
    if (!page) return;
    const picked = boxes().filter((box) => box.checked).length;
    page.checked = picked > 0 && picked === boxes().length;
    page.indeterminate = picked > 0 && !page.checked;
    form.querySelector("[data-picked]").textContent = picked && !whole.checked ? String(picked) : "";
  };
  form?.addEventListener("change", ({ target }) => {
    if (target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = target.checked;
    show();
  });
  // Enter in one of the small fields does what the first button beside it does.
  form?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".menu-sheet input")) return;
    event.preventDefault();
    event.target.closest(".menu-sheet").querySelector("button").click();
  });

  const grow = (field) => {
    field.rows = Math.min(8, field.value.split("\n").length);
  };
  for (const field of document.querySelectorAll("[data-grows]")) {
    grow(field);
    field.addEventListener("input", () => grow(field));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      field.form.requestSubmit();
    });
  }
  if (matchMedia("(min-width: 64rem)").matches)
    for (const part of document.querySelectorAll("details[data-wide-open]")) part.open = true;
})();
