// The page: its switch of colours, its buttons, and the timeline put together.

const byId = (id) => document.getElementById(id);

function stored(value) { // a file has no storage in some browsers
  try {
    if (value === undefined) return localStorage.getItem("jepsen-lite theme");
    localStorage.setItem("jepsen-lite theme", value);
  } catch { /* the switch still works for this page */ }
  return null;
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme(changed) {
  const button = byId("theme");
  const apply = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "switch to light colours" : "switch to dark colours");
    changed();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    stored(theme);
    apply(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply());
  addEventListener("storage", () => apply(stored()));
  const chosen = stored();
  apply(chosen === "light" || chosen === "dark" ? chosen : undefined);
}

function copyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = byId(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch { // not from a file, in some browsers
        getSelection().selectAllChildren(text);
        document.execCommand("copy");
      }
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }
}

function timeline(history) {
  const section = byId("timeline"), canvas = byId("lanes"), overview = byId("overview");
  const view = makeView(history), filter = makeFilter(history);
  const { clock } = view;
  const marks = { proof: [], chosen: -1, moment: -1 };
  let paint, place, overviewPlace, frame = 0, refreshLogs = () => {};

  function redraw() {
    if (frame) return;
    frame = requestAnimationFrame(() => { frame = 0; drawNow(); });
  }
  function drawNow() {
    const began = performance.now();
    paint ??= paints(byId("probe"));
    place = drawTimeline(canvas, { history, view, filter, marks, paint });
    overviewPlace = drawOverview(overview, { history, view, paint });
    Object.assign(section.dataset, { from: view.from, to: view.to, shown: filter.shown, drawn: performance.now() - began });
    byId("window").textContent = [Math.max(0, view.from), Math.min(view.to, history.head.end)].map((at) => showTime(at, (view.to - view.from) / 1000, clock)).join(" – ");
    refreshLogs();
  }
  const tell = describer(history, view, section, canvas);
  view.changed = redraw;
  filter.changed = () => {
    byId("shown").textContent = `${filter.shown.toLocaleString("en")} of ${history.ops.count.toLocaleString("en")} operations shown`;
    redraw();
  };
  const repaint = () => { paint = undefined; redraw(); };
  filters(history, filter);
  steer(canvas, { history, view, filter, marks, place: () => place, redraw, tell });
  steerOverview(overview, view, () => overviewPlace);
  const actions = { in: () => view.zoom(0.5), out: () => view.zoom(2), left: () => view.pan(-0.25), right: () => view.pan(0.25), all: () => view.all() };
  for (const button of section.querySelectorAll("button[data-view]")) button.addEventListener("click", actions[button.dataset.view]);
  jumps(history, { view, filter, marks, section, canvas, tell });
  filter.apply();
  drawNow();
  if ((history.head.logs || []).length > 0) {
    refreshLogs = showLogs(byId("logs"), { history, view, seek(at) {
      marks.moment = at;
      const half = Math.min(view.to - view.from, 2e9) / 2;
      view.show(at - half, at + half);
      section.scrollIntoView({ block: "start" });
    } });
  }
  new ResizeObserver(redraw).observe(canvas.parentElement);
  const cut = history.head.shortened + history.head.left;
  if (cut > 0) byId("cut").textContent = ` Of ${cut.toLocaleString("en")} long values only the beginning is here.`;
  section.dataset.ready = "true";
  performance.mark("ready");
  return repaint;
}

