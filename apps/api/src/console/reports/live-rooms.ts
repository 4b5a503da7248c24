import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LiveModel, type LiveFigures, type Scope } from '@app/analytics';
import { Transient } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';

/** Somebody who watches. `figures` and `beat` say whether there is still room for more; `end` closes the line. */
export interface Watcher {
  readonly figures: (figures: LiveFigures) => boolean;
  /** Nothing changed up to this moment. */
  readonly beat: (at: Date) => boolean;
  /** False when whoever watches may not any more. */
  readonly mayStay: () => Promise<boolean>;
  /** `session`: do not come back. `moved`: come back, this node goes. */
  readonly end: (why: 'session' | 'moved') => void;
}

interface Room {
  readonly scope: Scope;
  readonly watchers: Set<Watcher>;
  readonly timer: NodeJS.Timeout;
  last: LiveFigures | null;
  reading: boolean;
}

/** With folds a second or two behind the scans, what is shown stays younger than five seconds. */
const TICK_MS = 2_000;
const MOST_WATCHERS = 1_000;

/** Everybody with one scope sits in one room: however many watch, the database is asked once a tick, and not at all when nobody does. */
@Injectable()
export class LiveRooms implements OnModuleDestroy {
  private readonly rooms = new Map<string, Room>();
  private closed = false;

  constructor(
    private readonly model: LiveModel,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Shows today at once and then as it changes. Returns how to leave. Throws Transient when too many watch. */
  enter(scope: Scope, watcher: Watcher): () => void {
    const watching = [...this.rooms.values()].reduce((sum, room) => sum + room.watchers.size, 0);
    if (this.closed || watching >= MOST_WATCHERS) throw new Transient('too many watch', 5);
    const key = scope.kind === 'national' ? 'all' : `d${scope.distributorId}`;
    const room = this.rooms.get(key) ?? this.open(key, scope);
    room.watchers.add(watcher);
    if (room.last) watcher.figures(room.last);
    else void this.tick(room);
    return () => this.leave(key, room, watcher);
  }

  onModuleDestroy(): void {
    this.closed = true;
    for (const [key, room] of this.rooms) {
      for (const watcher of room.watchers) watcher.end('moved');
      clearInterval(room.timer);
      this.rooms.delete(key);
    }
  }

  /** How often the database was asked and for how many, for tests and for people on call. */
  counts(): { rooms: number; watchers: number } {
    const rooms = [...this.rooms.values()];
    return { rooms: rooms.length, watchers: rooms.reduce((sum, room) => sum + room.watchers.size, 0) };
  }

  private open(key: string, scope: Scope): Room {
    const timer = setInterval(() => void this.tick(room), TICK_MS);
    const room: Room = { scope, watchers: new Set(), timer, last: null, reading: false };
    this.rooms.set(key, room);
    return room;
  }

  private leave(key: string, room: Room, watcher: Watcher): void {
    room.watchers.delete(watcher);
    if (room.watchers.size > 0) return;
    clearInterval(room.timer);
    if (this.rooms.get(key) === room) this.rooms.delete(key);
  }

  private async tick(room: Room): Promise<void> {
    if (room.reading) return;
    room.reading = true;
    try {
      const figures = await this.model.read(room.scope);
      const changed = room.last === null || !isSame(room.last, figures);
      room.last = figures;
      await Promise.all([...room.watchers].map((watcher) => tell(watcher, figures, changed)));
    } catch (error) {
      // The next tick asks again; a page that hears nothing for a while says so by itself.
      this.log.warn({ err: error }, 'live figures could not be read');
    } finally {
      room.reading = false;
    }
  }
}

async function tell(watcher: Watcher, figures: LiveFigures, changed: boolean): Promise<void> {
  if (!(await watcher.mayStay())) return watcher.end('session');
  const keepsUp = changed ? watcher.figures(figures) : watcher.beat(figures.at);
  if (!keepsUp) watcher.end('moved');
}

function isSame(a: LiveFigures, b: LiveFigures): boolean {
  return JSON.stringify({ ...a, at: null }) === JSON.stringify({ ...b, at: null });
}
