import { Injectable } from '@nestjs/common';
import { readStagesText } from '@app/codes';
import { Database } from '@app/database';
import { Defect } from '@app/kernel';

/** More lists than a season's lots have. */
const MOST_HELD = 1_000;
const POINTER = /"stagesOf":(\d+|null)/;

/**
 * An answer is kept with the number of the list of stages that its lot had then, and sent with the list itself: a list is never changed,
 * so the same answer is sent in the same bytes for ever, and every bottle of a lot does not keep a copy of its story.
 */
@Injectable()
export class ToldStagesTexts {
  /** JSON by number. */
  private readonly held = new Map<number, string>();

  constructor(private readonly database: Database) {}

  /** The text of a kept answer as it is sent. One that was kept before lots had stages stays as it is. */
  async fill(kept: string): Promise<string> {
    const pointer = POINTER.exec(kept);
    if (!pointer) return kept;
    const stages = pointer[1] === 'null' ? '[]' : await this.textOf(Number(pointer[1]));
    return kept.replace(POINTER, () => `"stages":${stages}`);
  }

  private async textOf(stagesId: number): Promise<string> {
    const held = this.held.get(stagesId);
    if (held !== undefined) return held;
    const text = await readStagesText(this.database, stagesId);
    if (text === null) throw new Defect(`an answer tells the stages ${stagesId}, which are not there`);
    if (this.held.size >= MOST_HELD) this.held.clear();
    this.held.set(stagesId, text);
    return text;
  }
}
