/** The one timer of a driver: what it will do next, unless something comes first. */
import type { Clock } from "./board.js";

interface Timed {
  readonly clock: Clock;
  /** 0: nothing is planned. */
  timer: number;
}

/** Instead of whatever was planned before. */
export function later<D extends Timed>(driver: D, delayMs: number, run: (driver: D) => void): void {
  if (driver.timer) driver.clock.cancel(driver.timer);
  const own = driver.clock.after(delayMs, function () {
    // After a standstill (a connection being tried) a timer that was cancelled meanwhile may still be delivered.
    if (driver.timer !== own) return;
    driver.timer = 0;
    run(driver);
  });
  driver.timer = own;
}
