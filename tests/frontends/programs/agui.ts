// A conversation by the agent of AG-UI: an answer, a follow-up, one that is refused, and one that is left.
import { HttpAgent } from "@ag-ui/client";

const agent = new HttpAgent({ url: "http://127.0.0.1:8000/api/v1/agui", threadId: crypto.randomUUID() });
const named: string[] = [];

async function ask(content: string, onWord = () => {}) {
  agent.addMessage({ id: crypto.randomUUID(), role: "user", content });
  const { newMessages } = await agent.runAgent(
    {},
    {
      onCustomEvent: ({ event }) => void named.push(event.name),
      onTextMessageContentEvent: onWord,
    },
  );
  return newMessages.at(-1);
}

const first = await ask("What ratio on a lead vocal?");
const second = await ask("And why?");
const log = console.error;
console.error = () => {}; // the agent writes of each failure
const refused = await ask("What? ".repeat(300)).catch((error: Error) => error.message);
agent.messages.pop();
await ask("And on a choir?", () => agent.abortRun()).catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 1000));
console.error = log;
console.log(JSON.stringify({ named, first, second, refused }));
