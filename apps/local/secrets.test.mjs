import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ensureSecrets, faultsOfSecrets } from './secrets.mjs';

describe('secrets of an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yima-secrets-'));
  const file = join(folder, 'data', 'secrets.json');
  let first;
  before(async () => {
    // Two first starts at once: one set of keys must come out.
    const both = await Promise.all([ensureSecrets(file), ensureSecrets(`${folder}/data/../data/secrets.json`)]);
    assert.deepEqual(both[0].secrets, both[1].secrets);
    first = both[0].secrets;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are whole, in the shape that the processes parse', () => {
    assert.deepEqual(faultsOfSecrets(first), []);
    assert.match(first.codeKeys.A, /^[0-9a-f]{64}$/);
    const keys = ['billKey', 'cookieKey', 'drawKey', 'personalDataKey', 'blindIndexKey'].map((name) => first[name]);
    assert.equal(new Set([...keys, first.codeKeys.A]).size, 6);
    assert.match(first.wechat.appId, /^wx[0-9a-f]{16}$/);
    const [merchant] = first.wechat.merchants;
    assert.equal(merchant.apiV2Key.length, 32);
    assert.equal(merchant.apiV3Key.length, 32);
    assert.match(first.wechat.platform.publicKeyId, /^PUB_KEY_ID_01\d+$/);
  });

  it('hold certificates that verify: merchant by its number, server by its addresses, both from the own authority', () => {
    const authority = new X509Certificate(first.sandbox.ca.certificate);
    const server = new X509Certificate(first.sandbox.server.certificate);
    const [{ certificate, serialNo, mchId, privateKey }] = first.wechat.merchants;
    const merchant = new X509Certificate(certificate);
    assert.ok(authority.ca && authority.verify(authority.publicKey));
    assert.ok(server.verify(authority.publicKey) && server.checkIP('127.0.0.1') && server.checkHost('localhost'));
    assert.ok(merchant.verify(authority.publicKey));
    assert.equal(merchant.subject, `CN=${mchId}`);
    assert.equal(merchant.serialNumber, serialNo);
    assert.ok(merchant.publicKey.equals(createPublicKey(privateKey)));
    assert.ok(
      createPublicKey(first.wechat.platform.publicKey).equals(createPublicKey(first.sandbox.platformPrivateKey)),
    );
  });

  it('are closed to others and leave no half-written file', () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, 'data')), ['secrets.json']);
  });

  it('are read, not made, the next time; a mode that was opened is closed again', async () => {
    chmodSync(file, 0o644);
    const bytes = readFileSync(file, 'utf8');
    const again = await ensureSecrets(file);
    assert.equal(again.made, false);
    assert.equal(readFileSync(file, 'utf8'), bytes);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  for (const [what, text, message] of [
    ['cut off', '{ "version": 1, "codeKeys"', /cannot be read[^]*left as it is/],
    ['without its code keys', '{ "version": 1 }', /is not whole: codeKeys[^]*left as it is/],
  ]) {
    it(`are never written over, also when the file is ${what}`, async () => {
      const broken = join(folder, 'broken.json');
      writeFileSync(broken, text);
      await assert.rejects(ensureSecrets(broken), message);
      assert.equal(readFileSync(broken, 'utf8'), text);
    });
  }
});
