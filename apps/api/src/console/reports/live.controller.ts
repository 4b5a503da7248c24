import { Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LiveModel, type LiveFigures } from '@app/analytics';
import { regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { LiveDto } from './live.dto';
import { EVENT_STREAM, LiveLines, scopeKey } from './live-lines';
import type { Told } from './live-rooms';

const UNKNOWN_PLACE = '地点未知';
/** With folds a second or two behind the scans, what is shown stays younger than five seconds. */
const EVERY_MS = 2_000;

/** Today as it happens, by server-sent events: `figures` (LiveDto) when something changed, `beat` (`{at}`) when not, `end` before the line closes. */
@ApiExtraModels(LiveDto)
@ConsoleController('')
export class LiveController {
  constructor(
    private readonly lines: LiveLines,
    private readonly model: LiveModel,
  ) {}

  @Get('live')
  @ApiProduces(EVENT_STREAM)
  @ApiOkResponse({ content: { [EVENT_STREAM]: { schema: { $ref: getSchemaPath(LiveDto) } } } })
  watch(
    @CurrentOperator() operator: Operator,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = async (): Promise<Told> => asTold(await this.model.read(scopeOf(operator)));
    const show = { key: `today:${scopeKey(operator)}`, everyMs: EVERY_MS, read };
    return this.lines.open(show, { operator, route: '/v1/console/live', request, reply });
  }

  /** The same once, for a page's first moment. */
  @Get('reports/today')
  async today(@CurrentOperator() operator: Operator): Promise<LiveDto> {
    return asLive(await this.model.read(scopeOf(operator)));
  }
}

function asTold(figures: LiveFigures): Told {
  return { at: figures.at, figures: asLive(figures), sign: JSON.stringify({ ...figures, at: null }) };
}

function asLive({ places, latest, ...figures }: LiveFigures): LiveDto {
  const name = (adcode: number | null): string => regionWords(adcode) || UNKNOWN_PLACE;
  return {
    ...figures,
    places: places.map((place) => ({ ...place, name: name(place.adcode) })),
    latest: latest.map((scan) => ({ ...scan, place: name(scan.adcode) })),
  };
}
