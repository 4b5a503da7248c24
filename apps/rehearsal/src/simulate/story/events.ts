import { PROCESSES } from '../cluster/cluster';
import { MERCHANTS } from '../cluster/settings';
import { Chance } from '../time/chance';
import { letterOf, type Letter } from '../wechat/courier';
import type { WechatBill } from '../wechat/platform';
import { ACTIVE_MS, type Element } from './plan';
import { Shopper } from './shopper';
import type { World } from './world';

type Of<K extends Element['kind']> = Extract<Element, { readonly kind: K }>;
type Spell = { readonly atMs: number; readonly forMs: number };

const OTHER_FEN = 7;

/** Puts one element of the plan on the agenda. `no` is its place in the plan. */
export function arrange(world: World, element: Element, no: number, seed: number): void {
  const chance = new Chance(seed, 300 + no);
  const { schedule, rates } = world;
  switch (element.kind) {
    case 'shopper': {
      const shopper = new Shopper(world, element, chance, no);
      world.shoppers.push(shopper);
      schedule.later(element.atMs, () => shopper.start());
      return;
    }
    case 'weather':
      return weather(world, element);
    case 'storm':
      weather(world, { ...element, kind: 'weather', trouble: element.unclear });
      return weather(world, { ...element, kind: 'weather', trouble: element.untaken });
    case 'cut':
      return cut(world, element, chance);
    case 'kill':
      return kill(world, element);
    case 'stop':
      return during(world, element, (on) => schedule.hold(element.process, on));
    case 'slow':
      rates.slow.set(element.process, element);
      return;
    case 'clock':
      schedule.later(element.atMs, () => schedule.setClock(element.process, element.jumpMs));
      return;
    case 'deadlocks':
      rates.deadlocks += element.rate;
      return;
    case 'lost commits':
      rates.lostCommits += element.rate;
      return;
    case 'lost statements':
      rates.lostStatements += element.rate;
      return;
    case 'flush':
      schedule.later(element.atMs, () => world.doorbell.flush());
      return;
    case 'redis down':
      return during(world, element, (on) => (world.doorbell.down = on));
    case 'door shut':
      return during(world, element, (on) => (world.courier.mute = on));
    case 'balance empty':
      return balance(world, element);
    case 'wrong letters':
      return wrongLetters(world, element, chance);
    case 'wrong answers':
      return during(world, element, (on) => {
        if (!world.drained) world.lies.set(element.field, on ? element.rate : 0);
      });
    case 'bunches':
      world.wire.bunchMs = element.everyMs;
      return;
    case 'contradiction':
      return contradictions(world, element, chance);
    case 'stray jobs':
      return strayJobs(world, element, chance);
    case 'restore':
      return restore(world, element);
  }
}

/** The troubles end: whatever is down comes up, whatever stood still goes on. */
export function calm(world: World): void {
  const { schedule, cluster } = world;
  world.drained = true;
  world.wire.calm();
  world.lies.clear();
  world.rates.calm();
  world.doorbell.calm = true;
  world.doorbell.down = false;
  world.courier.mute = false;
  for (const name of cluster.processes.keys()) {
    schedule.hold(name, false);
    schedule.setClock(name, 0);
    if (!schedule.isAlive(name)) cluster.boot(name);
  }
}

/** Something is so for a while, and not longer than troubles last. */
function during({ schedule }: World, { atMs, forMs }: Spell, change: (on: boolean) => void): void {
  schedule.later(atMs, () => change(true));
  schedule.later(Math.min(atMs + forMs, ACTIVE_MS), () => change(false));
}

function weather(world: World, element: Of<'weather'>): void {
  during(world, element, (on) => {
    if (!world.drained) world.wire.change(element.trouble, on ? element.rate : -element.rate);
  });
}

function kill({ schedule, cluster }: World, { process, atStep, downMs }: Of<'kill'>): void {
  const before = schedule.beforeStep;
  schedule.beforeStep = (step) => {
    before(step);
    if (step !== atStep || !schedule.isAlive(process)) return;
    cluster.kill(process);
    schedule.later(downMs, () => {
      if (!schedule.isAlive(process)) cluster.boot(process);
    });
  };
}

