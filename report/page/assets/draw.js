// Drawing: the lanes, from the view and the filter. Only what is in view is drawn;
// operations narrower than a pixel share its column.

const gutter = 34; // lane names
const bandTop = 20; // names of faults
const axisHeight = 20;
const maxLabels = 400;

// paints are the theme's colours as the style sheet has them now.
function paints(probe) {
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const all = {};
  for (const name of ["ok", "fail", "info", "violation", "fault", "fault-mark", "ink", "muted", "grid", "paper"]) all[name] = colour(name);
  all.hatch = hatch(all.fail, all.paper);
  all.font = getComputedStyle(probe).fontFamily;
  return all;
}

// hatch is the texture of failed operations.
function hatch(ink, paper) {
  const tile = new OffscreenCanvas(6, 6);
  const c = tile.getContext("2d");
  c.fillStyle = paper;
  c.fillRect(0, 0, 6, 6);
  c.strokeStyle = ink;
  c.lineWidth = 2.2;
  c.beginPath();
  for (const x of [-6, 0, 6]) {
    c.moveTo(x - 1, 7);
    c.lineTo(x + 7, -1);
  }
  c.stroke();
  return tile;
}

function laneHeight(lanes) {
  return Math.min(28, Math.max(6, Math.floor(440 / Math.max(1, lanes))));
}

// fit gives a canvas the size it has on the page, in the screen's own pixels.
function fit(canvas, height) {
  const scale = window.devicePixelRatio || 1, width = canvas.parentElement.clientWidth;
  canvas.style.height = height + "px";
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return { context, width, height };
}

function drawTimeline(canvas, { history, view, filter, marks, paint }) {
  const { head, ops } = history;
  const high = laneHeight(filter.lanes.length);
  const lanesHeight = Math.max(1, filter.lanes.length) * high;
  const { context: c, width } = fit(canvas, bandTop + lanesHeight + axisHeight);
  const place = {
    gutter, top: bandTop, high, width,
    x: (ns) => gutter + ((ns - view.from) / (view.to - view.from)) * (width - gutter),
    time: (x) => view.from + ((x - gutter) / (width - gutter)) * (view.to - view.from),
  };
  c.clearRect(0, 0, width, bandTop + lanesHeight + axisHeight);
  c.font = `10px ${paint.font}`;
  c.textBaseline = "middle";
  drawAxis(c, place, view, paint, bandTop + lanesHeight);
  c.save();
  c.beginPath();
  c.rect(gutter, 0, width - gutter, bandTop + lanesHeight);
  c.clip();
  drawFaults(c, place, head.faults, paint, bandTop + lanesHeight);
  const labels = { left: maxLabels };
  filter.lanes.forEach((lane, at) => drawLane(c, place, lane, at, { history, view, paint, labels }));
  c.restore();
  drawNames(c, place, filter.lanes, paint);
  drawMarks(c, place, { history, filter, marks, paint, view }, bandTop + lanesHeight);
  return place;
}

function drawAxis(c, place, view, paint, bottom) {
  const { all, step } = ticks(view.from, view.to, Math.max(2, (place.width - gutter) / 110));
  c.fillStyle = paint.muted;
  c.strokeStyle = paint.grid;
  c.lineWidth = 1;
  c.textAlign = "center";
  c.beginPath();
  for (const ns of all) {
    const x = Math.round(place.x(ns)) + 0.5;
    if (x < gutter) continue;
    c.moveTo(x, bandTop);
    c.lineTo(x, bottom + 4);
    const text = showTime(ns, step, view.clock), half = c.measureText(text).width / 2;
    if (x - half >= 0 && x + half <= place.width) c.fillText(text, x, bottom + 12);
  }
  c.stroke();
}

