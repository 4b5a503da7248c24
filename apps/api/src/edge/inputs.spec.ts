import { validate } from 'class-validator';
import { IdPipe } from './id.pipe';
import { IsInstant } from './instant';

class Wish {
  @IsInstant()
  at: string;
}

it.each(['2026-W01', '20260101', '2026-01-01', '2026-02-30', '2026-01-01T25:00Z', '2026-01-01T00:00', 'now'])(
  'refuses %s as an instant, which a Date reads as nothing or as something else',
  async (at) => {
    expect(await validate(Object.assign(new Wish(), { at }))).toHaveLength(1);
  },
);

it.each(['2026-01-01T00:00Z', '2026-11-21T08:30:00+08:00', '2026-11-21T08:30:00.123456Z'])('reads %s', async (at) => {
  expect(await validate(Object.assign(new Wish(), { at }))).toHaveLength(0);
  expect(Number.isNaN(new Date(at).getTime())).toBe(false);
});

it('takes decimal ids that a number holds exactly, and nothing else', () => {
  const pipe = new IdPipe();
  expect(pipe.transform('638937319051264')).toBe(638937319051264);
  for (const wrong of ['0', '-1', '0x1', '1e3', ' 1', '9999999999999999', '99999999999999999999', '']) {
    expect(() => pipe.transform(wrong)).toThrow(expect.objectContaining({ status: 404 }) as Error);
  }
});
