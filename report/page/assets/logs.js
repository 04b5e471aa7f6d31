// The servers' logs beside the timeline: filtered by node, level, text and by what
// is in view. A click on a line's time shows that moment.

const logStep = 300; // lines shown at a time

function showLogs(section, { history, view, seek }) {
  const find = (name) => section.querySelector(`[data-log=${name}]`);
  const lines = [];
  for (const log of history.head.logs || []) {
    for (const line of log.lines) lines.push({ ...line, node: log.node, file: log.file });
  }
  lines.sort((a, b) => a.at - b.at); // it keeps the order of lines of a time
  const list = find("list"), count = find("count"), more = find("more");
  let limit = logStep;

  function update() {
    const node = find("node").value, level = find("level").value, inView = find("view").checked;
    const text = find("text").value.toLowerCase();
    const fitting = lines.filter((line) =>
      (!node || line.node === node) && (!level || line.level === level) &&
      (!text || line.text.toLowerCase().includes(text)) &&
      (!inView || (line.at >= view.from && line.at <= view.to)));
    list.replaceChildren(...fitting.slice(0, limit).map(row));
    count.textContent = `${fitting.length.toLocaleString("en")} of ${lines.length.toLocaleString("en")} lines`;
    more.hidden = fitting.length <= limit;
  }

  function row(line) {
    const item = document.createElement("li");
    item.className = line.level === "warning" ? "warning" : "";
    const time = document.createElement(line.at >= 0 ? "button" : "span");
    time.className = "moment";
    time.textContent = line.at >= 0 ? (line.at / 1e9).toFixed(3) + " s" : "–";
    if (line.at >= 0) {
      time.type = "button";
      time.title = "show this moment in the timeline";
      time.addEventListener("click", () => seek(line.at));
    }
    const node = document.createElement("span");
    node.className = "node";
    node.textContent = line.node;
    const text = document.createElement("span");
    text.className = "said";
    // The time stands before it, in the run's own.
    text.textContent = line.level ? line.text.replace(/^\S+ \d+ \w+ \d+ [\d:.]+ /, "") : line.text;
    item.append(time, node, text);
    return item;
  }

  const nodes = [...new Set(lines.map((line) => line.node))];
  for (const node of nodes) find("node").add(new Option(node, node));
  for (const name of ["node", "level", "view", "text"]) find(name).addEventListener("input", () => { limit = logStep; update(); });
  more.addEventListener("click", () => { limit += logStep; update(); });
  update();
  return () => { if (find("view").checked) update(); };
}
