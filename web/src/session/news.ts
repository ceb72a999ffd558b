import { useEffect } from 'preact/hooks';

/** Lists that are read again when the server reports a change. */
export type Topic = 'follow-ups' | 'conversations';

/** Milliseconds in which several changes lead to one reading. */
const quietTime = 300;
const news = new EventTarget();

/** Makes the lists of a topic read again. */
export function reportChange(topic: Topic): void {
  news.dispatchEvent(new Event(topic));
}

/** Calls `read` at once and after each change of a topic, and every so many milliseconds if given. */
export function useNews(topic: Topic, read: () => void, deps: readonly unknown[], every?: number): void {
  useEffect(() => {
    let timer: number | undefined;
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(read, quietTime);
    };
    const repeated = every === undefined ? undefined : setInterval(read, every);
    news.addEventListener(topic, soon);
    read();
    return () => {
      clearInterval(repeated);
      clearTimeout(timer);
      news.removeEventListener(topic, soon);
    };
  }, [topic, ...deps]);
}
