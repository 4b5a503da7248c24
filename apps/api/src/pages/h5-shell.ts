import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { PageShell } from './page-shell';

/** The consumer's app. */
@Injectable()
export class H5Shell extends PageShell {
  constructor(@Inject(CONFIG) { http, wechat, profile, tour }: Config) {
    super(http.h5Dir, contentPolicy(wechat, tour ? "'self'" : "'none'"), profile === 'local');
  }
}

/**
 * Only our own files run, and WeChat's script. The addresses come from the configuration: at WeChat the script talks to its own hosts
 * natively, the stand-in asks its origin and shows its dialog in a frame. `framedBy`: the guided tour, where there is one.
 */
export function contentPolicy(wechat: Pick<Config['wechat'], 'jsUrl' | 'openUrl'>, framedBy = "'none'"): string {
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
    `frame-ancestors ${framedBy}`,
    "object-src 'none'",
  ].join('; ');
}