function drawFaults(c, place, faults, paint, bottom) {
  const bands = [];
  for (const f of faults) {
    const x0 = place.x(f.from), x1 = Math.max(place.x(f.to), x0 + 2);
    if (x1 < gutter || x0 > place.width) continue;
    bands.push({ f, x0 });
    c.fillStyle = paint.fault;
    c.fillRect(x0, 0, x1 - x0, bottom);
    c.fillStyle = paint["fault-mark"];
    c.fillRect(x0, 0, 1, bottom);
    if (f.healed) c.fillRect(x1 - 1, 0, 1, bottom);
  }
  // A name goes as far as the next band, or is left out.
  let free = gutter;
  c.textAlign = "left";
  c.fillStyle = paint.ink;
  bands.forEach(({ f, x0 }, at) => {
    const left = Math.max(x0, gutter) + 4, next = bands[at + 1] && bands[at + 1].x0 > left ? bands[at + 1].x0 : place.width;
    const text = left < free ? "" : fits(c, f.where ? `${f.name} ${f.where}` : f.name, next - left - 2, f.name);
    if (!text) return;
    c.fillText(text, left, bandTop / 2);
    free = left + c.measureText(text).width + 8;
  });
}

// fits returns the text if it is not too wide, else the shorter one, else nothing.
function fits(c, text, width, shorter) {
  if (c.measureText(text).width <= width) return text;
  return shorter !== undefined ? fits(c, shorter, width) : "";
}

function drawLane(c, place, lane, at, { history, view, paint, labels }) {
  const { ops } = history, { list } = lane;
  const top = place.top + at * place.high + (place.high > 10 ? 2 : 1), tall = place.high - (place.high > 10 ? 4 : 2);
  c.fillStyle = paint.grid;
  c.fillRect(gutter, place.top + (at + 1) * place.high - 0.5, place.width - gutter, 0.5);
  const columns = new Uint8Array(Math.ceil(place.width) + 1);
  const bars = [];
  for (let n = firstIn(ops, list, view.from); n < list.length; n++) {
    const i = list[n];
    if (ops.call[i] > view.to) break;
    const x0 = place.x(ops.call[i]);
    let x1 = place.x(ops.end[i]);
    if (ops.open[i] && n + 1 < list.length) x1 = Math.min(x1, place.x(ops.call[list[n + 1]]));
    if (x1 < gutter) continue;
    if (x1 - x0 >= 1.5) bars.push(i, Math.max(x0, gutter - 2), Math.min(x1, place.width + 2), n + 1 < list.length ? place.x(ops.call[list[n + 1]]) : Infinity);
    else if (x0 >= gutter) columns[Math.floor(x0)] |= 1 << ops.outcome[i];
  }
  drawColumns(c, columns, top, tall, paint);
  for (let b = 0; b < bars.length; b += 4) drawBar(c, bars[b], bars[b + 1], bars[b + 2], bars[b + 3], top, tall, { history, paint, labels });
}

// drawColumns draws what is too narrow for bars. Where outcomes share a pixel all
// show: unknown ones above, failed ones below.
function drawColumns(c, columns, top, tall, paint) {
  const part = Math.max(2, Math.floor(tall * 0.4));
  for (const [bit, colour] of [[1, "ok"], [2, "fail"], [4, "info"]]) {
    c.fillStyle = paint[colour];
    for (let x = 0; x < columns.length; x++) {
      if (!(columns[x] & bit)) continue;
      const alone = columns[x] === bit, from = x;
      while (x + 1 < columns.length && columns[x + 1] === columns[from]) x++;
      if (bit === 1 || (alone && bit !== 2)) c.fillRect(from, top, x - from + 1, tall);
      else if (bit === 2) c.fillRect(from, top + tall - (alone ? Math.ceil(tall * 0.6) : part), x - from + 1, alone ? Math.ceil(tall * 0.6) : part);
      else c.fillRect(from, top, x - from + 1, part);
    }
  }
}

