import { Agenda, type Appointment } from './agenda';
import { Chance } from './chance';
import type { Surroundings } from './take-over';
import type { Parked, Scheduler } from '../memory-database';

/** The process that is nobody's: phones, WeChat, the network. It is never killed. */
export const WORLD = 'world';

interface Step {
  readonly label: string;
  readonly go: () => void;
}

/** A process of the simulated system. */
interface Actor {
  readonly name: string;
  readonly no: number;
  alive: boolean;
  stopped: boolean;
  /** Rises with each death: what belonged to an earlier life never goes on. */
  life: number;
  clockOffsetMs: number;
  steps: Step[];
}

export interface ScheduleOptions {
  readonly seed: number;
  /** Called before a step is put in line: how long it is held up, in ms; 0 = not at all. */
  readonly holdUp?: (process: string, label: string) => number;
}

/** Every step costs up to so much time. */
const STEP_MS = 0.8;
const START = Date.UTC(2026, 5, 1, 2, 0, 0);
/** Nobody works so long without waiting: something turns in circles. */
const MOST_STEPS = 60_000;

const AT_ONCE = Promise.resolve();

/** Nothing comes to rest. */
export class NoEnd extends Error {}

/**
 * Who goes on next is drawn from the seed, one step at a time; time passes only when nobody can go on, and a little with each step.
 * A step is whatever a process does between two waits.
 */
export class Schedule implements Scheduler, Surroundings {
  private readonly actors = new Map<string, Actor>();
  private readonly agenda = new Agenda();
  private readonly chance: Chance;
  private readonly bytes: Chance;
  /** How likely the process that ran last goes on, and how likely its oldest step does. */
  private readonly sticky: number;
  private readonly orderly: number;
  /** How likely a process goes straight on while nobody else can. */
  private readonly swift: number;
  private readonly holdUp: (process: string, label: string) => number;
  private time = START;
  private current: Actor;
  private ended = false;
  private hash = 0x811c9dc5;
  steps = 0;
  /** Called before each step, between any two: the place where a process may die. */
  beforeStep: (step: number) => void = () => undefined;
  /** Gets every step when somebody wants to see them. */
  tell: ((line: string) => void) | null = null;

  constructor(options: ScheduleOptions) {
    this.chance = new Chance(options.seed, 1);
    this.bytes = new Chance(options.seed, 2);
    this.sticky = this.chance.pick([0, 0, 0.5, 0.9]);
    this.orderly = this.chance.pick([0, 0.5, 0.95]);
    this.swift = this.chance.pick([0.5, 0.9]);
    this.holdUp = options.holdUp ?? (() => 0);
    this.current = this.join(WORLD);
  }

  /** A new process. */
  join(name: string): Actor {
    const actor: Actor = {
      name,
      no: this.actors.size,
      alive: true,
      stopped: false,
      life: 0,
      clockOffsetMs: 0,
      steps: [],
    };
    this.actors.set(name, actor);
    return actor;
  }

  now(): number {
    return this.time;
  }

  wallMs(): number {
    return this.time + this.current.clockOffsetMs;
  }

  steadyMs(): number {
    return this.time - START;
  }

  fill(bytes: Uint8Array): void {
    this.bytes.fill(bytes);
  }

  get running(): string {
    return this.current.name;
  }

  turn(process: string, label: string): Promise<void> {
    const actor = this.actor(process);
    const { life } = actor;
    if (actor === this.current && this.alone(actor) && this.chance.happens(this.swift)) return this.goOn(actor, label);
    return new Promise((resolve) => this.put(actor, life, label, resolve));
  }

  /** Is there nobody and nothing that could come before the next step of the process that runs? */
  private alone({ alive, stopped }: Actor): boolean {
    if (!alive || stopped || this.ended || this.steps >= MOST_STEPS || this.agenda.earliest <= this.time) return false;
    for (const { steps } of this.actors.values()) if (steps.length > 0) return false;
    return true;
  }

  /** The next step at once: the same as to stand in line alone, and cheaper. */
  private goOn(actor: Actor, label: string): Promise<void> {
    const { life } = actor;
    const heldUp = this.holdUp(actor.name, label);
    if (heldUp === 0) this.beforeStep(this.steps);
    if (heldUp > 0 || actor.life !== life) {
      return new Promise((resolve) => this.delay(actor, life, { label, go: resolve }, heldUp));
    }
    this.count(actor, label);
    return AT_ONCE;
  }

  park(process: string, label: string, timeoutMs: number): Parked {
    const actor = this.actor(process);
    const { life } = actor;
    let open = true;
    let finish: (how: 'woken' | 'timeout') => void = () => undefined;
    const done = new Promise<'woken' | 'timeout'>((resolve) => {
      finish = (how) => {
        if (!open) return;
        open = false;
        alarm.off = true;
        this.put(actor, life, label, () => resolve(how));
      };
    });
    const alarm = this.agenda.add(this.time + timeoutMs, () => finish('timeout'));
    return { done, wake: () => finish('woken') };
  }

