// What the official client makes of each of its ways here, as one object.
import OpenAI, { NotFoundError } from "openai";

const client = new OpenAI({ baseURL: "http://127.0.0.1:8000/v1", apiKey: "anonymous", maxRetries: 0 });
const model = "mara-lindqvist";
const messages = [{ role: "user" as const, content: "Where does the de-esser go?" }];
const input = messages[0].content;

const whole = await client.chat.completions.create({ model, messages });
const runner = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
const streamed = await runner.finalChatCompletion();
const response = await client.responses.create({ model, input });
const kinds: string[] = [];
const responding = client.responses.stream({ model, input });
for await (const event of responding) kinds.push(event.type);
const finished = await responding.finalResponse();
const again = await client.responses.create({ model, input: "And why there?", previous_response_id: response.id });
const models: string[] = [];
for await (const one of client.models.list()) models.push(one.id);
const vectors = await client.embeddings.create({ model: "chrysopedia", input: [input, "After the compressor."] });
const refused = await client.chat.completions
  .create({ model: "nobody-here", messages })
  .catch((error: NotFoundError) => ({ kind: error.constructor.name, status: error.status, code: error.code }));

const said = (made: OpenAI.Responses.Response) =>
  made.output.flatMap((item) => (item.type === "message" ? item.content : []))[0] as OpenAI.Responses.ResponseOutputText;
console.log(
  JSON.stringify({
    whole: whole.choices[0].message,
    streamed: streamed.choices[0].message,
    usage: streamed.usage,
    response: { text: response.output_text, annotations: said(response).annotations },
    finished: { text: finished.output_text, annotations: said(finished).annotations },
    again: { status: again.status, previous: again.previous_response_id === response.id },
    kinds: [...new Set(kinds)],
    models,
    model: (await client.models.retrieve(model)).id,
    vectors: vectors.data.map((one) => one.embedding.length),
    refused,
  }),
);
