import { Injectable } from '@nestjs/common';
import {
  ActivateRange,
  DeactivateRange,
  FreezeRange,
  VoidRange,
  type Act,
  type RangeChange,
  type RangeChanged,
  type SegmentState,
} from '@app/codes';

/** The use case behind each state a range of codes can be given. */
@Injectable()
export class ChangeSegment {
  private readonly changes: Readonly<
    Record<SegmentState, { run(change: RangeChange, act: Act): Promise<RangeChanged> }>
  >;

  constructor(activate: ActivateRange, deactivate: DeactivateRange, freeze: FreezeRange, voidRange: VoidRange) {
    this.changes = { active: activate, inactive: deactivate, frozen: freeze, void: voidRange };
  }

  run(state: SegmentState, change: RangeChange, act: Act): Promise<RangeChanged> {
    return this.changes[state].run(change, act);
  }
}
