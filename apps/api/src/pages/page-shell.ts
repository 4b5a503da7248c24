import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { Transient } from '@app/kernel';

/** The one HTML page of a web app, the same at every path, never cached: it names the hashed assets of the day. */
export class PageShell {
  private readonly file: string;
  private held: { html: string; changedMs: number } | null = null;

  /** `watches`: the file may be built anew while this process runs. */
  constructor(
    dir: string,
    private readonly policy: string,
    private readonly watches: boolean,
    page = 'index.html',
  ) {
    this.file = join(dir, page);
  }

  /** Throws Transient while the page was not built. */
  async send(reply: FastifyReply, status = 200): Promise<void> {
    const html = await this.html();
    await reply
      .status(status)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', this.policy)
      .header('x-frame-options', this.policy.includes("frame-ancestors 'self'") ? 'SAMEORIGIN' : 'DENY')
      .header('referrer-policy', 'no-referrer')
      .header('x-content-type-options', 'nosniff')
      .send(html);
  }

  private async html(): Promise<string> {
    try {
      if (this.held && !this.watches) return this.held.html;
      const { mtimeMs } = await stat(this.file);
      if (this.held?.changedMs !== mtimeMs) {
        this.held = { html: await readFile(this.file, 'utf8'), changedMs: mtimeMs };
      }
      return this.held.html;
    } catch (error) {
      throw new Transient(`${this.file} is not built`, 5, { cause: error });
    }
  }
}
