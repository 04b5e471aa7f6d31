"use strict";

// The page of a run that goes on: the server sends HTML, that it has escaped, each
// time something has changed, and "over" when nothing more will come. While nobody
// sees the page there is no stream: a browser has few connections to a server.
for (const live of document.querySelectorAll("[data-events]")) {
  let stream = null;
  let over = false;
  const watch = () => {
    if (over || document.hidden) {
      stream?.close();
      stream = null;
    } else if (stream === null) {
      stream = new EventSource(live.dataset.events);
      stream.addEventListener("moment", (e) => {
        live.innerHTML = JSON.parse(e.data);
        live.classList.remove("stale");
      });
      stream.addEventListener("over", () => {
        over = true;
        watch();
        if (live.querySelector("[data-judged]")) location.reload();
      });
      stream.onerror = () => live.classList.add("stale"); // it tries again by itself
    }
  };
  document.addEventListener("visibilitychange", watch);
  watch();
}

// Of the list, two runs can be compared.
for (const form of document.querySelectorAll(".compare-form")) {
  const boxes = [...form.querySelectorAll("input[name=run]")];
  const button = form.querySelector("button.compare");
  const hint = form.querySelector(".hint");
  const count = () => {
    const ticked = boxes.filter((b) => b.checked).length;
    button.disabled = ticked !== 2;
    hint.textContent = ticked === 2 ? "" : ticked < 2 ? `tick ${2 - ticked} more` : "tick two only";
  };
  form.addEventListener("change", count);
  count();
}

// Choosing in a list filters at once.
for (const select of document.querySelectorAll(".filter select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// A command can be copied, where the browser permits it.
if (navigator.clipboard) {
  for (const line of document.querySelectorAll(".command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(line.querySelector("code").textContent);
      button.textContent = "Copied";
    });
    line.append(button);
  }
}
