import { connect } from 'node:net';

/**
 * Is a server really answering? Spoken by hand because this runs before node_modules exists.
 * Each resolves to true or false within `timeoutMs` and never throws.
 */

/** MariaDB greets first: 3 bytes length, sequence 0, then protocol version 10. An error packet (0xff) is not ready. */
export function pingMariadb({ port, host = '127.0.0.1', timeoutMs = 1_000 }) {
  return ask({ port, host, timeoutMs }, null, (bytes) => (bytes.length < 5 ? undefined : bytes[4] === 10));
}

/** Redis says +PONG; while it reads its file it says -LOADING, and with a password -NOAUTH (alive all the same). */
export function pingRedis({ port, host = '127.0.0.1', timeoutMs = 1_000 }) {
  return ask({ port, host, timeoutMs }, 'PING\r\n', (bytes) => {
    const text = bytes.toString('latin1');
    if (!text.includes('\r\n')) return undefined;
    return text.startsWith('+PONG') || text.startsWith('-NOAUTH');
  });
}

function ask({ port, host, timeoutMs }, question, judge) {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const socket = connect({ port, host });
    const end = (verdict) => {
      socket.removeAllListeners('close');
      socket.destroy();
      resolve(verdict);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => question && socket.write(question));
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const verdict = judge(heard);
      if (verdict !== undefined) end(verdict);
    });
  });
}
