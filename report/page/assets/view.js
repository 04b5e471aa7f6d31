// The view: which part of the run the timeline shows, of which operations.

const leastSpan = 2000; // ns

function makeView(history) {
  const end = Math.max(history.head.end, leastSpan);
  const margin = end * 0.01;
  const view = {
    from: -margin, to: end + margin,
    clock: clockOf(end),
    full: { from: -margin, to: end + margin },
    changed: () => {},
    // show moves there, within what there is.
    show(from, to) {
      const span = Math.min(Math.max(to - from, leastSpan), view.full.to - view.full.from);
      const middle = (from + to) / 2;
      view.from = Math.min(Math.max(middle - span / 2, view.full.from), view.full.to - span);
      view.to = view.from + span;
      view.changed();
    },
    zoom(factor, around = (view.from + view.to) / 2) {
      const span = Math.min(Math.max((view.to - view.from) * factor, leastSpan), view.full.to - view.full.from);
      const share = (around - view.from) / (view.to - view.from);
      view.show(around - share * span, around + (1 - share) * span);
    },
    pan(share) {
      const by = share * (view.to - view.from);
      view.show(view.from + by, view.to + by);
    },
    all: () => view.show(view.full.from, view.full.to),
  };
  return view;
}

// makeFilter keeps which operations are shown, as lists by lane in order of call.
function makeFilter(history) {
  const { head, ops } = history;
  const filter = {
    key: "", process: "",
    outcomes: [true, true, true],
    operations: head.operations.map(() => true),
    lanes: [], // { name, list } of the lanes that have operations
    shown: 0,
    changed: () => {},
    apply() {
      const keys = head.keys.map((key) => !filter.key || key === filter.key);
      const wanted = filter.process === "" ? -1 : Number(filter.process);
      const lists = head.lanes.map(() => []);
      filter.shown = 0;
      for (let i = 0; i < ops.count; i++) {
        if (!filter.outcomes[ops.outcome[i]] || !filter.operations[ops.operation[i]] || !keys[ops.key[i]]) continue;
        if (wanted >= 0 && ops.process[i] !== wanted) continue;
        lists[ops.lane[i]].push(i);
        filter.shown++;
      }
      filter.lanes = head.lanes.map((name, at) => ({ name, list: lists[at] })).filter((lane) => lane.list.length > 0);
      filter.changed();
    },
  };
  return filter;
}

// firstIn is the place in a lane's list from which operations can reach that time.
// A lane's operations follow one another, but for those left open.
function firstIn(ops, list, from) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ops.call[list[middle]] < from) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

// clockOf is the unit in which times of a run are shown: seconds, but for runs that
// are over in no time.
function clockOf(end) {
  if (end < 1e6) return { unit: "µs", ns: 1e3 };
  return end < 1e9 ? { unit: "ms", ns: 1e6 } : { unit: "s", ns: 1e9 };
}

// showTime says when something was, to the digits that matter where a step is so long.
function showTime(at, step, { unit, ns }) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step / ns) - 1e-9));
  return (at / ns).toFixed(digits) + " " + unit;
}

// showDuration says how long something took: 1.25 ms.
function showDuration(ns) {
  const three = (n) => String(Number(n.toPrecision(3)));
  if (ns < 1e3) return ns + " ns";
  if (ns < 1e6) return three(ns / 1e3) + " µs";
  if (ns < 1e9) return three(ns / 1e6) + " ms";
  return three(ns / 1e9) + " s";
}

// ticks are round times within the view, at most about so many.
function ticks(from, to, count) {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((n) => n * power >= rough);
  const all = [];
  for (let i = Math.ceil(Math.max(from, 0) / step); i * step <= to; i++) all.push(i * step);
  return { all, step };
}
