/** Addresses of one domain that are looked at: more tell nothing that a human could use. */
export const mostAddresses = 50;
