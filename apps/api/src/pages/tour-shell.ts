import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { PageShell } from './page-shell';

/** The guided tour: the only page that shows others in frames, the phone's stand-in WeChat among them. */
@Injectable()
export class TourShell extends PageShell {
  constructor(@Inject(CONFIG) { http, wechat, profile }: Config) {
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      `frame-src 'self' ${new URL(wechat.openUrl).origin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
    ].join('; ');
    super(http.consoleDir, policy, profile === 'local', 'tour.html');
  }
}
