/** The script that runs on PyTorch, as text; the bundler embeds it. */
declare module "*.py" {
  const text: string;
  export default text;
}
