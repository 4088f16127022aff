// The shapes that modules share, as types alone: nothing here runs.

/**
 * @typedef {{id: number, section: number, parent: number|null, kind: string, minutes: number, must_ask: boolean,
 *   state: "unasked"|"asked"|"skipped", asked_at: string|null, asked_by: number|null, skip_reason: number|null,
 *   seconds: number, parked: boolean, added: Added|null}} Question
 * @typedef {{id: string|null, by: number|null, source: number|null, prompt: string, removed: boolean}} Added
 *   of a question added in the call; its follow-ups have no id
 * @typedef {{id: number, title: string, minutes: number, gate: string, is_gate_open: boolean|null,
 *   is_for_candidate: boolean, asker?: number|null}} Section
 * @typedef {{id: number, question: number, kind: string, leads_to: number|null}} Point
 * @typedef {{point: number, panelist: number, at: string}} Tick
 * @typedef {{client_id: string, question: number, text: string, author: number,
 *   ticks: {panelist: number, at: string}[]}} ExtraPoint
 * @typedef {{client_id: string, author: number, text: string, at: string, seen: boolean}} Nudge
 * @typedef {{client_id: string, question: number|null, text: string, is_done: boolean}} LooseEnd
 * @typedef {{value: number|null, flags: string[]}} Rating
 * @typedef {{user: number, name: string, short: string, initials: string, part: string, has_left: boolean}} Seat
 * @typedef {{id: number, status: string, started_at: string|null, ended_at: string|null, minutes: number, scheduled_for?: string, now: string,
 *   call_link?: string, saved_at: string|null, script: number|null, closing: {kind: string, by: string, user: number|null}|null, is_replaced?: boolean,
 *   off?: {words: string, reason: string}|null, may_run_over?: boolean, pause?: Pause, welcome?: number|null}} InterviewState
 * @typedef {{since: string|null, by: string, seconds: number}} Pause  `since` while it goes on; `seconds` of those that are over
 * @typedef {{user: number, panelist: number, name: string, part: string, may_cover: boolean, may_lead: boolean,
 *   is_submitted: boolean, has_keys_on: boolean, time_zone: string|null}} Me
 */

/**
 * The state of the live page. Notes are by question id or "interview", ratings by question id, seats by panelist id.
 * @typedef {{interview: InterviewState, streams: {shared: number, own: number}, me: Me, panel: Record<string, Seat>,
 *   turn: number|null, sections: Section[], questions: Question[], current: {question: number|null, since: string|null},
 *   points: Point[], ticks: Tick[], unlisted: ExtraPoint[], nudges: Nudge[], ratings: Record<string, Rating>,
 *   notes: Record<string, {text: string, revision: number}>, loose_ends: LooseEnd[], urls: Record<string, string>,
 *   files: {id: number, name: string, url: string, is_shown: boolean}[], max_note: number}} State
 */

/**
 * An event of a stream; a pending command is shown as one without a number.
 * @typedef {{kind: string, payload: any, stream?: "shared"|"own", seq?: number, actor?: number}} LiveEvent
 */

/**
 * A request to change something; `before` and `row` stay in this browser. `undoes` is the id of the command it takes back.
 * @typedef {{kind: string, target?: any, value?: any, base_rev?: number|null, before?: string|null, row?: any, was?: string, undoes?: string}} Command
 */

/**
 * One command of an act, by its id, and the commands that bring back what it changes.
 * @typedef {{id: string, kind: string, target?: any, value?: any, back: Command[]}} Step
 */

/**
 * What one key or click did: in words, when (ms), on which card, which card it led to, and which question was being asked
 * then.
 * @typedef {{id: string, at: number, words: string, from: string|null, to: string|null, current: number|null, steps: Step[],
 *   is_undone?: boolean}} Act
 */

/**
 * A command in the journal. `n` counts a page's commands, `at` is when it was done (ms), `since` when it began to wait.
 * `refused` is the server's reason, `is_ours` marks one that this browser gave up, `is_apart` a text that another page
 * left and that is not in a field of this one.
 * @typedef {Command & {target: any, value: any, id: string, client: string, n: number, at: number, since?: number, is_sent?: boolean,
 *   tries?: number, refused?: string, is_ours?: boolean, is_apart?: boolean}} Entry
 */

/**
 * The result of sending: a receipt, a refusal for good, or the reason to try again.
 * @typedef {{answer?: any, refusal?: string, code?: string, reason?: string, wait?: number, words?: string,
 *   blame?: string, isWhole?: boolean}} Outcome
 */

/**
 * The part of a Response that the outbox reads, so that a socket's answer is read like one over HTTP.
 * @typedef {{status: number, type: string, headers: Headers, json: () => Promise<any>}} Reply
 */

/**
 * @typedef {{used: number, planned: number}} Span  in minutes
 * @typedef {{question: Span|null, section: (Span & {title: string})|null, call: Span, welcome: number, isWelcome: boolean,
 *   isPaused: boolean, left: number, remaining: number, late: number, paused: number, lost: number,
 *   gate: {minutes: number}|null, reserved: number, behind: number, spare: number, over: number, drop: {id: number, minutes: number}[]}} Pace
 */

/**
 * An event whose target is an element; which one, its selector says.
 * @typedef {Event & {target: any, detail: any}} ElementEvent
 */

export {};
