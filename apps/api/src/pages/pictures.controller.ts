import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pictures } from '@app/pictures';

/** Heroes and logos of campaigns, for every phone: the address is the content's own hash, so any cache may keep it for ever. */
@ApiExcludeController()
@Controller('pictures')
export class PublicPicturesController {
  constructor(private readonly pictures: Pictures) {}

  /** What somebody uploaded: it may be drawn, and nothing in it may run, whatever a browser takes it for. */
  @Get(':hash')
  async one(@Param('hash') hash: string, @Res() reply: FastifyReply): Promise<void> {
    const { media, bytes } = await this.pictures.one(hash);
    await reply
      .header('content-type', media)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cross-origin-resource-policy', 'same-origin')
      .header('content-disposition', 'inline')
      .send(bytes);
  }
}
