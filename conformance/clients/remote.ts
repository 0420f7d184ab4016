// Calls what a module exports, for somebody at the other end of a pipe: one JSON on a line in, one out.
//
//   {"name": "startWorkflow", "given": ["wfl_…"]}  →  {"result": …} or {"fault": "…"}
//
// A file travels as {"file": Base64, "name": …}; bytes come back as Base64.

console.debug = console.log = () => {}; // standard output is the pipe
const client = await import(`file://${Deno.args[0]}`);

function received(value: unknown): unknown {
  if (value && typeof value === "object" && "file" in value) {
    const { file, name } = value as unknown as { file: string; name: string };
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    return new File([bytes], name, { type: "application/pdf" });
  }
  return value;
}

function sent(_name: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(""));
}

let waiting = "";
for await (const piece of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (waiting + piece).split("\n");
  waiting = lines.pop() ?? "";
  for (const line of lines) {
    const { name, given } = JSON.parse(line);
    const answer = await client[name](...given.map(received)).then(
      (result: unknown) => ({ result: result ?? null }),
      (fault: unknown) => ({ fault: String(fault) }),
    );
    await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(answer, sent) + "\n"));
  }
}
