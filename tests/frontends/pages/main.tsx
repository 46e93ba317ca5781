// Mounts the component of a document under an id that outlives a reload.
import { createRoot } from "react-dom/client";
import { Chat } from "chat";

const id = (sessionStorage.id ??= crypto.randomUUID());
createRoot(document.body).render(<Chat id={id} />);
