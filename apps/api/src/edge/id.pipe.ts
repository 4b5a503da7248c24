import { Injectable, type PipeTransform } from '@nestjs/common';
import { Rejected } from '@app/kernel';

/** A number in a path: decimal digits that a JS number holds exactly. Anything else names nothing, hence 404. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : NaN;
    if (!Number.isSafeInteger(id)) throw new Rejected('not_found', '没有这个编号', 404);
    return id;
  }
}