// drawBar draws an operation: solid if it succeeded, hatched if it failed, open to
// the right if nobody knows.
function drawBar(c, i, x0, x1, next, top, tall, { history, paint, labels }) {
  const { ops } = history, outcome = ops.outcome[i], wide = x1 - x0;
  if (outcome === OK) {
    c.fillStyle = paint.ok;
    c.fillRect(x0, top, wide, tall);
  } else if (outcome === FAIL && wide < 4) { // too narrow for a texture
    c.fillStyle = paint.fail;
    c.fillRect(x0, top + tall - Math.ceil(tall * 0.6), wide, Math.ceil(tall * 0.6));
  } else if (outcome === FAIL) {
    c.fillStyle = c.createPattern(paint.hatch, "repeat");
    c.fillRect(x0, top, wide, tall);
    c.strokeStyle = paint.fail;
    c.lineWidth = 1;
    c.strokeRect(x0 + 0.5, top + 0.5, wide - 1, tall - 1);
  } else {
    c.fillStyle = paint.info;
    c.globalAlpha = 0.35;
    c.fillRect(x0, top, wide, tall);
    c.globalAlpha = 1;
    c.fillRect(x0, top, 1.5, tall);
    c.fillRect(x0, top, wide, 1.5);
    c.fillRect(x0, top + tall - 1.5, wide, 1.5);
    drawOpenEnd(c, x1, Math.min(x1 + 16, next), top, tall, paint);
  }
  if (wide > 26 && tall >= 12 && labels.left > 0) {
    labels.left--;
    const text = cut(c, describe(history, i), wide - 8);
    if (!text) return;
    const left = Math.max(x0, gutter) + 4;
    c.textAlign = "left";
    if (outcome === FAIL) {
      c.fillStyle = paint.paper;
      c.fillRect(left - 2, top + 2, c.measureText(text).width + 4, tall - 4);
    }
    c.fillStyle = outcome === OK ? paint.paper : paint.ink;
    c.fillText(text, left, top + tall / 2 + 0.5);
  }
}

function drawOpenEnd(c, x1, until, top, tall, paint) {
  if (until - x1 < 4) return;
  const middle = top + tall / 2;
  c.strokeStyle = paint.info;
  c.lineWidth = 1.5;
  c.setLineDash([3, 2]);
  c.beginPath();
  c.moveTo(x1, middle);
  c.lineTo(until, middle);
  c.stroke();
  c.setLineDash([]);
  c.beginPath();
  c.moveTo(until - 4, middle - 3);
  c.lineTo(until, middle);
  c.lineTo(until - 4, middle + 3);
  c.stroke();
}

// cut shortens a text to a width; empty where little of it would be left.
function cut(c, text, width) {
  const each = c.measureText("n").width;
  if (text.length * each * 1.2 > width) {
    const room = Math.floor(width / each);
    if (text.length > room && room < 8) return "";
    if (text.length > room) text = text.slice(0, room - 1) + "…";
  }
  return text;
}

function drawNames(c, place, lanes, paint) {
  const each = Math.ceil(11 / place.high);
  c.textAlign = "right";
  c.fillStyle = paint.muted;
  lanes.forEach((lane, at) => {
    if (at % each === 0) c.fillText(lane.name, gutter - 6, place.top + (at + 0.5) * place.high);
  });
}

// drawMarks draws what is pointed at: the anomaly's operations, the chosen one, a
// moment of a log.
function drawMarks(c, place, { history, filter, marks, paint, view }, bottom) {
  const { ops } = history;
  const around = (i, colour, wide) => {
    const at = filter.lanes.findIndex((lane) => lane.name === history.head.lanes[ops.lane[i]]);
    const x0 = place.x(ops.call[i]), x1 = place.x(ops.end[i]);
    if (at < 0 || x1 < gutter || x0 > place.width) return;
    const left = Math.max(x0 - 1.5, gutter), right = Math.min(Math.max(x1 + 1.5, left + 4), place.width + 4);
    c.strokeStyle = colour;
    c.lineWidth = wide;
    c.strokeRect(left, place.top + at * place.high + 1, right - left, place.high - 2);
    return (left + right) / 2;
  };
  if (marks.chosen >= 0) around(marks.chosen, paint.ink, marks.proof.includes(marks.chosen) ? 5 : 1.5);
  for (const i of marks.proof) {
    const x = around(i, paint.violation, 2.5);
    if (x === undefined) continue;
    c.fillStyle = paint.violation;
    c.beginPath();
    c.moveTo(x - 5, bandTop - 8);
    c.lineTo(x + 5, bandTop - 8);
    c.lineTo(x, bandTop - 1);
    c.fill();
  }
  labelProof(c, place, { history, filter, marks, paint });
  if (marks.moment >= 0 && marks.moment >= view.from && marks.moment <= view.to) {
    const x = Math.round(place.x(marks.moment)) + 0.5;
    c.strokeStyle = paint.ink;
    c.lineWidth = 1;
    c.setLineDash([4, 3]);
    c.beginPath();
    c.moveTo(x, 0);
    c.lineTo(x, bottom);
    c.stroke();
    c.setLineDash([]);
  }
}

