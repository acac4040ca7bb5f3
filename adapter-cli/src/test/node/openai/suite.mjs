// The official client for JavaScript, talking to a node. What to do is the first argument:
//   all MODEL PREFIX WORDS       everything but a restart; MODEL answers with so many words that begin with PREFIX
//   begin MODEL                  begins a response in the background that its model server holds, tells what it has seen
//   resume ID SEEN PREFIX WORDS  goes on behind the event SEEN, to the end, and reads all again
// HOLDFAST_URL and HOLDFAST_KEY say where. It prints a line per part; whatever is wrong ends it with an error.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.HOLDFAST_URL}/v1`,
  apiKey: process.env.HOLDFAST_KEY,
  maxRetries: 0,
});

const say = (text) => [{ role: 'user', content: text }];
const words = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}${i + 1} `).join('');
const dense = (events, from) =>
  events.forEach((event, i) => assert.equal(event.sequence_number, from + i));

async function collected(stream) {
  const events = [];
  for await (const event of stream) {
    events.push(event);
  }
  return events;
}

const parts = {
  async models(model) {
    const names = (await client.models.list()).data.map((one) => one.id);
    assert(names.includes(model) && names.includes('scripted'), names.join());
    assert.equal((await client.models.retrieve(model)).id, model);
  },

  async chat(model) {
    const answer = await client.chat.completions.create({ model, messages: say('hi'), unheard_of: 7 });
    assert.equal(answer.choices[0].message.content, 'whole');
    assert.equal(answer.model, model);
    assert.equal(answer.usage.total_tokens, 2);
  },

  async stream(model, prefix, count) {
    const chunks = await collected(await client.chat.completions.create({ model, messages: say('hi'), stream: true }));
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), words(prefix, count));
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    assert(chunks.every((chunk) => chunk.model === model));
  },

  async tools(model) {
    const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', 'x-unheard-of': 1 } } };
    const answer = await client.chat.completions.create({ model, messages: say('hi'), tools: [weather] });
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.deepEqual(answer.choices[0].message.tool_calls[0].function, { name: 'weather', arguments: '{"town":"Oslo"}' });
  },

  async embeddings(model) {
    // Left alone, the client asks for base64 and decodes it.
    for (const more of [{}, { encoding_format: 'float' }]) {
      const answer = await client.embeddings.create({ model, input: 'a text', ...more });
      assert.deepEqual([...answer.data[0].embedding], [0.25, -1.5]);
      assert.equal(answer.model, model);
    }
  },

  async errors(model) {
    const ask = (asked, text, more = {}) =>
      client.chat.completions.create({ model: asked, messages: say(text), ...more });
    await assert.rejects(ask('unknown', 'hi'), (e) => e instanceof OpenAI.NotFoundError && e.code === 'model_not_found');
    await assert.rejects(ask(model, 'status:400'), (e) => e instanceof OpenAI.BadRequestError && e.code === 'asked_for');
    await assert.rejects(ask(model, 'status:429'), OpenAI.RateLimitError);
    await assert.rejects(ask(model, 'status:500'), OpenAI.InternalServerError);
    await assert.rejects(client.responses.retrieve('resp_unknown'), OpenAI.NotFoundError);
    const stranger = new OpenAI({ baseURL: client.baseURL, apiKey: 'hfk_wrong', maxRetries: 0 });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
    const cut = await ask('scripted', 'hi', { stream: true, scripted: { cut_after: 2, delay_ms: 0 } });
    await assert.rejects(collected(cut), (e) => e instanceof OpenAI.APIError && e.code === 'upstream_cut');
  },

  async leaving(model) {
    const stream = await client.chat.completions.create({ model, messages: say('hold:3'), stream: true });
    for await (const chunk of stream) {
      assert(chunk.choices.length > 0);
      break;
    }
    stream.controller.abort();
  },

  async responses(model, prefix, count) {
    const first = await client.responses.create({ model, input: 'hi' });
    assert.equal(first.status, 'completed');
    assert.equal(first.output_text.trim(), words(prefix, count).trim());
    const second = await client.responses.create({ model, input: 'and?', previous_response_id: first.id });
    assert.equal(second.previous_response_id, first.id);
    await assert.rejects(client.responses.create({ model, input: 'late', previous_response_id: first.id }),
      (e) => e instanceof OpenAI.ConflictError && e.code === 'previous_response_not_head');
    const events = await collected(await client.responses.create({ model, input: 'hi', stream: true }));
    dense(events, 0);
    assert.equal(events.at(-1).type, 'response.completed');
    const direct = await client.responses.create({ model: 'scripted', input: 'hi', store: false });
    assert.equal(direct.status, 'completed');
    await client.responses.delete(second.id);
    await assert.rejects(client.responses.retrieve(second.id), OpenAI.NotFoundError);
  },

  async background(model) {
    const made = await client.responses.create({ model, input: 'hold:3', background: true });
    assert(['queued', 'in_progress'].includes(made.status), made.status);
    await client.responses.cancel(made.id);
    const events = await collected(await client.responses.retrieve(made.id, { stream: true }));
    dense(events, 0);
    assert.equal(events.at(-1).type, 'response.cancelled');
  },
};

async function all(model, prefix, count) {
  for (const [name, part] of Object.entries(parts)) {
    await part(model, prefix, Number(count));
    console.log(`ok ${name}`);
  }
}

async function begin(model) {
  const stream = await client.responses.create({ model, input: 'hold:3', background: true, stream: true });
  let id = '';
  let deltas = 0;
  for await (const event of stream) {
    id = event.response?.id ?? id;
    deltas += event.type === 'response.output_text.delta' ? 1 : 0;
    if (deltas === 2) {
      console.log(`begun ${id} ${event.sequence_number}`);
      return;
    }
  }
}

async function resume(id, seen, prefix, count) {
  const from = Number(seen) + 1;
  const rest = await collected(await client.responses.retrieve(id, { stream: true, starting_after: Number(seen) }));
  dense(rest, from);
  const end = rest.at(-1);
  assert.equal(end.type, 'response.completed');
  const whole = await collected(await client.responses.retrieve(id, { stream: true }));
  dense(whole, 0);
  assert.deepEqual(whole.slice(from), rest);
  const answer = await client.responses.retrieve(id);
  assert.equal(answer.output_text.trim(), words(prefix, Number(count)).trim());
  console.log('ok resume');
}

const [what, ...rest] = process.argv.slice(2);
await { all, begin, resume }[what](...rest);