  sleep(process: string, label: string, ms: number): Promise<'woken' | 'timeout'> {
    return this.park(process, label, ms).done;
  }

  timer(ms: number, work: () => void, repeat: boolean): () => void {
    const actor = this.current;
    const { life } = actor;
    let appointment: Appointment;
    const set = (): void => {
      appointment = this.agenda.add(this.time + Math.max(0, ms), () => {
        if (actor.life !== life) return;
        this.put(actor, life, 'timer', work);
        if (repeat) set();
      });
    };
    set();
    return () => {
      appointment.off = true;
    };
  }

  /** The world does something in `ms`; nobody's step, it happens between steps. */
  later(ms: number, work: () => void): Appointment {
    return this.agenda.add(this.time + ms, work);
  }

  /** Begins work in a process. What it throws is given to `failed`. */
  start(process: string, label: string, work: () => Promise<void>, failed: (error: unknown) => void): void {
    const actor = this.actor(process);
    this.put(actor, actor.life, label, () => {
      work().catch(failed);
    });
  }

  /** All that the process was about to do is gone. */
  kill(process: string): void {
    const actor = this.actor(process);
    actor.life++;
    actor.alive = false;
    actor.stopped = false;
    actor.steps = [];
  }

  revive(process: string): void {
    this.actor(process).alive = true;
  }

  isAlive(process: string): boolean {
    return this.actor(process).alive;
  }

  /** SIGSTOP and SIGCONT: nothing is lost, nothing goes on. */
  hold(process: string, stopped: boolean): void {
    this.actor(process).stopped = stopped;
  }

  /** The wall clock of a process jumps; its monotonic clock and the database's do not. */
  setClock(process: string, offsetMs: number): void {
    this.actor(process).clockOffsetMs = offsetMs;
  }

  /** Nobody goes on any more. */
  end(): void {
    this.ended = true;
  }

  /** What happened so far, as a number: equal for equal seeds. */
  get trace(): string {
    return `${(this.hash >>> 0).toString(16).padStart(8, '0')}-${this.steps}`;
  }

  /** Lets things happen until `end()`, or until nothing will ever happen again. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const drive = (): void => {
        try {
          if (this.ended || !this.oneStep()) resolve();
          else queueMicrotask(soon);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      // A tick comes when no promise has anything left to do: then the step is over.
      const soon = (): void => process.nextTick(drive);
      drive();
    });
  }

  private oneStep(): boolean {
    this.beforeStep(this.steps);
    for (let due = this.agenda.next(this.time); due; due = this.agenda.next(this.time)) {
      due.work();
      if (this.ended) return true;
    }
    let actor = this.choose();
    while (actor === null) {
      const next = this.agenda.next(Infinity);
      if (next === null) return false;
      this.time = Math.max(this.time, next.at);
      next.work();
      if (this.ended) return true;
      actor = this.choose();
    }
    if (this.steps >= MOST_STEPS) throw new NoEnd(`no end after ${MOST_STEPS} steps`);
    this.go(actor);
    return true;
  }

  private go(actor: Actor): void {
    const at = this.chance.happens(this.orderly) ? 0 : Math.floor(this.chance.next() * actor.steps.length);
    const step = actor.steps[at]!;
    actor.steps.splice(at, 1);
    this.current = actor;
    this.count(actor, step.label);
    step.go();
  }

  private count(actor: Actor, label: string): void {
    this.steps++;
    this.time += this.chance.next() * STEP_MS;
    this.note(actor.no * 65_536 + label.length);
    this.tell?.(`${this.steps} +${Math.round(this.time - START)} ${actor.name} ${label}`);
  }

  private choose(): Actor | null {
    if (ready(this.current) && this.chance.happens(this.sticky)) return this.current;
    let count = 0;
    for (const actor of this.actors.values()) if (ready(actor)) count++;
    if (count === 0) return null;
    let nth = Math.floor(this.chance.next() * count);
    for (const actor of this.actors.values()) if (ready(actor) && nth-- === 0) return actor;
    return null;
  }

  private put(actor: Actor, life: number, label: string, go: () => void): void {
    if (actor.life !== life || !actor.alive) return;
    const heldUp = this.holdUp(actor.name, label);
    if (heldUp === 0) actor.steps.push({ label, go });
    else this.delay(actor, life, { label, go }, heldUp);
  }

  private delay(actor: Actor, life: number, step: Step, ms: number): void {
    this.agenda.add(this.time + ms, () => {
      if (actor.life === life && actor.alive) actor.steps.push(step);
    });
  }

  private actor(name: string): Actor {
    const actor = this.actors.get(name);
    if (!actor) throw new Error(`no process ${name}`);
    return actor;
  }

  /** Lengths tell labels apart well enough, and cost nothing. */
  private note(number: number): void {
    this.hash = Math.imul(this.hash ^ number, 0x01000193);
    this.hash ^= this.hash >>> 15;
  }
}

function ready({ stopped, steps }: Actor): boolean {
  return !stopped && steps.length > 0;
}
