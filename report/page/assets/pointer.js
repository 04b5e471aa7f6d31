// Pointing: wheel, drag, pinch and keys move the view; hovering, tapping and keys
// choose an operation.

function steer(canvas, { history, view, filter, marks, place, redraw, tell }) {
  const pointers = new Map();
  let moved = 0;
  const x = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const y = (event) => event.clientY - canvas.getBoundingClientRect().top;

  // A wheel over a page scrolls it, unless one has turned to the timeline.
  canvas.addEventListener("wheel", (event) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      view.pan(event.deltaX / place().width);
    } else if (document.activeElement === canvas || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      view.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.008), place().time(x(event)));
    }
  }, { passive: false });

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, x(event));
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === "mouse") choose(under(x(event), y(event)), event);
      return;
    }
    if (pointers.size === 1) {
      view.pan((before - x(event)) / (place().width - gutter));
    } else if (pointers.size === 2) {
      const [, other] = [...pointers].find(([id]) => id !== event.pointerId);
      const apart = Math.max(10, Math.abs(before - other)), now = Math.max(10, Math.abs(x(event) - other));
      view.zoom(apart / now, place().time((x(event) + other) / 2));
    }
    moved += Math.abs(x(event) - before);
    pointers.set(event.pointerId, x(event));
  });
  const release = (event) => {
    if (pointers.delete(event.pointerId) && event.type === "pointerup" && moved < 5) choose(under(x(event), y(event)), event);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => { if (pointers.size === 0) tell(-1); });
  canvas.addEventListener("dblclick", (event) => view.zoom(0.25, place().time(x(event))));

  // under is the operation at a place; the nearest within a few pixels.
  function under(px, py) {
    const lane = filter.lanes[Math.floor((py - place().top) / place().high)];
    if (!lane || px < gutter) return -1;
    const { ops } = history;
    const reach = place().time(px + 4) - place().time(px), time = place().time(px);
    let best = -1, distance = reach;
    for (let n = firstIn(ops, lane.list, time - reach), looked = 0; n < lane.list.length && looked < 2000; n++, looked++) {
      const i = lane.list[n];
      if (ops.call[i] > time + reach) break;
      const away = Math.max(0, ops.call[i] - time, time - (ops.open[i] ? ops.call[i] + reach : ops.end[i]));
      if (away < distance || (away === 0 && best < 0)) [best, distance] = [i, away];
    }
    return best;
  }

  function choose(i, event) {
    if (marks.chosen === i && i < 0) return;
    marks.chosen = i;
    redraw();
    tell(i, event);
  }

  // step chooses the next operation by call, of those that are shown.
  function step(by) {
    const { ops } = history;
    let best = -1;
    const from = marks.chosen;
    const start = from >= 0 ? from : by > 0 ? -1 : ops.count;
    for (const lane of filter.lanes) {
      for (const i of nearby(lane.list, start, by)) {
        if (best < 0 || (by > 0 ? i < best : i > best)) best = i;
      }
    }
    if (from < 0) best = firstShown();
    if (best < 0) return;
    marks.chosen = best;
    if (ops.call[best] < view.from || ops.call[best] > view.to) view.show(ops.call[best] - (view.to - view.from) / 2, ops.call[best] + (view.to - view.from) / 2);
    redraw();
    tell(best);
  }

  // nearby is the operation of a sorted list before or after that one, if any.
  function nearby(list, i, by) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] <= i) low = middle + 1;
      else high = middle;
    }
    const at = by > 0 ? low : list[low - 1] === i ? low - 2 : low - 1;
    return at >= 0 && at < list.length ? [list[at]] : [];
  }

  function firstShown() {
    let best = -1;
    for (const lane of filter.lanes) {
      const n = firstIn(history.ops, lane.list, view.from);
      for (let at = n; at < Math.min(n + 2, lane.list.length); at++) {
        const i = lane.list[at];
        if (history.ops.call[i] >= view.from && (best < 0 || i < best)) best = i;
      }
    }
    return best;
  }

  const keys = {
    ArrowLeft: () => view.pan(-0.15), ArrowRight: () => view.pan(0.15),
    ArrowUp: () => view.zoom(0.6), ArrowDown: () => view.zoom(1 / 0.6),
    "+": () => view.zoom(0.6), "=": () => view.zoom(0.6), "-": () => view.zoom(1 / 0.6),
    Home: () => view.show(view.full.from, view.full.from + view.to - view.from),
    End: () => view.show(view.full.to - (view.to - view.from), view.full.to),
    0: () => view.all(), n: () => step(1), p: () => step(-1),
    Escape: () => choose(-1),
  };
  canvas.addEventListener("keydown", (event) => {
    const act = !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// steerOverview lets the window of the overview be drawn and moved.
function steerOverview(canvas, view, place) {
  let start = null;
  const time = (event) => place().time(event.clientX - canvas.getBoundingClientRect().left);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const at = time(event);
    const whole = view.to - view.from > 0.95 * (view.full.to - view.full.from);
    start = at >= view.from && at <= view.to && !whole ? { hold: at - view.from } : { from: at };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    const at = time(event), span = view.to - view.from;
    if (start.hold !== undefined) view.show(at - start.hold, at - start.hold + span);
    else if (at !== start.from) view.show(Math.min(at, start.from), Math.max(at, start.from));
  });
  const end = (event) => {
    if (start && start.from !== undefined && time(event) === start.from) {
      const half = (view.to - view.from) / 2;
      view.show(start.from - half, start.from + half);
    }
    start = null;
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", () => { start = null; });
}
