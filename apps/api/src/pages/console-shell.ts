import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { PageShell } from './page-shell';

/** Nothing but our own files, the phone's page in a frame among them; nobody may frame it but the guided tour, where there is one. */
const policy = (framedBy: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy}`,
    "object-src 'none'",
  ].join('; ');

/** The console of headquarters and distributors. */
@Injectable()
export class ConsoleShell extends PageShell {
  constructor(@Inject(CONFIG) { http, profile, tour }: Config) {
    super(http.consoleDir, policy(tour ? "'self'" : "'none'"), profile === 'local');
  }
}
