// An executor for Holdfast in JavaScript for Node 20 or newer, without any dependency:
//
//   HOLDFAST_URL=http://127.0.0.1:7400 HOLDFAST_KEY=hfk_... node executor.mjs
//
// It runs the turns of external workers over HTTP. README.md, beside this file, explains the protocol. Copy what you need.
// Your agent goes where "PUT YOUR MODEL CALL HERE" stands; the rest is what makes it survive crashes.

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

// ------------------------------------------------------------------------------------------------------------- The agent

/**
 * One step of a turn. It keeps nothing between two calls: all it knows is the context, so that any executor can go on where
 * another one died, from the last checkpoint on.
 *
 * @param context everything that a model is to see, in order, as {role, content}; it ends with what this turn has said and
 *   taken in so far
 * @param output output.say(piece) takes the answer while it comes; it throws Stopped when nobody wants it any more
 * @param signal aborted in that case, too: pass it on to your model call
 * @returns {text, last}: what the step said, and whether the turn would end with it
 */
async function step(context, output, signal) {
  // >>> PUT YOUR MODEL CALL HERE. Say each piece as it comes, answer the whole text, and say whether that was all.
  // >>> With --model NAME it is the model of the node that speaks: see callModel.
  if (options.model) return callModel(context, output, signal);
  // Without a model the agent repeats what it was told, in two steps: how much it heard, then the words.
  if (context.at(-1).role !== 'assistant') {
    return { text: await repeat(`Heard ${words(heard(context)).length} words.\n`, output, signal), last: false };
  }
  return { text: await repeat(`You said: ${heard(context)}`, output, signal), last: true };
}

/** What was said to the agent since its last answer. */
function heard(context) {
  let told = [];
  for (const { role, content } of context) {
    if (role === 'user' || (role === 'system' && content.startsWith('Wake from '))) told.push(content);
    else if (content.startsWith('You said: ')) told = [];
  }
  return told.join(' ');
}

async function repeat(text, output, signal) {
  for (const word of words(text)) {
    output.say(word);
    await sleep(options.pauseMs, undefined, { signal });
  }
  return text;
}

/** Words with the space before them; a very long one in pieces. */
function words(text) {
  return text.match(/\s*\S{1,1000}|\s+/gu) ?? [];
}

/** A model of the node, or of anything else that speaks the OpenAI API. What may pass is tried again, twice. */
async function callModel(context, output, signal) {
  for (const pauseMs of [250, 1000, undefined]) {
    try {
      return await streamed(context, output, signal);
    } catch (e) {
      output.session.check(); // A call that we ended ourselves is not made again.
      if (e instanceof Failed) throw e;
      if (pauseMs === undefined) throw new Failed('failed', 'provider_failed', 'the model call failed');
      log(`model call failed, trying again: ${e.message}`);
      output.rewind();
      await sleep(pauseMs);
    }
  }
}

async function streamed(context, output, signal) {
  const response = await request('POST', '/v1/chat/completions',
    { model: options.model, stream: true, messages: context }, signal);
  if (!response.ok) {
    const code = (await response.json()).error?.code;
    if (response.status === 429 || response.status >= 500) throw new NoAnswer(`the model answered ${code}`);
    throw new Failed('failed', code === 'model_not_found' ? code : 'provider_failed', `the model call was refused: ${code}`);
  }
  let finish;
  let rest = '';
  for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + bytes).split('\n');
    rest = lines.pop();
    for (const line of lines.map((each) => each.trimEnd())) {
      if (line === 'data: [DONE]') return finished(finish, output);
      if (!line.startsWith('data: {')) continue;
      const chunk = JSON.parse(line.slice(6));
      if (chunk.error) throw new NoAnswer(`the model's answer was cut: ${chunk.error.code}`);
      for (const choice of chunk.choices ?? []) {
        if (choice.delta?.content) output.say(choice.delta.content);
        finish = choice.finish_reason ?? finish;
      }
    }
  }
  throw new NoAnswer("the model's answer was cut");
}

function finished(finish, output) {
  if (finish === 'length') throw new Failed('incomplete', 'max_output_tokens');
  if (finish === 'content_filter') throw new Failed('incomplete', 'content_filtered');
  return { text: output.said, last: true };
}

// ---------------------------------------------------------------------------------------------------------- The executor

/** New with every start of the process: a predecessor's lease is not ours. */
const incarnation = randomUUID();
const running = new Map();
const stopping = new AbortController();
let options;
let owner;

