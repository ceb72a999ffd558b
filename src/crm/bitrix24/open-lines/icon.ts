/** The icon of our channels in the portal: a speech bubble. */
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 70 70"><path fill="#fff" d="M14 16h42a5 5 0 0 1 5 5v24a5 5 0 0 1-5 5H34L22 61V50h-8a5 5 0 0 1-5-5V21a5 5 0 0 1 5-5zm7 12v4h28v-4zm0 9v4h19v-4z"/></svg>';

/** An icon on a ground of some colour, as `imconnector.register` takes it. */
export function iconOn(color: string) {
  const image = `data:image/svg+xml;charset=US-ASCII,${encodeURIComponent(svg)}`;
  return { DATA_IMAGE: image, COLOR: color, SIZE: '90%', POSITION: 'center' };
}
