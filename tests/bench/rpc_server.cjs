// npm's ocpp-rpc as the back office, in strict mode; prints its port.
const { RPCServer } = require("../peers/node_modules/ocpp-rpc");
const server = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true });
const now = () => new Date().toISOString();
server.auth((accept) => accept());
server.on("client", (client) => {
  client.handle("BootNotification", () => ({ status: "Accepted", interval: 300, currentTime: now() }));
  client.handle("Heartbeat", () => ({ currentTime: now() }));
  client.handle("MeterValues", () => ({}));
});
server.listen(0, "127.0.0.1").then((http) => console.log(http.address().port));
