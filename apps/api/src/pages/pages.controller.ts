import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { setCookie } from '../edge/cookies';
import { ConsoleShell } from './console-shell';
import { H5Shell } from './h5-shell';
import { PreviewShell } from './preview-shell';

/** What people type is not always a code; the page itself says kindly what is wrong with it. */
const CODE_LIKE = /^[0-9A-Za-z-]{10,24}$/;
const VERIFY_FILE = /^MP_verify_[0-9A-Za-z]{1,64}\.txt$/;

/** Everything a phone's browser opens: printed codes lead here. */
@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly shell: H5Shell,
    private readonly desk: ConsoleShell,
    private readonly preview: PreviewShell,
  ) {}

  @Get()
  home(@Res() reply: FastifyReply): void {
    reply.redirect('/h5/wallet', 302);
  }

  @Get('h5/preview')
  framed(@Res() reply: FastifyReply): Promise<void> {
    return this.preview.send(reply);
  }

  @Get(['h5', 'h5/*', '01/:gtin/21/:code', '01/:gtin/10/:lot/21/:code'])
  page(@Res() reply: FastifyReply): Promise<void> {
    return this.shell.send(reply);
  }

  @Get(['console', 'console/*'])
  console(@Res() reply: FastifyReply): Promise<void> {
    return this.desk.send(reply);
  }

  /** On one machine nobody has WeChat: this cookie lets any browser play the phone. */
  @Get('demo/:code')
  demo(@Param('code') code: string, @Res() reply: FastifyReply): void {
    if (this.config.profile === 'production' || !CODE_LIKE.test(code)) throw new NotFoundException();
    setCookie(reply, 'yima_demo_wechat', '1', { path: '/', sameSite: 'lax', maxAge: 24 * 3600 });
    reply.redirect(`/${code}`, 302);
  }

  @Get(':code')
  async code(@Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    if (CODE_LIKE.test(code)) return this.shell.send(reply);
    if (!VERIFY_FILE.test(code)) throw new NotFoundException();
    const text = await readFile(join(this.config.http.dataDir, code)).catch(() => {
      throw new NotFoundException();
    });
    await reply.header('content-type', 'text/plain; charset=utf-8').send(text);
  }
}
