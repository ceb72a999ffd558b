/** How many addresses of one domain are examined; a longer list is of no use to people. */
export const maxAddresses = 50;
