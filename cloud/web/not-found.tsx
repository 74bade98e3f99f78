import { Sheet } from "./layout.js";
import type { Words } from "./words.ru.js";

/** Says the same to who may not see a page and to who asks for one that is not there. */
export function NotFoundPage({ words }: { words: Words }) {
  return (
    <Sheet words={words} title={words.notFound.title} guardian={null} here="/">
      <h1>{words.notFound.title}</h1>
      <p>{words.notFound.lead}</p>
      <p>
        <a href="/">{words.notFound.home}</a>
      </p>
    </Sheet>
  );
}
