import { Injectable } from '@nestjs/common';
import { CodeBook } from '@app/codes';
import type { MemberId } from '@app/kernel';
import type { DemoBrand } from './demo-brand';
import { DemoHistoryWriter } from './demo-history';
import type { DemoPerson } from './demo-people';
import { FRESH_FROM } from './fresh-serials';

const MINUTE_MS = 60_000;
/** Serials that neither the history below nor newcomers above come to. */
const ODD_FROM = FRESH_FROM - 400;

/** So many caps of each tea, brought together by one hand: somebody collects them behind a restaurant. */
const COLLECTORS = [
  { person: 11, caps: [9, 6, 3], minutesAgo: 190 },
  { person: 23, caps: [10, 2, 0], minutesAgo: 75 },
] as const;
/** A code on a photograph that goes from chat to chat: how many people scanned it, one every so many minutes. */
const PHOTOGRAPHED = [
  { tea: 0, people: 9, everyMinutes: 11, minutesAgo: 150 },
  { tea: 1, people: 4, everyMinutes: 23, minutesAgo: 110 },
  { tea: 2, people: 3, everyMinutes: 16, minutesAgo: 60 },
] as const;

/** Bottles of the batch that nobody put on sale, in shops far apart. */
const FORGOTTEN = { people: 5, everyMinutes: 17, minutesAgo: 120 };

/**
 * What a risk desk finds in the scans of the last hours: people with too many caps, codes that went from hand to hand, and bottles that should
 * not be in the shops yet.
 */
@Injectable()
export class DemoOddScans {
  constructor(
    private readonly codeBook: CodeBook,
    private readonly history: DemoHistoryWriter,
  ) {}

  /** `members` in the order of `people`. */
  async tell(brand: DemoBrand, people: readonly DemoPerson[], members: readonly MemberId[], now: Date): Promise<void> {
    const placed = people.flatMap((person, at) => (person.adcode === null ? [] : [{ person, member: members[at]! }]));
    const at = (minutesAgo: number): Date => new Date(now.getTime() - minutesAgo * MINUTE_MS);
    const code = (tea: number, serial: number): string =>
      this.codeBook.encode({ batch: brand.teas[tea]!.batchId, layer: 0, serial });
    let serial = ODD_FROM;
    for (const { person, caps, minutesAgo } of COLLECTORS) {
      for (const [tea, count] of caps.entries()) {
        for (let cap = 0; cap < count; cap++) {
          const bottle = { code: code(tea, serial++), ...pick(placed, person) };
          await this.history.tell(at(minutesAgo - cap - tea * 12), bottle);
        }
      }
    }
    for (const [which, story] of PHOTOGRAPHED.entries()) {
      const shared = code(story.tea, serial++);
      for (let turn = 0; turn < story.people; turn++) {
        const someone = pick(placed, 40 + which * 20 + turn * 2);
        await this.history.tell(at(Math.max(2, story.minutesAgo - turn * story.everyMinutes)), {
          code: shared,
          ...someone,
        });
      }
    }
    for (let turn = 0; turn < FORGOTTEN.people; turn++) {
      const batch = brand.forgottenBatchId;
      const bottle = {
        code: this.codeBook.encode({ batch, layer: 0, serial: ODD_FROM + turn }),
        ...pick(placed, 100 + turn),
      };
      await this.history.tell(at(FORGOTTEN.minutesAgo - turn * FORGOTTEN.everyMinutes), bottle);
    }
  }
}

interface Placed {
  readonly person: DemoPerson;
  readonly member: MemberId;
}

/** People of all provinces stand in the order in which they were thrown, so neighbours live far apart. */
function pick(placed: readonly Placed[], at: number): Placed {
  return placed[at % placed.length]!;
}
