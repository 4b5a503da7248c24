import { randomBytes } from 'node:crypto';
import { CROCKFORD, crockford } from '@app/kernel';
import type { FrozenRequest, Outcome, PayoutChannel } from './payout-channel';

/** A WeChat of whatever kind, and the hands to disturb it. */
export interface ChannelWorld {
  readonly channel: PayoutChannel;
  readonly mchId: string;
  /** Longest wait of the channel for an answer. */
  readonly timeoutMs: number;
  /** Money arrives without anybody taking it: there is no waiting for the person. */
  readonly silent?: boolean;
  /** A person who can be paid: the openid. */
  person(): Promise<string>;
  /** That person's agreement to be paid silently, where the channel needs one. */
  agreement?(openid: string): Promise<string>;
  /** The next send meets this. */
  disturb(
    trouble:
      'silence_before_commit' | 'silence_after_commit' | 'busy_after_commit' | 'too_fast' | 'unlisted' | 'cut_off',
  ): Promise<void>;
  /** The next query meets silence. */
  disturbQuery(): Promise<void>;
  emptyBalance(): Promise<void>;
  fillBalance(): Promise<void>;
  /** The person takes what waits. */
  take(billNo: string): Promise<void>;
  /** A day and more passes at WeChat. */
  dayPasses(): Promise<void>;
  /** What the person got for this bill, in fen, and how often a send was taken. */
  effect(billNo: string): Promise<{ creditedFen: number }>;
}

const AMOUNT = 188;

export function newBillNo(): string {
  return `Y${crockford(randomBytes(16), 25)}`;
}

