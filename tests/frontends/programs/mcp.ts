// What both of the official clients make of /mcp, in the era of their handshake and in the later one.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FirstTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const url = new URL("http://127.0.0.1:8000/mcp");
const self = { name: "tests", version: "1.0.0" };
const asked = { name: "ask", arguments: { question: "Where does the de-esser go?", creator: "mara-lindqvist" } };
const wrong = { name: "ask", arguments: { question: "Where?", creator: "nobody-here" } };

async function used(client: Client | FirstClient) {
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const { contents } = await client.readResource({ uri: resources[0].uri });
  const answer = await client.callTool(asked);
  const refused = await client.callTool(wrong);
  const spoken = client instanceof Client ? client.getNegotiatedProtocolVersion() : "";
  const server = client.getServerVersion()?.name;
  await client.close();
  return {
    spoken,
    server,
    tools: tools.map((tool) => tool.name),
    resource: contents.length,
    answer: answer.structuredContent,
    refused: [refused.isError, refused.content],
  };
}

const first = new FirstClient(self);
await first.connect(new FirstTransport(url));
const handshake = new Client(self);
await handshake.connect(new StreamableHTTPClientTransport(url));
const modern = new Client(self, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
await modern.connect(new StreamableHTTPClientTransport(url));
const made = { first: await used(first), handshake: await used(handshake), modern: await used(modern) };
console.log(JSON.stringify(made));