async function main() {
  options = readOptions();
  for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => stopping.abort());
  setMaxListeners(0, stopping.signal); // Every session listens to it, which is no leak.
  try {
    const me = await patiently(() => send('GET', '/api/v1/whoami'));
    owner = `${me.key_id}:${options.name}`; // An owner's id begins with the id of its key.
    log(`works as ${owner} at ${options.url}`);
    while (!stopping.signal.aborted) {
      if (running.size >= options.sessions) await Promise.race([...running.values()]);
      const session = await awaitWork();
      if (session && !running.has(session)) running.set(session, serve(session).finally(() => running.delete(session)));
      else if (session) await sleep(50);
    }
  } catch (e) {
    if (!stopping.signal.aborted) {
      log(e.message); // A wrong key or role: no waiting helps.
      process.exitCode = 1;
      stopping.abort();
    }
  }
  // SIGTERM: each session stops producing and gives its lease back, so that another executor goes on at once, at no turn's cost.
  await Promise.race([Promise.allSettled([...running.values()]), sleep(10_000)]);
  process.exit();
}

/** A session that has something to do. Hints come at least once and to everybody, so each takes one at random. */
async function awaitWork() {
  const { items } = await patiently(() =>
    send('GET', '/api/v1/executor/work?wait_ms=20000&limit=64', undefined, 30_000, stopping.signal));
  return items[Math.floor(Math.random() * items.length)]?.session_id;
}

/** Takes the session, does what comes next in it, and gives it back. */
async function serve(id) {
  let session;
  try {
    const lease = await patiently(() => send('POST', `/api/v1/sessions/${id}/lease`,
      { owner_id: owner, incarnation_id: incarnation, ttl_ms: options.ttlMs }));
    session = new Session(id, lease.fence);
    await session.work();
  } catch (e) {
    if (e instanceof Lost) {
      log(`${id}: lost, the lease ran out or was taken over: ${e.message}`);
    } else if (e instanceof Refused) {
      // Somebody else was faster: that is how it should be.
      if (e.reason !== 'lease_busy') log(`${id}: ${e.message}`);
      await sleep(200);
    } else if (!stopping.signal.aborted) {
      log(`${id}: left, its lease will end by itself: ${e.stack}`);
    }
  } finally {
    session?.close();
  }
}

// ----------------------------------------------------------------------------------------------------------- One session

/** Refusals that mean: this turn, or this session, is not ours any more. */
const LOSSES = new Set(['lease_expired', 'attempt_superseded', 'turn_ended', 'turn_not_found', 'cancel_overdue',
  'turn_deadline_exceeded', 'session_binding_mismatch', 'claim_superseded', 'output_gap']);

