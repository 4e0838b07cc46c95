/** The compiled kernels, as bytes; scripts/kernel.mjs makes the file and the bundler embeds it. */
declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