// labelProof names the operations that prove an anomaly beside bars that are too
// narrow for it.
function labelProof(c, place, { history, filter, marks, paint }) {
  const { ops } = history;
  const room = Math.min(260, (place.width - gutter) / 2.2);
  for (const i of marks.proof) {
    const at = filter.lanes.findIndex((lane) => lane.name === history.head.lanes[ops.lane[i]]);
    const x0 = place.x(ops.call[i]), x1 = place.x(ops.end[i]);
    if (at < 0 || x0 < gutter || x0 > place.width || x1 - x0 > 26 || place.high < 12) continue;
    const text = cut(c, describe(history, i), room), wide = c.measureText(text).width + 8;
    const left = x1 + 5 + wide < place.width ? x1 + 5 : x0 - 5 - wide, top = place.top + at * place.high;
    c.fillStyle = paint.paper;
    c.fillRect(left, top + 3, wide, place.high - 6);
    c.textAlign = "left";
    c.fillStyle = paint.ink;
    c.fillText(text, left + 4, top + place.high / 2 + 0.5);
  }
}

const overviewHeight = 46;

// drawOverview draws how many operations ended in each slice of the run, of all
// operations, and where the view is.
function drawOverview(canvas, { history, view, paint }) {
  const { head } = history;
  const { context: c, width } = fit(canvas, overviewHeight);
  const x = (ns) => gutter + ((ns - view.full.from) / (view.full.to - view.full.from)) * (width - gutter);
  c.clearRect(0, 0, width, overviewHeight);
  for (const f of head.faults) {
    c.fillStyle = paint.fault;
    c.fillRect(x(f.from), 0, Math.max(2, x(f.to) - x(f.from)), overviewHeight);
  }
  c.fillStyle = paint["fault-mark"];
  for (const f of head.faults) c.fillRect(x(f.from), 0, Math.max(2, x(f.to) - x(f.from)), 3);
  const most = Math.max(1, ...head.slices.map(([ok, fail, info]) => ok + fail + info));
  head.slices.forEach((counts, at) => {
    let bottom = overviewHeight - 2;
    const left = x(at * head.width), wide = Math.max(1, x((at + 1) * head.width) - left);
    ["ok", "fail", "info"].forEach((name, outcome) => {
      if (!counts[outcome]) return;
      const tall = Math.max(1, (counts[outcome] / most) * (overviewHeight - 8));
      c.fillStyle = paint[name];
      c.fillRect(left, bottom - tall, wide + 0.3, tall);
      bottom -= tall;
    });
  });
  c.fillStyle = paint.paper;
  c.globalAlpha = 0.6;
  c.fillRect(gutter, 0, Math.max(0, x(view.from) - gutter), overviewHeight);
  c.fillRect(x(view.to), 0, width, overviewHeight);
  c.globalAlpha = 1;
  c.strokeStyle = paint.ink;
  c.lineWidth = 1.5;
  c.strokeRect(Math.max(gutter, x(view.from)) + 0.75, 0.75, Math.max(3, x(view.to) - Math.max(gutter, x(view.from)) - 1.5), overviewHeight - 1.5);
  return { time: (px) => view.full.from + ((px - gutter) / (width - gutter)) * (view.full.to - view.full.from) };
}
