import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, receipts, serve, until } from "./browser.js";

const { createConnection } = await import("../../static/js/live/connection.js");
const { createOutbox } = await import("../../static/js/outbox/outbox.js");

globalThis.location = /** @type {any} */ ({ href: "http://127.0.0.1/interviews/5/live/" });

/** A server behind a socket: `answer` gets each request, and returns what the socket says, or nothing. */
class Socket extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  answer = ({ request, body }) => ({
    request,
    status: 200,
    retry_after: null,
    body: { receipt: body.id, at: "", shared: null, own: 1, result: {} },
  });

  constructor() {
    super();
    Socket.last = this;
  }
  open(takes) {
    this.readyState = Socket.OPEN;
    this.dispatchEvent(new Event("open"));
    this.says({ shared: 0, own: 0, events: [], user: 70, takes });
  }
  send(text) {
    const frame = JSON.parse(text);
    if (!frame.request) return;
    this.sent.push(frame);
    const answer = this.answer(frame);
    if (answer) queueMicrotask(() => this.says(answer));
  }
  says(frame) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }
  close(code = 1006) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}
globalThis.WebSocket = /** @type {any} */ (Socket);
// A visible page asks for ever, and timers hold up Node.
Object.assign(document, { visibilityState: "hidden" });
const begin = globalThis.setInterval;
globalThis.setInterval = /** @type {any} */ ((...args) => begin(...args).unref());

function page({ takes = 8_000, onEvents = (_told) => true } = {}) {
  const ignore = () => undefined;
  const bodies = serve(receipts);
  const connection = createConnection({
    socket: "/ws/interviews/5/",
    events: "/interviews/5/events/",
    numbers: () => ({ shared: 0, own: 0 }),
    here: () => null,
    onEvents,
    onSignedOut: ignore,
    onMissing: () => false,
    onHere: ignore,
    onCrowded: ignore,
  });
  const socket = Socket.last;
  if (takes !== null) socket.open(takes);
  const told = [];
  const outbox = createOutbox({
    url: "/commands/",
    sender: 70,
    interview: 5,
    savedAt: null,
    overSocket: (...request) => connection.send(...request),
    onReceipt: (entry) => told.push(entry.value),
    onRefused: (_entry, words) => told.push(words),
  });
  const isEmpty = () => outbox.waiting().length === 0;
  return { outbox, socket, bodies, told, isEmpty };
}

describe("a page that the browser had stored", () => {
  const shown = (persisted) => dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));

  test("asks at once what it missed, opens another socket, and sends what waits", async () => {
    const heard = [];
    const { outbox, socket, isEmpty } = page({ onEvents: ({ events }) => heard.push(...events) >= 0 });
    shown(false);
    assert.equal(Socket.last, socket);
    // Closed by the browser, which tells the page nothing.
    socket.readyState = 3;
    const commands = globalThis.fetch;
    globalThis.fetch = async (url, options) => (options.body ? commands(url, options) : json({ events: [7], shared: 0, own: 0, user: 70 }));
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    shown(true);
    await until(() => Socket.last !== socket && isEmpty());
    assert.deepEqual(heard, [7]);
    // What the old one says late is no longer heard.
    socket.says({ events: [8], shared: 0, own: 0, user: 70 });
    assert.deepEqual(heard, [7]);
  });
});

describe("commands over the socket", () => {
  test("an open socket carries them, with the body that HTTP carries", async () => {
    const { outbox, socket, bodies, told, isEmpty } = page();
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty);
    assert.equal(bodies.length, 0);
    const [{ body }] = socket.sent;
    assert.deepEqual([body.sender, body.kind, body.n, body.value], [70, "rate", 1, 3]);
    assert.deepEqual(told, [3]);
  });

  test("events in the message of a receipt are applied before the receipt", async () => {
    const order = [];
    const onEvents = ({ events }) => order.push(...events.map(({ seq }) => seq)) > 0;
    const { outbox, socket, isEmpty, told } = page({ onEvents });
    const usual = socket.answer;
    socket.answer = (frame) => ({ ...usual(frame), shared: 0, own: 0, events: [{ seq: 1 + told.length }], user: 70 });
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty);
    assert.deepEqual([order, told], [[1], [3]]);
  });

  test("a bug in what takes the events is reported, and the receipt beside them taken", async (t) => {
    const reported = [];
    globalThis.reportError = (error) => reported.push(error.message);
    t.after(() => delete globalThis.reportError);
    const onEvents = ({ events }) => {
      if (events.length) throw new Error("a bug");
      return true;
    };
    const { outbox, socket, isEmpty, told } = page({ onEvents });
    const usual = socket.answer;
    socket.answer = (frame) => ({ ...usual(frame), shared: 0, own: 0, events: [{ seq: 1 }], user: 70 });
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty);
    assert.deepEqual([reported, told], [["a bug"], [3]]);
  });

  test("a refusal is read like one over HTTP", async () => {
    const { outbox, socket, told, isEmpty } = page();
    socket.answer = ({ request }) => ({ request, status: 422, body: { error: "Not like this.", code: "invalid" } });
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty);
    assert.deepEqual(told, ["Not like this."]);
  });

  for (const [what, options] of Object.entries({
    "a socket that is not open": { takes: null },
    "a server that takes none": { takes: 0 },
    "a request that is too large": { takes: 100 },
  })) {
    test(`${what} leaves them to HTTP`, async () => {
      const { outbox, socket, bodies, isEmpty } = page(options);
      outbox.enqueue({ kind: "rate", target: 1, value: 3 });
      await until(isEmpty);
      assert.deepEqual([socket.sent.length, bodies.length], [0, 1]);
    });
  }

  test("without a status, the same command goes over HTTP", async () => {
    const { outbox, socket, bodies, isEmpty } = page();
    socket.answer = ({ request }) => ({ request });
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty);
    assert.equal(bodies[0].id, socket.sent[0].body.id);
  });

  test("a socket that closes before it answers leaves the same command to HTTP", async () => {
    const { outbox, socket, bodies, told, isEmpty } = page();
    socket.answer = () => null;
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(() => socket.sent.length === 1);
    socket.close();
    await until(isEmpty);
    assert.equal(bodies[0].id, socket.sent[0].body.id);
    assert.deepEqual(told, [3]);
  });

  test("after a failure HTTP is asked, until it answers", async () => {
    const { outbox, socket, isEmpty } = page();
    socket.answer = ({ request }) => ({ request, status: 503, body: { error: "The disk is full." } });
    const bodies = serve((sent, count) => (count === 1 ? json({ error: "The disk is full." }, { status: 503 }) : receipts(sent)));
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty);
    assert.deepEqual([socket.sent.length, bodies.length], [1, 2]);
    outbox.enqueue({ kind: "rate", target: 1, value: 4 });
    await until(() => socket.sent.length === 2);
  });
});
