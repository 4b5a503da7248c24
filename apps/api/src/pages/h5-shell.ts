import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Transient } from '@app/kernel';

/** The one HTML page of the consumer's app, the same at every path, never cached: it names the hashed assets of the day. */
@Injectable()
export class H5Shell {
  private readonly file: string;
  private readonly watches: boolean;
  private readonly policy: string;
  private held: { html: string; changedMs: number } | null = null;

  constructor(@Inject(CONFIG) { http, wechat, profile }: Config) {
    this.file = join(http.h5Dir, 'index.html');
    this.watches = profile === 'local';
    this.policy = contentPolicy(wechat);
  }

  /** Throws Transient while the page was not built. */
  async send(reply: FastifyReply, status = 200): Promise<void> {
    const html = await this.html();
    await reply
      .status(status)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', this.policy)
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
      throw new Transient('the H5 page is not built', 5, { cause: error });
    }
  }
}

/**
 * Only our own files run, and WeChat's script. The addresses come from the configuration: at WeChat the script talks to its own hosts
 * natively, the stand-in asks its origin and shows its dialog in a frame.
 */
export function contentPolicy(wechat: Pick<Config['wechat'], 'jsUrl' | 'openUrl'>): string {
  const script = new URL(wechat.jsUrl).origin;
  const open = new URL(wechat.openUrl).origin;
  return [
    "default-src 'none'",
    `script-src 'self' ${script}`,
    "style-src 'self'",
    "img-src 'self' data: https:",
    "font-src 'self'",
    `connect-src 'self' ${script}`,
    `frame-src ${open}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
