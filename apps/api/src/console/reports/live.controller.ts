import { PassThrough } from 'node:stream';
import { Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LiveModel, type LiveFigures } from '@app/analytics';
import { Rejected } from '@app/kernel';
import { regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { accessOf, allows } from '../console-access';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { ConsoleSession } from '../console-session';
import { LiveDto } from './live.dto';
import { LiveRooms } from './live-rooms';

const STREAM = 'text/event-stream';
const UNKNOWN_PLACE = '地点未知';
const COME_BACK_MS = 3_000;
/** Somebody who does not read what is sent is sent away. */
const WAITING_BYTES = 256 * 1024;

/** Today as it happens, by server-sent events: `figures` (LiveDto) when something changed, `beat` (`{at}`) when not, `end` before the line closes. */
@ApiExtraModels(LiveDto)
@ConsoleController('')
export class LiveController {
  constructor(
    private readonly rooms: LiveRooms,
    private readonly model: LiveModel,
    private readonly session: ConsoleSession,
  ) {}

  @Get('live')
  @ApiProduces(STREAM)
  @ApiOkResponse({ content: { [STREAM]: { schema: { $ref: getSchemaPath(LiveDto) } } } })
  async watch(
    @CurrentOperator() operator: Operator,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!request.headers.accept?.includes(STREAM)) {
      throw new Rejected('stream_only', '这里只以事件流回答；要一次的数字请问 reports/today', 400);
    }
    const line = new PassThrough();
    const say = (event: string, data: unknown): boolean => {
      line.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      return line.readableLength + line.writableLength < WAITING_BYTES;
    };
    const leave = this.rooms.enter(scopeOf(operator), {
      figures: (figures) => say('figures', asLive(figures)),
      beat: (at) => say('beat', { at }),
      mayStay: () => this.mayStay(operator, request),
      end: (why) => {
        say('end', { why });
        line.end();
      },
    });
    line.on('close', leave);
    request.raw.on('close', () => line.destroy());
    line.write(`retry: ${COME_BACK_MS}\n\n`);
    await reply
      .header('content-type', `${STREAM}; charset=utf-8`)
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(line);
  }

  /** The same once, for a page's first moment. */
  @Get('reports/today')
  async today(@CurrentOperator() operator: Operator): Promise<LiveDto> {
    return asLive(await this.model.read(scopeOf(operator)));
  }

  /** The same person with the same scope, and still allowed to. */
  private async mayStay(operator: Operator, request: FastifyRequest): Promise<boolean> {
    const now = await this.session.watcherOf(request);
    if (!now || now.id !== operator.id || now.distributorId !== operator.distributorId) return false;
    return allows(accessOf('GET', '/v1/console/live'), now.roles);
  }
}

function asLive({ places, latest, ...figures }: LiveFigures): LiveDto {
  const name = (adcode: number | null): string => regionWords(adcode) || UNKNOWN_PLACE;
  return {
    ...figures,
    places: places.map((place) => ({ ...place, name: name(place.adcode) })),
    latest: latest.map((scan) => ({ ...scan, place: name(scan.adcode) })),
  };
}
