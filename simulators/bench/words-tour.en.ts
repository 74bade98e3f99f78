/** The tour of the bench in English. */
import type { TOUR_RU } from "./words-tour.ru.js";

export const TOUR_EN: typeof TOUR_RU = {
  open: "Tour",
  show: "Show me",
  next: "Next",
  skip: "Skip",
  close: "End",
  steps: {
    card: { title: "Hold a card.", text: "Click a pupil's card: it lies on the payment terminal's reader for a second." },
    purse: {
      title: "Choose a purse.",
      text: "Touch the additional purse (Дополнительный) on the screen: by mouse, or by arrows and space.",
    },
    note: {
      title: "Feed a note of 100.",
      text: "Once the acceptor waits for a note. It appears in the gateway's journal, then in the cloud's ledger.",
    },
    cut: { title: "Cut the power.", text: "Feed 500 and switch the terminal off while the note is on its way into the cassette." },
    back: { title: "Switch it on again.", text: "It remembers the note and prints a receipt or a claim code: nothing is lost." },
    offline: { title: "Cut the internet.", text: "The switch above. The school will not notice." },
    class: {
      title: "Feed a class.",
      text: "A teacher's card at the information terminal, then confirm (Подтвердить). Stored on the left, on its way on the right.",
    },
    online: { title: "Bring the internet back.", text: "The cloud's ledger catches up with the gateway's journal." },
    end: { title: "Your turn.", text: "Break anything under Faults, stop the time, read the wires: every kopeck is found in both books." },
  },
};
