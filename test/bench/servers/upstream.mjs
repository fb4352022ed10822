// A fake OpenAI-compatible upstream, a process of its own. It is written on node:net and answers from
// prepared buffers, so that it takes as little as it can of the CPU that the servers under test need.
// What to answer is said in the model's name, which passes through any server: "m;chunks=2000;size=16".
//
//   chunks, size   content events of an answer, and characters in each (16, 16)
//   interval       milliseconds between two events (0: as fast as the reader takes them)
//   cut            1: after the events, the moment as an event of its own, and the connection breaks
//   numbered       1: the text of each event is its number and a blank; for answers with an interval
//   stamp          1: the first event's text is the moment it left (process.hrtime, one clock for all processes)
//
// It prints its port when it listens, and ends when its stdin does. Only requests with a content-length.
import net from 'node:net';

const SENTENCE = 'the same words, over and over: déjà vu. ';
const BLOCK_BYTES = 65536;

const chunkOf = (choices) =>
  JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1700000000, model: 'm', ...choices });
const deltaOf = (delta, finish) => chunkOf({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
const framed = (data) => {
  const event = `data: ${data}\n\n`;
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`;
};
const usageOf = (plan) => ({ prompt_tokens: 9, completion_tokens: plan.chunks, total_tokens: 9 + plan.chunks });

const OPENING = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n' +
    framed(deltaOf({ role: 'assistant', content: '' }, null)),
);

/** Everything an answer needs, prepared once for each model name. */
function prepare(model) {
  const plan = { chunks: 16, size: 16, interval: 0, stamp: 0, cut: 0, numbered: 0 };
  for (const word of model.split(';').slice(1)) {
    const [name, value] = word.split('=');
    plan[name] = Number(value);
  }
  plan.text = SENTENCE.repeat(Math.ceil(plan.size / SENTENCE.length)).slice(0, plan.size);
  plan.event = Buffer.from(framed(deltaOf({ content: plan.text }, null)));
  const numberedEvent = (_, at) => Buffer.from(framed(deltaOf({ content: `${at} ` }, null)));
  plan.numbers = plan.numbered ? Array.from({ length: plan.chunks }, numberedEvent) : [];
  plan.perBlock = Math.max(1, Math.floor(BLOCK_BYTES / plan.event.length));
  plan.block = Buffer.concat(Array.from({ length: plan.perBlock }, () => plan.event));
  plan.tail = Buffer.from(
    framed(deltaOf({}, 'stop')) +
      framed(chunkOf({ choices: [], usage: usageOf(plan) })) +
      framed('[DONE]') +
      '0\r\n\r\n',
  );
  return plan;
}

function wholeAnswer(plan) {
  const message = { role: 'assistant', content: plan.text.repeat(plan.chunks) };
  const choice = { index: 0, message, logprobs: null, finish_reason: 'stop' };
  const completion = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1700000000,
    model: 'm',
    choices: [choice],
  };
  const body = JSON.stringify({ ...completion, usage: usageOf(plan) });
  const length = Buffer.byteLength(body);
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`);
}

function stream(socket, plan, done) {
  let left = plan.chunks;
  socket.write(OPENING);
  if (plan.cut) {
    const moment = framed(deltaOf({ content: String(process.hrtime.bigint()) }, null));
    // In order, so that the moment arrives: what comes with a reset may be lost.
    socket.end(Buffer.concat([...Array.from({ length: left }, () => plan.event), Buffer.from(moment)]));
    return;
  }
  if (plan.stamp) {
    left--;
    socket.write(framed(deltaOf({ content: String(process.hrtime.bigint()) }, null)));
  }
  if (plan.interval) trickle(socket, plan, left, done);
  else pour(socket, plan, left, done);
}

function trickle(socket, plan, events, done) {
  let left = events;
  const timer = setInterval(() => {
    if (left > 0) return socket.write(plan.numbers[plan.chunks - left--] ?? plan.event);
    clearInterval(timer);
    socket.write(plan.tail);
    done();
  }, plan.interval);
  socket.once('close', () => clearInterval(timer));
}

/** As fast as the socket takes it, a block at a time. */
function pour(socket, plan, events, done) {
  let left = events;
  const pump = () => {
    while (left > 0) {
      const n = Math.min(left, plan.perBlock);
      left -= n;
      if (!socket.write(n === plan.perBlock ? plan.block : plan.block.subarray(0, n * plan.event.length))) return;
    }
    socket.off('drain', pump);
    socket.write(plan.tail);
    done();
  };
  socket.on('drain', pump);
  pump();
}

const plans = new Map();

function answer(socket, body, done) {
  const { model, stream: streamed } = JSON.parse(body);
  if (!plans.has(model)) plans.set(model, prepare(model));
  const plan = plans.get(model);
  if (streamed) return stream(socket, plan, done);
  plan.whole ??= wholeAnswer(plan);
  socket.write(plan.whole);
  done();
}

/** One request at a time on a connection: the next is read when the last was answered. */
function serve(socket) {
  let held = Buffer.alloc(0);
  let isBusy = false;
  const next = () => {
    if (isBusy) return;
    const end = held.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(held.latin1Slice(0, end));
    const total = end + 4 + Number(length?.[1] ?? 0);
    if (held.length < total) return;
    const body = held.utf8Slice(end + 4, total);
    held = held.subarray(total);
    isBusy = true;
    answer(socket, body, () => {
      isBusy = false;
      if (held.length > 0) setImmediate(next);
    });
  };
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    held = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
    next();
  });
}

const server = net.createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