/** A session that we hold. Its lease is renewed in the background, and its loss ends everything. */
class Session {
  lost;
  cancelled = false;
  #closed = false;
  #held = [];
  #validUntil = performance.now() + options.ttlMs;
  #ending = new AbortController();
  /** Aborted when there is a reason to stop producing. */
  signal = AbortSignal.any([this.#ending.signal, stopping.signal]);

  constructor(id, fence) {
    this.id = id;
    this.path = `/api/v1/sessions/${id}`;
    this.fence = fence;
    this.#guard();
  }

  async #guard() {
    try {
      for (await this.#pause(); !this.#closed; await this.#pause()) await this.renew();
    } catch (e) {
      this.lose(e.message); // Any refused renewal means that the lease is lost.
    }
  }

  #pause() {
    return sleep(options.renewMs, undefined, { ref: false });
  }

  async renew() {
    const asked = performance.now();
    await this.call(`${this.path}/lease/renew`, { ttl_ms: options.ttlMs });
    this.#validUntil = asked + options.ttlMs;
  }

  /**
   * A call with our fence. Where no answer comes it is made again, just the same: the node knows each of these calls by what
   * stands in it (the claim, the number of the output, the commit's stamp), so that none of them takes effect twice. It is
   * tried as long as the lease lives.
   */
  call(path, body = {}) {
    return this.repeated(() => send('POST', path, { fence: this.fence, ...body }, patienceMs()));
  }

  async repeated(call) {
    for (let tries = 0; ; tries++) {
      if (this.lost) throw new Lost(this.lost);
      try {
        const answer = await call();
        if (answer.cancel) {
          this.cancelled = true;
          this.#ending.abort();
        }
        return answer;
      } catch (e) {
        if (e instanceof Refused && LOSSES.has(e.reason)) throw this.lose(e.message);
        if (!(e instanceof NoAnswer)) throw e;
        if (performance.now() > this.#validUntil) throw this.lose(`no answer within the lease's time: ${e.message}`);
        await sleep(e.pauseMs(tries));
      }
    }
  }

  lose(why) {
    if (!this.#closed) {
      this.lost = why;
      this.#ending.abort();
    }
    return new Lost(why);
  }

  /** Throws when there is a reason to stop producing. */
  check() {
    if (this.signal.aborted) throw new Stopped();
  }

  /** Ends the renewals. What is called now is repeated as long as the lease lives by itself. */
  close() {
    this.#closed = true;
  }

  /** Applies the commands that come first, then runs one turn. Each turn's commit gives the session back. */
  async work() {
    while (true) {
      const work = stopping.signal.aborted ? { kind: 'none' } : await this.call(`${this.path}/next-work`);
      switch (work.kind) {
        case 'command':
          await this.#apply(work);
          break;
        case 'settle':
          // The turn is to end without another model call: it was cancelled, is too old, or died too often.
          await this.commit({ turn_id: work.turn_id, attempt: work.attempt, outcome: work.outcome,
            outcome_reason: work.outcome_reason, completed: [work.claim], release: true });
          log(`${this.id}: ${work.turn_id} settled as ${work.outcome}`);
          return;
        case 'turn':
          await new Turn(this, work).run();
          return;
        default:
          await this.release();
          await sleep(100); // Hints can be stale; no hurry then.
          return;
      }
    }
  }

  /** The node knows what its commands do; we refresh what we keep of tools and context, here nothing, and complete it. */
  async #apply({ claim, batch }) {
    log(`${this.id}: applies ${batch.items[0].kind}`);
    try {
      // This commit has no stamp that would make it repeatable.
      await send('POST', `${this.path}/commits`, { fence: this.fence, completed: [claim] }, patienceMs());
    } catch (e) {
      if (!(e instanceof NoAnswer)) throw e;
      await sleep(e.pauseMs(0)); // So we ask for the next work: the same command again, if it is still to be done.
    }
  }

  /** Gives the session back. An open turn's attempt is handed over, which is no failure of it. */
  async release() {
    await this.call(`${this.path}/lease/release`);
  }

  async commit(body) {
    const answer = await this.call(`${this.path}/commits`, body);
    this.#held = [];
    return answer;
  }

  /** What waits for this checkpoint: inputs for the open turn, then wakes. The next commit completes these claims. */
  async claimAt(kind, turn) {
    const { inputs, wakes } =
      await this.call(`${this.path}/checkpoint-claims`, { turn_id: turn.id, attempt: turn.attempt, kind });
    for (const family of [inputs, wakes]) if (family) this.#held.push(family.claim);
    return [...this.#held];
  }

  /** Gives back what was taken at a checkpoint and not committed; what a turn began with stays the turn's. */
  async abandon() {
    for (const { claim_id, claim_token } of this.#held) {
      try {
        await send('POST', `${this.path}/abandon`, { fence: this.fence, claim_id, claim_token }, patienceMs());
      } catch {
        // Then it ends with the lease's generation.
      }
    }
    this.#held = [];
  }
}

/** One attempt of a turn: steps with a checkpoint behind each, and one commit that ends the turn. */
class Turn {
  #start;
  #output;
  #commits;

  constructor(session, { turn, attempt, claim }) {
    this.session = session;
    this.id = turn.turn_id;
    this.attempt = attempt.number;
    this.#commits = attempt.commits;
    this.#start = claim;
    this.#output = new Output(session, this, attempt.last_output_seq);
  }

  async run() {
    const { session } = this;
    // We have written to this attempt before and lost our way in it. A new attempt tells the readers what to drop.
    if (this.#output.last > 1) return session.release();
    try {
      await this.#steps();
    } catch (e) {
      if (e instanceof Refused) throw e;
      // What breaks in the agent because it is to stop, as a call that was aborted, is no failure.
      if (!(e instanceof Lost || session.signal.aborted)) return this.#failed(e);
      await session.abandon();
      if (e instanceof Lost || session.lost) throw new Lost(session.lost ?? e.message);
      if (session.cancelled) return this.#cancel();
      await this.#output.flush();
      await session.release();
      log(`${session.id}: ${this.id} handed over`);
    }
  }

  async #steps() {
    const { session } = this;
    while (true) {
      session.check();
      const { text, last } = await step(await this.#context(), this.#output, session.signal);
      await this.#output.flush();
      session.check();
      const completed = await session.claimAt(last ? 'before_completion' : 'after_work', this);
      session.check();
      if (last && completed.length === 0) return this.#end({ outcome: 'completed' }, text, 'final');
      // Behind this commit nobody has to repeat the step, and what was taken in belongs to the turn.
      const done = await session.commit({ turn_id: this.id, attempt: this.attempt, commit_no: ++this.#commits,
        entries: entries(text, 'final'), completed, usage: usage(text), last_output_seq: this.#output.last });
      this.#output.behindCheckpoint(done.last_output_seq);
    }
  }

  async #context() {
    try {
      const path = `${this.session.path}/context?turn_id=${this.id}`;
      return (await this.session.repeated(() => send('GET', path, undefined, patienceMs()))).items;
    } catch (e) {
      throw e.reason === 'context_too_large' ? new Failed('failed', e.reason) : e;
    }
  }

  /** The commit that ends the turn. Its stamp is the turn's: made again it answers what it answered first. */
  async #end(outcome, text, status) {
    const { session } = this;
    await this.#output.flush();
    await session.renew(); // A last look whether the session is ours, before anything is final.
    session.close(); // The commit gives the lease back: a renewal behind it would take that for a loss.
    try {
      await session.commit({ turn_id: this.id, attempt: this.attempt, ...outcome,
        entries: text.trim() ? entries(text, status) : [], completed: [this.#start], usage: usage(text),
        last_output_seq: this.#output.last, release: true });
      log(`${session.id}: ${this.id} ${outcome.outcome}`);
    } catch (e) {
      if (e.reason !== 'cancel_won') throw e;
      await this.#cancel(); // The request to cancel came before our commit.
    }
  }

  #failed(e) {
    const why = e instanceof Failed ? e : new Failed('failed', 'executor_failed', e.name);
    return this.#end({ outcome: why.outcome, outcome_reason: why.reason, note: why.note }, this.#output.said, 'partial');
  }

  /** We have stopped: say so, and end the turn as cancelled with what there is of an answer. */
  async #cancel() {
    await this.session.call(`${this.session.path}/cancel-ack`, { turn_id: this.id });
    await this.#end({ outcome: 'cancelled' }, this.#output.said, 'partial');
  }
}

function entries(content, status) {
  return [{ role: 'assistant', content, status }];
}

/** Real agents pass on what their provider counts. */
function usage(text) {
  return { input_tokens: 0, output_tokens: words(text).length };
}

const GATHER_MS = 25;
const MAX_RECORDS = 256;
const MAX_CHARACTERS = 32 * 1024;
const MAX_DELTA = 16 * 1024;

/** A turn's output: gathered for 25 ms and appended in groups, so that a fast model doesn't make a call for each token. */
class Output {
  /** The number of the newest record that is durable. */
  last;
  /** What was said since the last checkpoint. */
  said = '';
  #turn;
  #waiting = [];
  #appending;
  #kept = 1;

  constructor(session, turn, last) {
    this.session = session;
    this.#turn = turn;
    this.last = last;
  }

  say(text) {
    this.session.check();
    this.said += text;
    for (let from = 0; from < text.length;) {
      let to = Math.min(from + MAX_DELTA, text.length);
      // A character of two halves stays whole.
      if (to < text.length && /[\uD800-\uDBFF]/.test(text[to - 1])) to--;
      this.#add({ kind: 'delta', text: text.slice(from, to) });
      from = to;
    }
  }

  /** The step begins again: readers drop what it has said. What is behind a checkpoint stays. */
  rewind() {
    this.said = '';
    this.#add({ kind: 'rewound', keep_until: { attempt: this.#turn.attempt, seq: this.#kept } });
  }

  #add(record) {
    this.#waiting.push(record);
    this.#appending ??= this.#append();
  }

  async #append() {
    try {
      for (await sleep(GATHER_MS); this.#waiting.length > 0; await sleep(GATHER_MS)) {
        // The numbers are part of the request: a repeated append adds nothing that is there already.
        const records = this.#group();
        await this.session.call(`/api/v1/turns/${this.#turn.id}/output`,
          { attempt: this.#turn.attempt, first_seq: this.last + 1, records });
        this.last += records.length;
      }
    } catch (e) {
      this.#waiting = [];
      this.session.lose(e.message);
    } finally {
      this.#appending = undefined;
    }
  }

  #group() {
    let count = 0;
    for (let characters = 0; count < this.#waiting.length && count < MAX_RECORDS && characters < MAX_CHARACTERS; count++) {
      characters += this.#waiting[count].text?.length ?? 0;
    }
    return this.#waiting.splice(0, count);
  }

  /** Waits until everything is durable. */
  async flush() {
    while (this.#appending) await this.#appending;
    if (this.session.lost) throw new Lost(this.session.lost);
  }

  behindCheckpoint(seq) {
    this.last = seq;
    this.#kept = seq;
    this.said = '';
  }
}

// ------------------------------------------------------------------------------------------------------------------ Calls

/** The node said no, and why; its text is made for people. */
class Refused extends Error {
  constructor(call, status, problem) {
    super(`${call} was refused: ${problem.reason} (${status}), ${problem.title}`);
    this.reason = problem.reason;
  }
}

/** No answer, or one that asks to come back: whether the call took effect isn't known. */
class NoAnswer extends Error {
  afterMs = 0;

  /** Longer with each try, up to a second, unless the node named a time. */
  pauseMs(tries) {
    return this.afterMs || Math.min(1000, 50 * 2 ** tries);
  }
}

/** The session is somebody else's now, or nobody's. */
class Lost extends Error {}

/** Thrown into the agent when nobody wants its answer any more: lost, cancelled, or handing over. */
class Stopped extends Error {}

/** The turn has to end otherwise than completed. */
class Failed extends Error {
  constructor(outcome, reason, note) {
    super(reason);
    Object.assign(this, { outcome, reason, note });
  }
}

function request(method, path, body, signal) {
  return fetch(options.url + path, { method, signal, body: body && JSON.stringify(body),
    headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' } });
}

function patienceMs() {
  return Math.min(10_000, Math.max(200, options.ttlMs / 2));
}

async function send(method, path, body, patience = 10_000, signal = undefined) {
  let response;
  let text;
  try {
    const timeout = AbortSignal.timeout(patience);
    response = await request(method, path, body, signal ? AbortSignal.any([timeout, signal]) : timeout);
    text = await response.text();
  } catch (e) {
    throw new NoAnswer(`${method} ${path}: ${e.cause?.message ?? e.message}`);
  }
  const members = text ? JSON.parse(text) : {};
  if (response.ok) return members;
  const refusal = new Refused(`${method} ${path}`, response.status, members);
  if (response.status !== 429 && response.status < 500) throw refusal;
  const again = new NoAnswer(refusal.message);
  if (response.status === 429) again.afterMs = 1000 * (Number(response.headers.get('retry-after')) || 1);
  throw again;
}

/** A call without a lease: made until it is answered, or until we stop. */
async function patiently(call) {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (e) {
      if (!(e instanceof NoAnswer) || stopping.signal.aborted) throw e;
      if (tries % 10 === 0) log(`waits for the node: ${e.message}`);
      await sleep(e.pauseMs(tries), undefined, { signal: stopping.signal });
    }
  }
}

function log(message) {
  console.error(`executor: ${message}`);
}

/** How it was started. The renewal interval is at most a third of the lease's time. */
function readOptions() {
  const number = (fallback) => ({ type: 'string', default: String(fallback) });
  try {
    const { values } = parseArgs({ options: {
      name: { type: 'string', default: 'node' }, sessions: number(8), 'ttl-ms': number(30_000),
      'renew-ms': number(0), 'pause-ms': number(50), model: { type: 'string' },
    } });
    if (!process.env.HOLDFAST_KEY) throw new Error('HOLDFAST_KEY is not set');
    const ttlMs = Number(values['ttl-ms']);
    const renewMs = Number(values['renew-ms']) || ttlMs / 3;
    if (renewMs * 3 > ttlMs) throw new Error(`--renew-ms ${renewMs} is more than a third of --ttl-ms ${ttlMs}`);
    return { url: process.env.HOLDFAST_URL ?? 'http://127.0.0.1:7400', key: process.env.HOLDFAST_KEY.trim(),
      name: values.name, sessions: Number(values.sessions), ttlMs, renewMs,
      pauseMs: Number(values['pause-ms']), model: values.model };
  } catch (e) {
    console.error(`executor: ${e.message}
usage: node executor.mjs [--name NAME] [--sessions N] [--ttl-ms N] [--renew-ms N] [--pause-ms N] [--model NAME]
The environment names the node: HOLDFAST_URL (default http://127.0.0.1:7400) and HOLDFAST_KEY, a key of the role executor.`);
    process.exit(2);
  }
}

await main();
