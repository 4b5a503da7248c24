import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { contentPolicy } from './h5-shell';
import { PageShell } from './page-shell';

/** The consumer's app as the campaign builder frames it: examples only, nothing of anybody; our own console may show it, nobody else. */
@Injectable()
export class PreviewShell extends PageShell {
  constructor(@Inject(CONFIG) { http, wechat, profile }: Config) {
    super(http.h5Dir, contentPolicy(wechat, "'self'"), profile === 'local');
  }
}