/** What every payout channel must do, whatever is behind it. Money never moves twice, silence never means failure. */
export function payoutChannelContract(name: string, open: () => ChannelWorld): void {
  describe(`${name} as a payout channel`, () => {
    let world: ChannelWorld;
    beforeAll(() => {
      world = open();
    });

    const request = async (
      change: { amountFen?: number; billNo?: string; openid?: string } = {},
    ): Promise<FrozenRequest> => {
      const openid = change.openid ?? (await world.person());
      const authorizationNo = await world.agreement?.(openid);
      return world.channel.prepare({
        billNo: change.billNo ?? newBillNo(),
        mchId: world.mchId,
        amountFen: change.amountFen ?? AMOUNT,
        openid,
        ...(authorizationNo === undefined ? {} : { authorizationNo }),
      });
    };
    /** What a send that was taken answers, and what a query says of it while it is alive. */
    const taken = (): string[] => (world.silent ? ['in_flight'] : ['wait_user']);
    const alive = (): string[] => (world.silent ? ['in_flight', 'succeeded'] : ['wait_user']);
    const kind = (outcome: Outcome): string => outcome.meaning.kind;
    /** Asks until the answer is one of these: the platform takes moments for its own steps. */
    const ask = async (frozen: FrozenRequest, ...kinds: string[]): Promise<Outcome> => {
      for (let turn = 0; ; turn++) {
        const outcome = await world.channel.query(frozen);
        if (kinds.includes(kind(outcome)) || turn === 60) return outcome;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    it('I7 prepares the same request from the same facts, and it survives being stored', async () => {
      const openid = await world.person();
      const billNo = newBillNo();
      const [one, two] = [await request({ billNo, openid }), await request({ billNo, openid })];
      expect(JSON.stringify(one)).toBe(JSON.stringify(two));
      expect(JSON.parse(JSON.stringify(one))).toEqual(one);
      expect([...billNo].every((character) => `Y${CROCKFORD}`.includes(character))).toBe(true);
    });

    it('is taken, waits for the person, is received, and says so', async () => {
      const frozen = await request();
      const sent = await world.channel.send(frozen);
      expect(taken()).toContain(kind(sent));
      expect(sent.providerNo).toMatch(/^\w{8,64}$/);
      expect(sent.evidence).not.toContain(frozen.openid);
      if (world.channel.handsOutPackage)
        expect(sent.meaning).toMatchObject({ package: expect.stringMatching(/.{8,}/) });
      expect(alive()).toContain(kind(await ask(frozen, ...alive())));
      await world.take(frozen.billNo);
      const outcome = await ask(frozen, 'succeeded');
      expect(kind(outcome)).toBe('succeeded');
      expect(outcome.evidence).not.toContain(frozen.openid);
      expect(await world.effect(frozen.billNo)).toEqual({ creditedFen: AMOUNT });
    });

    it('I5 sending the same request again has no second effect, before and after it was received', async () => {
      const frozen = await request();
      await world.channel.send(frozen);
      const again = await world.channel.send(frozen);
      expect(['wait_user', 'in_flight', ...alive()]).toContain(kind(again));
      if (world.channel.handsOutPackage)
        expect(again.meaning).toMatchObject({ package: expect.stringMatching(/.{8,}/) });
      await ask(frozen, ...alive());
      await world.take(frozen.billNo);
      await ask(frozen, 'succeeded');
      expect(['succeeded', 'wait_user']).toContain(kind(await world.channel.send(frozen)));
      expect(await world.effect(frozen.billNo)).toEqual({ creditedFen: AMOUNT });
    });

    it('never heard of is not_found, which is not a failure', async () => {
      expect(kind(await world.channel.query(await request()))).toBe('not_found');
    });

    it('silence before acceptance is unknown; the bill is not there; the same request then works', async () => {
      const frozen = await request();
      await world.disturb('silence_before_commit');
      const sent = await world.channel.send(frozen);
      expect(kind(sent)).toBe('unknown');
      expect(sent.notAccepted).toBe(false);
      expect(kind(await world.channel.query(frozen))).toBe('not_found');
      expect(taken()).toContain(kind(await world.channel.send(frozen)));
    });

    it('silence after acceptance is unknown; the bill is there', async () => {
      const frozen = await request();
      await world.disturb('silence_after_commit');
      expect(kind(await world.channel.send(frozen))).toBe('unknown');
      expect(alive()).toContain(kind(await ask(frozen, ...alive())));
    });

    it('a busy answer after acceptance is unknown', async () => {
      const frozen = await request();
      await world.disturb('busy_after_commit');
      expect(kind(await world.channel.send(frozen))).toBe('unknown');
      expect(alive()).toContain(kind(await ask(frozen, ...alive())));
    });

    it('an answer that breaks off, and a code nobody knows, are unknown and raise an alarm', async () => {
      for (const trouble of ['cut_off', 'unlisted'] as const) {
        const frozen = await request();
        await world.disturb(trouble);
        const sent = await world.channel.send(frozen);
        expect(kind(sent)).toBe('unknown');
        expect(['wait_user', 'in_flight', ...alive()]).toContain(kind(await ask(frozen, ...alive())));
      }
    });

    it('an unanswered query says nothing', async () => {
      const frozen = await request();
      await world.channel.send(frozen);
      await world.disturbQuery();
      expect(kind(await world.channel.query(frozen))).toBe('unknown');
    });

    it('too fast is not accepted: the same number later', async () => {
      const frozen = await request();
      await world.disturb('too_fast');
      const sent = await world.channel.send(frozen);
      expect(sent).toMatchObject({ meaning: { kind: 'retry_same_id' }, notAccepted: true });
      expect(kind(await world.channel.query(frozen))).toBe('not_found');
    });

    it('an empty balance blocks the channel, keeps the number, and works after the top-up', async () => {
      const frozen = await request();
      await world.emptyBalance();
      expect(await world.channel.send(frozen)).toMatchObject({
        meaning: { kind: 'channel_blocked' },
        notAccepted: true,
      });
      await world.fillBalance();
      expect(taken()).toContain(kind(await world.channel.send(frozen)));
    });

    it('the same number with another amount is never taken for ours', async () => {
      const frozen = await request();
      await world.channel.send(frozen);
      const other = await request({ billNo: frozen.billNo, openid: frozen.openid, amountFen: AMOUNT + 1 });
      expect(['unknown', 'mismatch']).toContain(kind(await world.channel.send(other)));
      expect(kind(await world.channel.query(other))).toBe('mismatch');
      await ask(frozen, ...alive());
    });

    it('what another person was paid under the same number is never taken for ours', async () => {
      const frozen = await request();
      await world.channel.send(frozen);
      await ask(frozen, ...alive());
      await world.take(frozen.billNo);
      expect(kind(await ask(frozen, 'succeeded'))).toBe('succeeded');
      const other = await request({ billNo: frozen.billNo });
      expect((await world.channel.query(other)).meaning).toEqual({ kind: 'mismatch', why: 'another_person' });
    });

    it('what nobody takes within the day comes back as a proven failure', async () => {
      if (world.silent) return;
      const frozen = await request();
      await world.channel.send(frozen);
      await ask(frozen, 'wait_user');
      await world.dayPasses();
      const outcome = await ask(frozen, 'failed', 'refunded');
      expect(['failed', 'refunded']).toContain(kind(outcome));
      expect(await world.effect(frozen.billNo)).toEqual({ creditedFen: 0 });
    });
  });
}
