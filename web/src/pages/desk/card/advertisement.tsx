import type { ComponentChildren } from 'preact';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';

/** The advertisement that a conversation on Avito is about, and the client's profile there; null for other contacts. */
export function advertisementOf({ attribution, party }: Interaction): {
  readonly advertisement: ComponentChildren;
  readonly profile: ComponentChildren;
} {
  const { avito_item: item, avito_price: price, avito_profile: address } = attribution?.ids ?? {};
  if (attribution === null || item === undefined) return { advertisement: null, profile: null };
  const title = [attribution.campaign ?? item, price].filter(Boolean).join(', ');
  return {
    advertisement: <WebLink address={attribution.page}>{title}</WebLink>,
    profile: address === undefined ? null : <WebLink address={address}>{party.name ?? 'Avito'}</WebLink>,
  };
}

/** A link, if the address is one of the web: it came from outside. */
function WebLink({ address, children }: { readonly address: string | null; readonly children: ComponentChildren }) {
  if (address === null || !/^https?:\/\//i.test(address)) return <>{children}</>;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
