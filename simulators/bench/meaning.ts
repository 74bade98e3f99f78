/** What a burst of bytes says, for a person. */
export interface Meaning {
  readonly text: string;
  /** Part of the endless asking and answering, of no interest until something is wrong with it. */
  readonly routine: boolean;
}

export function meaning(text: string, routine = false): Meaning {
  return { text, routine };
}
