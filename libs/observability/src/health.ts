import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registry } from './metrics';

/** A named question that must be answered before a process may serve. Returns nothing when well, else the reason. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<string | null>;
}

const CHECK_BOUND_MS = 2000;

/** `/healthz` (alive), `/readyz` (may serve, else 503 with reasons) and `/metrics` on a port of their own, never public. */
export class InternalServer {
  private server: Server | null = null;
  private draining = false;

  constructor(private readonly checks: readonly ReadinessCheck[]) {}

  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    this.server = createServer((request, response) => {
      this.answer(request.url ?? '/').then(
        ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    await new Promise<void>((resolve, reject) => this.server!.once('error', reject).listen(port, host, resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on `/readyz` says no, so that a balancer stops sending. */
  drain(): void {
    this.draining = true;
  }

  async close(): Promise<void> {
    const server = this.server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async answer(url: string): Promise<{ status: number; type: string; body: string }> {
    const json = (status: number, value: unknown) => ({
      status,
      type: 'application/json',
      body: JSON.stringify(value),
    });
    if (url.startsWith('/healthz')) return json(200, { alive: true });
    if (url.startsWith('/readyz')) {
      const reasons = await this.reasons();
      return json(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
    }
    if (url.startsWith('/metrics')) return { status: 200, type: registry.contentType, body: await registry.metrics() };
    return json(404, { error: 'not found' });
  }

  private async reasons(): Promise<string[]> {
    const answers = await Promise.all(
      this.checks.map(async ({ name, check }) => {
        const reason = await Promise.race([
          check().catch((error: unknown) => String(error)),
          new Promise<string>((resolve) => setTimeout(() => resolve('no answer in time'), CHECK_BOUND_MS).unref()),
        ]);
        return reason === null ? null : `${name}: ${reason}`;
      }),
    );
    const reasons = answers.filter((answer): answer is string => answer !== null);
    return this.draining ? ['draining', ...reasons] : reasons;
  }
}
