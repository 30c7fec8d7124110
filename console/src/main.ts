// Both pages share this script; the document says which one it is.

import { startChat } from "./chat/chat-page.ts";
import { startLive } from "./live/live-page.ts";

if (document.body.dataset.page === "chat") {
  startChat();
} else {
  startLive();
}
