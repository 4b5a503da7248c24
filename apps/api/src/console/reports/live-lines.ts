import { PassThrough } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Rejected } from '@app/kernel';
import type { Operator } from '@app/staff';
import { accessOf, allows } from '../console-access';
import { ConsoleSession } from '../console-session';
import { LiveRooms, type Show } from './live-rooms';

export const EVENT_STREAM = 'text/event-stream';
const COME_BACK_MS = 3_000;
/** Somebody who does not read what is sent is sent away. */
const WAITING_BYTES = 256 * 1024;

export interface Listener {
  readonly operator: Operator;
  /** As Fastify names it: who may not ask it any more is sent away. */
  readonly route: `/v1/console/${string}`;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Lines of server-sent events: `figures` when something changed, `beat` (`{at}`) when not, `end` before the line closes. */
@Injectable()
export class LiveLines {
  constructor(
    private readonly rooms: LiveRooms,
    private readonly session: ConsoleSession,
  ) {}

  /** Keeps the line open until somebody leaves. Rejected `stream_only` (400) for who does not ask for a stream; Transient when too many watch. */
  async open(show: Show, { operator, route, request, reply }: Listener): Promise<void> {
    if (!request.headers.accept?.includes(EVENT_STREAM)) {
      throw new Rejected('stream_only', '这里只以事件流回答，不能像普通页面那样打开', 400);
    }
    const line = new PassThrough();
    const say = (event: string, data: unknown): boolean => {
      line.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      return line.readableLength + line.writableLength < WAITING_BYTES;
    };
    const leave = this.rooms.enter(show, {
      figures: (figures) => say('figures', figures),
      beat: (at) => say('beat', { at }),
      mayStay: () => this.mayStay({ operator, route, request }),
      end: (why) => {
        say('end', { why });
        line.end();
      },
    });
    line.on('close', leave);
    request.raw.on('close', () => line.destroy());
    line.write(`retry: ${COME_BACK_MS}\n\n`);
    await reply
      .header('content-type', `${EVENT_STREAM}; charset=utf-8`)
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(line);
  }

  /** The same person with the same scope, and still allowed to. */
  private async mayStay({ operator, route, request }: Omit<Listener, 'reply'>): Promise<boolean> {
    const now = await this.session.watcherOf(request);
    if (!now || now.id !== operator.id || now.distributorId !== operator.distributorId) return false;
    return allows(accessOf('GET', route), now.roles);
  }
}

/** The same for everybody with one scope. */
export function scopeKey({ distributorId }: Operator): string {
  return distributorId === null ? 'all' : `d${distributorId}`;
}
