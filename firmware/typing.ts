/** A keypad beside the screen: what is typed on it presses the keys that the screen shows. */
import type { I2cBus } from "./board.js";
import { startKeypad } from "./devices/keypad.js";
import { post } from "./runner.js";
import type { Runner } from "./runner.js";
import { keysFor } from "./screen.js";
import { log } from "./surroundings.js";

/** Starts the keypad. */
export function openKeypad<S>(runner: Runner<S>, bus: I2cBus): void {
  const { config, board, terminal } = runner;
  startKeypad(
    bus,
    board.clock,
    function (place) {
      const keys = keysFor(terminal, runner.state, config.keypad.charAt(place));
      for (let i = 0; i < keys.length; i++) post(runner, { kind: "key", key: keys[i] });
    },
    function (health) {
      if (runner.common.up) log(runner, "keypad: " + health);
      return runner.common.up;
    },
  );
}
