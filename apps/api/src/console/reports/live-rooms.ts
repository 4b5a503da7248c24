import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Transient } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';

/** What is shown in a room: whoever names the same `key` sits in the same one. */
export interface Show {
  readonly key: string;
  readonly everyMs: number;
  readonly read: () => Promise<Told>;
}

export interface Told {
  readonly at: Date;
  /** What the page gets. */
  readonly figures: object;
  /** As long as it stays the same, nothing changed. */
  readonly sign: string;
}

/** Somebody who watches. `figures` and `beat` say whether there is still room for more; `end` closes the line. */
export interface Watcher {
  readonly figures: (figures: object) => boolean;
  /** Nothing changed up to this moment. */
  readonly beat: (at: Date) => boolean;
  /** False when whoever watches may not any more. */
  readonly mayStay: () => Promise<boolean>;
  /** `session`: do not come back. `moved`: come back, this node goes. */
  readonly end: (why: 'session' | 'moved') => void;
}

interface Room {
  readonly show: Show;
  readonly watchers: Set<Watcher>;
  readonly timer: NodeJS.Timeout;
  last: Told | null;
  reading: boolean;
}

const MOST_WATCHERS = 1_000;

/** Everybody who looks at one thing sits in one room: however many watch, the database is asked once a tick, and not at all when nobody does. */
@Injectable()
export class LiveRooms implements OnModuleDestroy {
  private readonly rooms = new Map<string, Room>();
  private closed = false;

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  /** Shows how it is at once and then as it changes. Returns how to leave. Throws Transient when too many watch. */
  enter(show: Show, watcher: Watcher): () => void {
    if (this.closed || this.counts().watchers >= MOST_WATCHERS) throw new Transient('too many watch', 5);
    const room = this.rooms.get(show.key) ?? this.open(show);
    room.watchers.add(watcher);
    if (room.last) watcher.figures(room.last.figures);
    else void this.tick(room);
    return () => this.leave(room, watcher);
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

  private open(show: Show): Room {
    const timer = setInterval(() => void this.tick(room), show.everyMs);
    const room: Room = { show, watchers: new Set(), timer, last: null, reading: false };
    this.rooms.set(show.key, room);
    return room;
  }

  private leave(room: Room, watcher: Watcher): void {
    room.watchers.delete(watcher);
    if (room.watchers.size > 0) return;
    clearInterval(room.timer);
    if (this.rooms.get(room.show.key) === room) this.rooms.delete(room.show.key);
  }

  private async tick(room: Room): Promise<void> {
    if (room.reading) return;
    room.reading = true;
    try {
      const told = await room.show.read();
      const changed = room.last?.sign !== told.sign;
      room.last = told;
      await Promise.all([...room.watchers].map((watcher) => tell(watcher, told, changed)));
    } catch (error) {
      // The next tick asks again; a page that hears nothing for a while says so by itself.
      this.log.warn({ err: error }, 'live figures could not be read');
    } finally {
      room.reading = false;
    }
  }
}

async function tell(watcher: Watcher, { at, figures }: Told, changed: boolean): Promise<void> {
  if (!(await watcher.mayStay())) return watcher.end('session');
  const keepsUp = changed ? watcher.figures(figures) : watcher.beat(at);
  if (!keepsUp) watcher.end('moved');
}
