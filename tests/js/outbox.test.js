import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, receipts, serve, until } from "./browser.js";

const { createClock } = await import("../../static/js/outbox/clock.js");
const { createOutbox } = await import("../../static/js/outbox/outbox.js");
const { uuid } = await import("../../static/js/outbox/uuid.js");

function outboxWith(options = {}) {
  const told = { receipts: [], refused: [] };
  const outbox = createOutbox({
    url: "/commands/",
    sender: 70,
    interview: 5,
    savedAt: "2026-03-02T09:59:00+00:00",
    onReceipt: (entry) => told.receipts.push(entry.value),
    onRefused: (entry, words, isEarly) => told.refused.push([entry.value, words, isEarly]),
    ...options,
  });
  return { outbox, told };
}

const isEmpty = (outbox) => () => outbox.waiting().length === 0;
const values = (body) => (body.commands ?? [body]).map(({ value }) => value);
const commandsOf = (bodies) => bodies.flatMap((body) => body.commands ?? [body]);

describe("a bug in what listens", () => {
  test("is reported; the command has its receipt all the same, and the next one goes", async (t) => {
    const reported = [];
    globalThis.reportError = (error) => reported.push(error.message);
    t.after(() => delete globalThis.reportError);
    const bodies = serve(receipts);
    const { outbox } = outboxWith({
      onReceipt() {
        throw new Error("a bug");
      },
    });
    for (const value of [1, 2]) {
      outbox.enqueue({ kind: "rate", target: 1, value });
      await until(isEmpty(outbox));
    }
    assert.deepEqual([bodies.map(values), reported, outbox.status().reason], [[[1], [2]], ["a bug", "a bug"], null]);
  });
});

