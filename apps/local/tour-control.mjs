import { createServer } from 'node:http';
import { connect } from 'node:net';
import { randomBytes, timingSafeEqual } from 'node:crypto';

const QUICK_MS = 5_000;

/**
 * What the guided tour may do to a system on one machine, asked for by the api alone (`TOUR_CONTROL_URL`, `TOUR_CONTROL_TOKEN`): read the story
 * that the demo prepared, kill the worker and empty Redis, and what WeChat's stand-in has credited. Nothing of this exists in production:
 * only the launcher starts it.
 */
export class TourControl {
  #token = randomBytes(24).toString('hex');
  #server = null;
  #system = null;

  /** Listens before the processes start, for they get its address. Resolves with what they need to know. */
  async listen() {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        ({ status, body }) => send(response, status, body),
        (error) => send(response, 502, { message: error.message }),
      );
    });
    await new Promise((resolve, reject) => this.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.#server.unref();
    const { port } = this.#server.address();
    return { TOUR_CONTROL_URL: `http://127.0.0.1:${port}`, TOUR_CONTROL_TOKEN: this.#token };
  }

  /** From here on it answers. */
  serve(system) {
    this.#system = system;
  }

  async close() {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve()));
  }

  async #answer({ method, url, headers }) {
    const told = Buffer.from(String(headers['x-tour-token'] ?? ''));
    const known = Buffer.from(this.#token);
    if (told.length !== known.length || !timingSafeEqual(told, known)) return { status: 403, body: {} };
    const system = this.#system;
    if (system === null) return { status: 503, body: { message: 'the system is starting' } };
    if (`${method} ${url}` === 'GET /story')
      return { status: 200, body: { ...system.demo.tour, sandbox: system.urls.sandboxOpen } };
    if (`${method} ${url}` === 'GET /wechat') return { status: 200, body: await wechatLedger(system) };
    if (method === 'GET' && /^\/wallets\/[\w-]{1,32}$/.test(url))
      return { status: 200, body: await askSandbox(system, url) };
    if (`${method} ${url}` === 'POST /upset') {
      const killed = system.kill('worker');
      await flushAll(system.env.REDIS_URL);
      return { status: 200, body: { killed, flushed: true } };
    }
    return { status: 404, body: {} };
  }
}

async function wechatLedger(system) {
  const { creditedFen, doubleCredits, successBills } = await askSandbox(system, '/ledger/summary');
  return { creditedFen, doubleCredits, successBills };
}

async function askSandbox({ urls, env }, path) {
  const answer = await fetch(urls.sandboxAdmin + path, {
    headers: { 'x-sandbox-token': env.SANDBOX_ADMIN_TOKEN },
    signal: AbortSignal.timeout(QUICK_MS),
  });
  if (!answer.ok) throw new Error(`the stand-in answered ${answer.status}`);
  return answer.json();
}

/** One command needs no client library. Throws when Redis does not say OK. */
function flushAll(redisUrl) {
  const { hostname, port } = new URL(redisUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    socket.setTimeout(QUICK_MS, () => socket.destroy(new Error('Redis did not answer')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.end();
      if (String(answer).startsWith('+OK')) resolve();
      else reject(new Error(`Redis said ${answer}`));
    });
  });
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
