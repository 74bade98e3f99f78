/** The reader of the page that is being drawn, for whichever piece asks. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Reader } from "./reader.js";

export const ReaderContext = createContext<Reader | null>(null);

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (reader === null) throw new Error("a page is drawn for nobody");
  return reader;
}