describe("order", () => {
  test("what is done in one go travels in one request, in order, numbered from 1, with the CSRF token", async () => {
    const bodies = serve(receipts);
    const { outbox, told } = outboxWith();
    for (const value of [1, 2, 3]) outbox.enqueue({ kind: "rate", target: value, value });
    await until(isEmpty(outbox));
    assert.deepEqual(bodies.map(values), [[1, 2, 3]]);
    assert.deepEqual(
      bodies[0].commands.map(({ n }) => n),
      [1, 2, 3],
    );
    assert.equal(bodies[0].token, "abc");
    assert.deepEqual(told.receipts, [1, 2, 3]);
  });

  test("a later command waits for the one before", async () => {
    let answer;
    const bodies = serve((sent) => new Promise((resolve) => (answer = () => resolve(receipts(sent)))));
    const { outbox } = outboxWith();
    outbox.enqueue({ kind: "rate", target: 1, value: 1 });
    await until(() => bodies.length === 1);
    outbox.enqueue({ kind: "rate", target: 1, value: 2 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(bodies.length, 1);
    answer();
    await until(() => bodies.length === 2);
    answer();
    await until(isEmpty(outbox));
    assert.deepEqual(bodies.map(values), [[1], [2]]);
  });

  test("a newer text replaces an older one that was not sent, and no other command", async () => {
    const bodies = serve(receipts);
    const { outbox } = outboxWith();
    outbox.enqueue({ kind: "note", target: 1, value: "a", base_rev: 0 });
    outbox.enqueue({ kind: "note", target: 2, value: "b", base_rev: 0 });
    outbox.enqueue({ kind: "note", target: 1, value: "ab", base_rev: 0 });
    outbox.enqueue({ kind: "rate", target: 1, value: 1 });
    outbox.enqueue({ kind: "rate", target: 1, value: 2 });
    await until(isEmpty(outbox));
    assert.deepEqual(
      commandsOf(bodies).map(({ value }) => value),
      ["ab", "b", 1, 2],
    );
  });

  test("the first change of a text goes at once, the next when the keys rest, or when it is released", async () => {
    const bodies = serve(receipts);
    const { outbox } = outboxWith();
    outbox.enqueue({ kind: "note", target: 1, value: "a" }, { isTyping: true });
    await until(isEmpty(outbox));
    for (const value of ["ab", "abc"]) outbox.enqueue({ kind: "note", target: 1, value }, { isTyping: true });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.deepEqual(bodies.map(values), [["a"]]);
    outbox.release();
    await until(isEmpty(outbox));
    assert.deepEqual(bodies.map(values), [["a"], ["abc"]]);
  });

  test("what is typed during a request waits for its answer, and for the keys to rest", async () => {
    let answer;
    const bodies = serve((sent) => new Promise((resolve) => (answer = () => resolve(receipts(sent)))));
    const { outbox } = outboxWith();
    outbox.enqueue({ kind: "note", target: 1, value: "a" }, { isTyping: true });
    await until(() => bodies.length === 1);
    outbox.enqueue({ kind: "note", target: 1, value: "ab" }, { isTyping: true });
    answer();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(bodies.length, 1);
    await until(() => bodies.length === 2);
    answer();
    await until(isEmpty(outbox));
    assert.deepEqual(bodies.map(values), [["a"], ["ab"]]);
  });
});

describe("withdrawing", () => {
  test("what a burst of keys did is not sent, and its numbers are free or named as missing", async () => {
    const bodies = serve(receipts);
    const { outbox } = outboxWith();
    const withdraw = outbox.provisionally(() => outbox.enqueue({ kind: "rate", target: 1, value: 1 }), 1_000);
    outbox.enqueue({ kind: "rate", target: 2, value: 2 });
    withdraw();
    await until(isEmpty(outbox));
    assert.deepEqual(bodies.map(values), [[2]]);
    assert.deepEqual(outbox.before(), { last_n: 2, without: [1] });
  });

  test("after a moment it is sent by itself", async () => {
    const bodies = serve(receipts);
    const { outbox } = outboxWith();
    outbox.provisionally(() => outbox.enqueue({ kind: "rate", target: 1, value: 1 }), 20);
    await until(isEmpty(outbox));
    assert.deepEqual(bodies.map(values), [[1]]);
  });
});

describe("answers", () => {
  test("only its own receipt takes a command out of the queue", async () => {
    const bodies = serve((sent, count) => (count === 1 ? json({ receipt: uuid() }) : receipts(sent)));
    const { outbox, told } = outboxWith();
    outbox.enqueue({ kind: "rate", target: 1, value: 3 });
    await until(isEmpty(outbox));
    assert.equal(bodies.length, 2);
    assert.equal(bodies[0].id, bodies[1].id);
    assert.deepEqual(told.receipts, [3]);
  });

  test("a refusal with a reason is final, and what is behind it goes on", async () => {
    const refuse = ({ id, value }) =>
      value === 1 ? { id, error: "Not like this.", code: "invalid" } : { receipt: id, at: "", result: {} };
    serve((sent) => (sent.commands ? json({ answers: sent.commands.map(refuse), receipts: [], now: "" }) : json(refuse(sent))));
    const { outbox, told } = outboxWith();
    outbox.enqueue({ kind: "rate", target: 1, value: 1 });
    outbox.enqueue({ kind: "rate", target: 2, value: 2 });
    await until(isEmpty(outbox));
    assert.deepEqual(told, { receipts: [2], refused: [[1, "Not like this.", false]] });
    assert.deepEqual(outbox.before(), { last_n: 2, without: [1] });
    outbox.dismiss(outbox.refused()[0]);
    assert.deepEqual(outbox.refused(), []);
  });

  test("one that came before something that is missing may be given again", async () => {
    serve(() => json({ error: "One change has not arrived.", code: "missing" }, { status: 409 }));
    const { outbox, told } = outboxWith();
    outbox.enqueue({ kind: "submit", value: {} });
    await until(isEmpty(outbox));
    assert.deepEqual(told.refused, [[{}, "One change has not arrived.", true]]);
    assert.deepEqual(outbox.refused(), []);
  });

  for (const [what, response, reason] of [
    ["a proxy's page refuses nothing", () => new Response("<h1>No</h1>", { status: 404 }), "unreachable"],
    ["an error of the server", () => new Response("", { status: 500 }), "unreachable"],
    ["a busy server", () => json({}, { status: 429, headers: { "Retry-After": "1" } }), "busy"],
    ["an outage in words", () => json({ error: "Its disk is full." }, { status: 503 }), "outage"],
    ["nobody is signed in", () => json({ error: "Sign in again." }, { status: 401 }), "signed-out"],
  ]) {
    test(`${what}: the change waits, and is sent again with the same id`, async () => {
      let isOut = true;
      const bodies = serve((sent) => (isOut ? response() : receipts(sent)));
      const { outbox, told } = outboxWith();
      outbox.enqueue({ kind: "rate", target: 1, value: 3 });
      await until(() => outbox.status().reason === reason);
      assert.equal(outbox.status().waiting, 1);
      isOut = false;
      if (reason === "signed-out") outbox.signedIn(true);
      else outbox.flush();
      await until(isEmpty(outbox));
      assert.deepEqual(told, { receipts: [3], refused: [] });
      assert.equal(new Set(bodies.map(({ id }) => id)).size, 1);
      assert.equal(outbox.status().reason, null);
    });
  }

  test("a long text whose answer was lost is asked for by its id before it is sent again", async () => {
    let isOut = true;
    const bodies = serve((sent) => {
      if (isOut) throw new Error("no network");
      return sent.receipts ? json({ answers: [], receipts: [{ receipt: sent.receipts[0], at: "", result: {} }], now: "" }) : receipts(sent);
    });
    const { outbox, told } = outboxWith();
    outbox.enqueue({ kind: "note", target: 1, value: "long ".repeat(1_000), base_rev: 0 });
    await until(() => outbox.status().reason === "unreachable");
    isOut = false;
    outbox.flush();
    await until(isEmpty(outbox));
    assert.equal(told.receipts.length, 1);
    assert.deepEqual(
      bodies.map((body) => body.receipts?.length ?? 0),
      [0, 1],
    );
  });

  test("offline is said, whatever the last answer was", () => {
    const { outbox } = outboxWith();
    navigator.onLine = false;
    assert.equal(outbox.status().reason, "offline");
    navigator.onLine = true;
  });

  test("a note typed while the one before is on its way goes on from the revision that the server has", async () => {
    let answer;
    const bodies = serve(
      (sent) => new Promise((resolve) => (answer = () => resolve(json({ receipt: sent.id, at: "", result: { revision: 8 } })))),
    );
    const { outbox } = outboxWith();
    outbox.enqueue({ kind: "note", target: 1, value: "a", base_rev: 7 });
    await until(() => bodies.length === 1);
    outbox.enqueue({ kind: "note", target: 1, value: "ab", base_rev: 7 });
    answer();
    await until(() => bodies.length === 2);
    answer();
    await until(isEmpty(outbox));
    assert.deepEqual(
      bodies.map(({ base_rev }) => base_rev),
      [7, 8],
    );
  });
});

describe("without IndexedDB", () => {
  test("it is said that changes are not stored", async () => {
    serve(receipts);
    const { outbox } = outboxWith();
    outbox.enqueue({ kind: "rate", target: 1, value: 1 });
    await until(() => !outbox.status().isStored);
    await until(isEmpty(outbox));
  });

  test("drafts and texts that are too long are counted apart", () => {
    const { outbox } = outboxWith();
    outbox.persistDraft("end", { text: "half a line" });
    outbox.persistDraft("note-1", { text: "long", isTooLong: true });
    assert.deepEqual([outbox.status().unsent, outbox.status().tooLong], [1, 1]);
    outbox.persistDraft("end", null);
    assert.deepEqual([outbox.status().unsent, outbox.status().tooLong], [0, 1]);
  });
});

describe("createClock", () => {
  test("is corrected forwards only", () => {
    const clock = createClock("2026-03-02T10:00:00Z");
    clock.correct("2026-03-02T11:00:00Z");
    clock.correct("2026-03-02T09:00:00Z");
    clock.correct(undefined);
    assert.ok(Math.abs(clock.now() - Date.parse("2026-03-02T11:00:00Z")) < 1_000);
  });

  test("shows the server's time, however the device's clock jumps", (context) => {
    const clock = createClock("2026-03-02T10:00:00Z");
    const done = clock.now();
    context.mock.method(Date, "now", () => Date.parse("2031-01-01T00:00:00Z"));
    assert.ok(Math.abs(clock.now() - Date.parse("2026-03-02T10:00:00Z")) < 1_000);
    // So the age of what was done offline is true.
    assert.ok(clock.now() - done < 1_000);
  });
});

describe("uuid", () => {
  test("is a random UUID of version 4", () => {
    assert.match(uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(uuid(), uuid());
  });
});
