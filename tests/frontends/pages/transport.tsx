// assistant-ui with the transport and the thread list of its own, coming back by the stream's name.
import { AssistantRuntimeProvider, ComposerPrimitive, MessagePrimitive, ThreadPrimitive } from "@assistant-ui/react";
import { AssistantChatTransport, createResumableSessionStorage, useChatRuntime } from "@assistant-ui/react-ai-sdk";

const api = "http://127.0.0.1:8000/api/v1/ui/chat";
const storage = createResumableSessionStorage();
const transport = new AssistantChatTransport({
  api,
  body: { creator: "mara-lindqvist" },
  resumable: { storage, resumeApi: (id) => `${api}/${id}/stream` },
});

export function Chat(_: { id: string }) {
  return (
    <AssistantRuntimeProvider runtime={useChatRuntime({ transport })}>
      <ThreadPrimitive.Messages components={{ Message: MessagePrimitive.Parts }} />
      <ComposerPrimitive.Root>
        <ComposerPrimitive.Input aria-label="Question" />
        <ComposerPrimitive.Send>Ask</ComposerPrimitive.Send>
        <button type="button" onClick={() => fetch(`${api}/${storage.getStreamId()}/stop`, { method: "POST" })}>Stop</button>
      </ComposerPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}
