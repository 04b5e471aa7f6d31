// Unpacking: what package timeline packed. See its columns and values.

async function unpack(base64) {
  const text = atob(base64.trim());
  const zipped = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) zipped[i] = text.charCodeAt(i);
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const headBytes = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headBytes)));
  let at = 4 + headBytes;
  const columns = head.columns.map((length) => numbers(bytes.subarray(at, (at += length))));
  return unpackOperations(head, columns);
}

// numbers reads a column one number after another. Beyond 31 bits it multiplies, for
// shifts are of 32 bits; up to 53 bits it is exact.
function numbers(bytes) {
  let at = 0;
  return () => {
    let byte = bytes[at++];
    if (byte < 128) return byte;
    let n = byte & 127;
    for (let factor = 128; ; factor *= 128) {
      byte = bytes[at++];
      n += (byte & 127) * factor;
      if (byte < 128) return n;
    }
  };
}

const OK = 0, FAIL = 1, INFO = 2;
const outcomes = ["ok", "fail", "info"];

const WORD = 0, INT = 1; // kinds of values; else a text
const ABSENT = 0, SAME = 4;
const words = ["", "null", "false", "true"];

// A value is held as a number and its kind; what it says is made when it is shown.
function valueColumn(next, count) {
  const numbers = new Float64Array(count), kinds = new Uint8Array(count);
  let before = 0;
  for (let i = 0; i < count; i++) {
    const packed = next();
    const kind = (kinds[i] = packed % 4);
    let n = Math.floor(packed / 4);
    if (kind === INT) before = n = before + (n % 2 ? -(n + 1) / 2 : n / 2);
    numbers[i] = n;
  }
  return { numbers, kinds };
}

function unpackOperations(head, [index, call, took, process, lane, kind, key, input, output, error]) {
  const n = head.held;
  const ops = {
    count: n,
    index: new Float64Array(n), call: new Float64Array(n),
    end: new Float64Array(n), // when the client knew, or gave up
    open: new Uint8Array(n), // 1: nothing says that the client gave up
    process: new Float64Array(n), lane: new Uint32Array(n), operation: new Uint32Array(n),
    outcome: new Uint8Array(n), key: new Uint32Array(n), error: new Uint32Array(n),
  };
  let lastIndex = 0, lastCall = 0;
  for (let i = 0; i < n; i++) {
    ops.index[i] = lastIndex += index();
    ops.call[i] = lastCall += call();
    const waited = took();
    ops.open[i] = waited === 0 ? 1 : 0;
    ops.end[i] = waited === 0 ? head.end : lastCall + waited - 1;
    ops.process[i] = process();
    ops.lane[i] = lane();
    const packed = kind();
    ops.operation[i] = packed >>> 2;
    ops.outcome[i] = packed & 3;
    ops.key[i] = key();
    if (ops.outcome[i] !== OK) ops.error[i] = error();
  }
  ops.input = valueColumn(input, n);
  ops.output = valueColumn(output, n);
  return { head, ops };
}

function showValue(history, column, i) {
  const n = column.numbers[i];
  switch (column.kinds[i]) {
    case WORD: return n === SAME ? showValue(history, history.ops.input, i) : words[n];
    case INT: return String(n);
  }
  return history.head.texts[n];
}

const isNothing = (column, i) => column.kinds[i] === WORD && column.numbers[i] < 2; // absent or null

// describe says what an operation was, as checkers do: write(7) → 7, read → null.
function describe(history, i) {
  const { head, ops } = history;
  const asked = isNothing(ops.input, i) ? "" : `(${showValue(history, ops.input, i)})`;
  const silent = ops.output.kinds[i] === WORD && ops.output.numbers[i] === ABSENT;
  const told = !silent && (ops.outcome[i] === OK || !isNothing(ops.output, i));
  return head.operations[ops.operation[i]] + asked + (told ? " → " + showValue(history, ops.output, i) : "");
}

// at is the place of the operation invoked at that event; -1: it is not held.
function atIndex(ops, index) {
  let low = 0, high = ops.count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ops.index[middle] === index) return middle;
    if (ops.index[middle] < index) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