function cut({ schedule, cluster, wire }: World, { how, request, ms }: Of<'cut'>, chance: Chance): void {
  const before = wire.leaves;
  wire.leaves = (name, no) => {
    before(name, no);
    if (no !== request) return;
    const process = PROCESSES.find((one) => one === name)!;
    schedule.later(chance.span(0.1, 100), () => {
      if (!schedule.isAlive(process)) return;
      if (how === 'kill') cluster.kill(process);
      else schedule.hold(process, true);
      schedule.later(ms, () => {
        if (how === 'stop') schedule.hold(process, false);
        else if (!schedule.isAlive(process)) cluster.boot(process);
      });
    });
  };
}

function balance(world: World, element: Spell): void {
  let left = new Map<string, number>();
  during(world, element, (on) => {
    if (on) left = new Map(MERCHANTS.map((mchId) => [mchId, world.platform.drain(mchId)]));
    else for (const [mchId, fen] of left) if (fen > 0) world.platform.topUp(mchId, fen);
  });
}

/** Letters with a signature that holds and a content that is not ours, and letters whose signature does not hold. */
function wrongLetters(world: World, { field, rate }: Of<'wrong letters'>, chance: Chance): void {
  after(world, (bill) => {
    if (world.drained || !chance.happens(rate)) return;
    const letter = letterOf(bill, world.platform);
    world.courier.send(bill, { ...spoiled(letter, field), wrong: true }, chance.span(1, 10_000));
  });
}

function spoiled({ signed, mchId, resource }: Letter, field: Of<'wrong letters'>['field']): Letter {
  switch (field) {
    case 'amount':
      return { signed, mchId, resource: { ...resource, transfer_amount: OTHER_FEN } };
    case 'person':
      return { signed, mchId, resource: { ...resource, openid: 'o-somebody-else' } };
    case 'merchant':
      return { signed, mchId: '1900009999', resource: { ...resource, mch_id: '1900009999' } };
    case 'signature':
      return { signed: false, mchId, resource: { ...resource, state: 'SUCCESS' } };
  }
}

/** After its word was taken WeChat says the opposite. Not where the database may be set back: what it forgot would make the lie the first word. */
function contradictions(world: World, { rate }: Of<'contradiction'>, chance: Chance): void {
  const before = world.courier.taken;
  const told = new Set<string>();
  world.courier.taken = (bill, taken) => {
    before(bill, taken);
    if (taken.contradicts) world.contradicted.add(bill.billNo);
    if (world.drained || world.restored || world.restoreAhead) return;
    if (told.has(bill.billNo) || taken.wrong || !chance.happens(rate)) return;
    told.add(bill.billNo);
    const letter = letterOf(bill, world.platform);
    const state = letter.resource.state === 'SUCCESS' ? 'FAIL' : 'SUCCESS';
    world.courier.send(
      bill,
      { ...letter, contradicts: true, resource: { ...letter.resource, state } },
      chance.span(100, 40_000),
    );
  };
}

/** `heard` is called when a bill has ended, besides the courier. */
function after({ courier }: World, heard: (bill: WechatBill) => void): void {
  const ended = courier.ended.bind(courier);
  courier.ended = (bill) => {
    ended(bill);
    heard(bill);
  };
}

/** Ids in Redis that no row has, and rows that are long done. */
function strayJobs({ schedule, doorbell }: World, { atMs }: Of<'stray jobs'>, chance: Chance): void {
  schedule.later(atMs, () => {
    for (let id = 1; id <= 20; id++) if (chance.happens(0.5)) doorbell.put(String(id));
    doorbell.put('999999999');
  });
}

function restore(world: World, { backupAtMs, atMs }: Of<'restore'>): void {
  const { schedule, cluster } = world;
  world.restoreAhead = true;
  schedule.later(backupAtMs, () => {
    const snapshot = cluster.database.snapshot();
    schedule.later(Math.min(atMs, ACTIVE_MS) - backupAtMs, () => world.restoreTo(snapshot));
  });
}
