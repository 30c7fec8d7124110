// Time, as the client sees it. Given from outside so that tests move it by hand.

export interface Scheduler {
  /** Milliseconds that never run backwards. */
  now(): number;

  /** Runs a task once, later. Answers what takes that back. */
  schedule(delayMs: number, task: () => void): () => void;
}

const LONGEST_TIMER = 2 ** 31 - 1; // of setTimeout; what is due later is asked again

export const systemScheduler: Scheduler = {
  now: () => performance.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};
