import { ApiRig, type Phone } from './rig';

const TEMPLATE = 'sandbox-subscribe-award-waiting-0001';
const PATH = '/v1/h5/reminders';

let rig: ApiRig;
beforeAll(async () => {
  rig = await ApiRig.open();
});
afterAll(() => rig.close());

/** As a deployment that has chosen this template, or none. */
function sends(template: string | null): void {
  const subscription = template && { id: template, fields: { what: 'thing1', amount: 'amount2', until: 'time3' } };
  Object.assign(rig.config.wechat, { reminders: { template: null, subscription } });
}
/** 允许 on the page that WeChat shows when its tag is tapped. */
const allow = ({ userId }: Phone, templateId = TEMPLATE): Promise<Response> =>
  fetch(`${rig.sandbox.url.open}/subscribe`, {
    ...{ method: 'POST', body: JSON.stringify({ templateId }) },
    headers: { cookie: `sandbox_user=${userId}`, 'content-type': 'application/json' },
  });

it('asks for nothing where the brand sends no such message', async () => {
  sends(null);
  const phone = await rig.phone();
  expect((await phone.agent.get(PATH).expect(200)).body).toEqual({ templateId: null, agreed: false });
  const refused = await phone.agent.post(PATH).send({ templateId: TEMPLATE }).expect(409);
  expect(refused.body.error.code).toBe('reminder_changed');
});

it('one tap on 允许 is one message, of the person who tapped', async () => {
  sends(TEMPLATE);
  const [phone, other] = [await rig.phone(), await rig.phone()];
  expect((await phone.agent.get(PATH).expect(200)).body).toEqual({ templateId: TEMPLATE, agreed: false });
  const page = await fetch(`${rig.sandbox.url.open}/subscribe?template=${TEMPLATE}`, {
    headers: { cookie: `sandbox_user=${phone.userId}` },
  });
  expect(await page.text()).toContain('允许');
  expect((await allow(phone, 'another')).status).toBe(400);
  expect((await allow({ ...phone, userId: 'nobody' } as Phone)).status).toBe(400);
  expect(await (await allow(phone)).json()).toEqual({ consents: 1 });

  const agreed = { templateId: TEMPLATE, agreed: true };
  expect((await phone.agent.post(PATH).send({ templateId: TEMPLATE }).expect(200)).body).toEqual(agreed);
  expect((await phone.agent.get(PATH).expect(200)).body).toEqual(agreed);
  expect((await other.agent.get(PATH).expect(200)).body).toEqual({ templateId: TEMPLATE, agreed: false });
  const counted = 'SELECT COALESCE(SUM(consents), 0) FROM message_consents WHERE template_id = ?';
  expect(await rig.count(counted, [TEMPLATE])).toBe(1);
});

it('takes no other template, no other field, and nobody who is not signed in', async () => {
  sends(TEMPLATE);
  const phone = await rig.phone();
  for (const body of [
    {},
    { templateId: 1 },
    { templateId: '' },
    { templateId: 'a b' },
    { templateId: TEMPLATE, n: 9 },
  ]) {
    await phone.agent.post(PATH).send(body).expect(400);
  }
  await phone.agent.post(PATH).send({ templateId: 'another-template' }).expect(409);
  const { status } = await fetch(`http://127.0.0.1:${rig.port}${PATH}`);
  expect(status).toBe(401);
});