// describer returns what shows an operation in words, beside the pointer, and to
// those who do not see it.
function describer(history, { clock }, section, canvas) {
  const tip = byId("tip"), said = byId("said");
  const { head, ops } = history;
  return (i, event) => {
    tip.hidden = i < 0;
    if (i < 0) return;
    const ended = ops.open[i] ? "left open" : `${outcomes[ops.outcome[i]]} after ${showDuration(ops.end[i] - ops.call[i])}`;
    const facts = [["operation", describe(history, i)], ["outcome", ended + (ops.outcome[i] === INFO ? ": it may have taken effect, or may yet" : "")]];
    if (ops.outcome[i] !== OK && head.texts[ops.error[i]]) facts.push(["error", head.texts[ops.error[i]]]);
    if (head.keys[ops.key[i]]) facts.push(["key", head.keys[ops.key[i]]]);
    facts.push(["process", String(ops.process[i])], ["called", showTime(ops.call[i], clock.ns === 1e9 ? 1e3 : 1, clock)], ["event", String(ops.index[i])]);
    tip.replaceChildren(...facts.flatMap(([name, value]) => {
      const term = document.createElement("dt"), detail = document.createElement("dd");
      term.textContent = name;
      detail.textContent = value;
      return [term, detail];
    }));
    said.textContent = facts.map(([name, value]) => `${name} ${value}`).join(", ");
    section.dataset.chosen = ops.index[i];
    const box = canvas.parentElement.getBoundingClientRect();
    const px = event ? event.clientX - box.left : box.width / 2, py = event ? event.clientY - box.top : 30;
    tip.style.left = Math.max(0, Math.min(px + 12, box.width - tip.offsetWidth - 2)) + "px";
    tip.style.top = py + 18 + "px";
  };
}

function filters(history, filter) {
  const { head } = history;
  const counts = head.operations.map(() => 0);
  for (let i = 0; i < history.ops.count; i++) counts[history.ops.operation[i]]++;
  const toggle = (box, label, list, at) => {
    const wrap = document.createElement("label"), input = document.createElement("input");
    input.type = "checkbox";
    input.checked = true;
    input.addEventListener("change", () => { list[at] = input.checked; filter.apply(); });
    wrap.append(input, " " + label);
    box.append(wrap);
  };
  for (const input of document.querySelectorAll("input[data-outcome]")) {
    input.addEventListener("change", () => { filter.outcomes[Number(input.dataset.outcome)] = input.checked; filter.apply(); });
  }
  head.operations.forEach((name, at) => toggle(byId("operations"), name, filter.operations, at));
  const named = head.keys.filter((key) => key !== "");
  if (named.length > 0) byId("keys").replaceChildren(...named.slice(0, 2000).map((key) => new Option(key)));
  else byId("key").closest("label").hidden = true;
  for (const name of ["key", "process"]) {
    byId(name).addEventListener("input", () => { filter[name] = byId(name).value.trim(); filter.apply(); });
  }
  filter.reset = () => {
    filter.key = filter.process = byId("key").value = byId("process").value = "";
    filter.outcomes.fill(true);
    filter.operations.fill(true);
    for (const input of byId("filters").querySelectorAll("input[type=checkbox]")) input.checked = true;
  };
  byId("reset").addEventListener("click", () => { filter.reset(); filter.apply(); });
}

// jumps lets each anomaly show its operations in the timeline: those of its key
// alone, for others stand between.
function jumps(history, { view, filter, marks, section, canvas, tell }) {
  const { ops, head } = history;
  for (const button of document.querySelectorAll("button[data-anomaly]")) {
    const anomaly = head.anomalies[Number(button.dataset.anomaly)];
    const places = (anomaly?.ops ?? []).map((index) => atIndex(ops, index)).filter((i) => i >= 0);
    if (places.length === 0) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      filter.reset();
      filter.key = byId("key").value = anomaly.key;
      marks.proof = places;
      marks.chosen = -1;
      tell(-1);
      filter.apply();
      const from = Math.min(...places.map((i) => ops.call[i]));
      const to = Math.max(...places.map((i) => (ops.outcome[i] === INFO ? ops.call[i] : ops.end[i])));
      const margin = Math.max((to - from) * 0.15, leastSpan);
      view.show(from - margin, to + margin);
      section.dataset.anomaly = button.dataset.anomaly;
      section.scrollIntoView({ block: "start" });
      canvas.focus({ preventScroll: true });
    });
  }
}

async function open() {
  let repaint = () => {};
  switchTheme(() => repaint());
  copyButtons();
  addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details.print")) d.open = true; });
  const packed = byId("packed");
  if (!packed) return;
  try {
    const history = await unpack(packed.textContent);
    packed.remove();
    repaint = timeline(history);
  } catch (error) {
    byId("timeline").dataset.ready = "failed";
    byId("trouble").hidden = false;
    byId("trouble").textContent = `The timeline cannot be shown in this browser: ${error.message}`;
    throw error;
  }
}

open();
