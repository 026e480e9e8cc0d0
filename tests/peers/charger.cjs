// A charger on ocpp-rpc in strict mode, driven by JSON lines on stdin.
// {"call": action, "params": {...}} sends a CALL; {"answers": {action: payload}} says how CALLs are answered.
// On stdout, a JSON line each: {"result": ...} or {"error": ...} per call; {"called": action, "params": ...};
// {"bad": ...} where strict mode refuses what came.
const { RPCClient, createValidator } = require("ocpp-rpc");
const readline = require("node:readline");

const [endpoint, identity, protocol] = process.argv.slice(2);
// The package names its 2.1 schemas XRequest and XResponse, and looks for X.req and X.conf.
const named = (schema) =>
  ({ ...schema, $id: schema.$id.replace(/Request$/, ".req").replace(/Response$/, ".conf") });
const strictModeValidators =
  [createValidator("ocpp2.1", require("ocpp-rpc/lib/schemas/ocpp2_1.json").map(named))];
const client = new RPCClient(
  { endpoint, identity, protocols: [protocol], strictMode: true, strictModeValidators, reconnect: false });
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
let answers = {};

client.on("strictValidationFailure", ({ error, method, isCall }) =>
  say({ bad: String(error), method, isCall, details: error.details }));
client.on("badMessage", ({ error }) => say({ bad: String(error) }));
client.handle(({ method, params }) => {
  say({ called: method, params });
  return answers[method];
});

(async () => {
  await client.connect();
  say({ connected: client.protocol });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const todo = JSON.parse(line);
    if (todo.answers) {
      answers = todo.answers;
      continue;
    }
    try {
      say({ result: await client.call(todo.call, todo.params, { callTimeoutMs: 10000 }) });
    } catch (error) {
      say({ error: String(error), code: error.rpcErrorCode, details: error.details });
    }
  }
  await client.close();
})().catch((error) => {
  say({ error: String(error) });
  process.exit(1);
});
