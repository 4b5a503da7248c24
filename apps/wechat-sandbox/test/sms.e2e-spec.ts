import { randomUUID } from 'node:crypto';
import { makeKeys } from './keys';
import { Rig } from './rig';

jest.setTimeout(30_000);

interface Inbox {
  messages: { messageId: string; to: string; text: string }[];
}

describe('text messages', () => {
  const rig = new Rig();
  beforeAll(() => rig.start());
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/faults'));

  const TO = '+8613800138001';
  const send = (message: object, headers: Record<string, string> = {}, at = rig): Promise<Response> =>
    fetch(`${at.url('api')}/sms/messages`, { method: 'POST', headers, body: JSON.stringify(message) });
  const inbox = async (to = TO): Promise<Inbox['messages']> => {
    const { messages } = await rig.admin<Inbox>('GET', `/sms?to=${encodeURIComponent(to)}`);
    return messages;
  };

  it('are delivered once under one name, and read by the operator, newest first', async () => {
    const first = { messageId: randomUUID(), to: TO, text: '验证码 123456' };
    const ids = [];
    for (let times = 0; times < 2; times++) {
      const reply = await send(first);
      expect(reply.status).toBe(202);
      ids.push(((await reply.json()) as { id: string }).id);
    }
    expect(ids[0]).toBe(ids[1]);
    await send({ messageId: randomUUID(), to: TO, text: '验证码 654321' });
    expect((await inbox()).map(({ text }) => text)).toEqual(['验证码 654321', '验证码 123456']);
    expect(await inbox('+8613800138002')).toEqual([]);
  });

  it.each([
    [{ to: '13800138001' }, 422],
    [{ to: '+8613800130000' }, 410],
    [{ text: '' }, 422],
    [{ messageId: 'a b' }, 422],
  ])('are refused for good: %j', async (change, status) => {
    const reply = await send({ messageId: randomUUID(), to: TO, text: 'x', ...change });
    expect(reply.status).toBe(status);
  });

  it('may be sent although the answer says otherwise', async () => {
    await rig.admin('POST', '/faults', { scope: 'sms', kind: 'system_error', next: 1 });
    const message = { messageId: randomUUID(), to: '+8613800138003', text: 'x' };
    expect((await send(message)).status).toBe(500);
    expect((await send(message)).status).toBe(202);
    expect(await inbox(message.to)).toHaveLength(1);
  });

  it('want the sender to be known when there is a token', async () => {
    const keys = makeKeys();
    const guarded = new Rig({ ...keys, secrets: { ...keys.secrets, sms: { token: 'a token of the operator' } } });
    await guarded.start();
    const message = { messageId: randomUUID(), to: TO, text: 'x' };
    expect((await send(message, {}, guarded)).status).toBe(403);
    expect((await send(message, { authorization: 'Bearer a token of the operator' }, guarded)).status).toBe(202);
    await guarded.stop();
  });
});
