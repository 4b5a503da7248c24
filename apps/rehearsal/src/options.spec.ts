import { readOptions } from './options';

const env = {
  ...{ PUBLIC_URL: 'http://127.0.0.1:1', SANDBOX_OPEN_URL: 'http://127.0.0.1:2' },
  ...{ SANDBOX_ADMIN_URL: 'http://127.0.0.1:3', SANDBOX_ADMIN_TOKEN: 'x' },
};
const person = (login: string, role: string) => ({ login, role, password: 'p' });

it('takes the people of headquarters from the demo, the owner first: only an owner may create another', () => {
  const logins = [person('two', 'approver'), person('far', 'distributor'), person('boss', 'owner')];
  const options = readOptions([], { ...env, DEMO_REPORT: JSON.stringify({ logins }) });
  expect(options.logins.map(({ login }) => login)).toEqual(['boss', 'two']);
  expect(() =>
    readOptions([], { ...env, DEMO_REPORT: JSON.stringify({ logins: [person('far', 'distributor')] }) }),
  ).toThrow('--login name:password');
});
