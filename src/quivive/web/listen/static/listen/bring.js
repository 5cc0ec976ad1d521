// Dropped files go into the form's field; sending shows how far it is. Without this, the form works.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const chosen = form.querySelector(".chosen");
  field.addEventListener("change", () => {
    chosen.textContent = [...field.files].map((file) => file.name).join(", ");
  });
  const hover = (event) => {
    event.preventDefault();
    form.classList.toggle("over", event.type === "dragover");
  };
  form.addEventListener("dragover", hover);
  form.addEventListener("dragleave", hover);
  form.addEventListener("drop", (event) => {
    hover(event);
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  let sending = false;
  addEventListener("pageshow", () => {
    sending = false;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.hidden = false;
      bar.value = total ? (100 * loaded) / total : 0;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) location.assign(request.responseURL);
      else form.submit();
    });
    request.addEventListener("error", () => form.submit());
    request.open("POST", form.action || location.href);
    request.send(new FormData(form));
  });
}
