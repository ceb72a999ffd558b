import { useLocation } from 'preact-iso';
import { addresses } from '../../session/addresses.ts';

/** Opens the card of an interaction by its id. */
export function useOpenById(): (id: string) => void {
  const { route } = useLocation();
  return (id) => route(addresses.interaction(id));
}
