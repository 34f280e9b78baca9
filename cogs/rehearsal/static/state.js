// What the room shows, as the server sent it, and acting in it.

export const parts = new Map();
export const here = { viewer: sessionStorage.getItem("viewer") ?? "", channel: "" };

export const room = () => parts.get("room");
export const channels = () => parts.get("channels") ?? [];
export const channel = (id = here.channel) => channels().find((one) => one.id === id);
export const commands = () => parts.get(`commands:${here.channel}`) ?? { slash: [], menu: [] };
export const member = (id) => room().members.find((one) => one.id === id);

export function messagesIn(channelId) {
  const found = [...parts].filter(([name, part]) => name.startsWith("message:") && part.channel_id === channelId);
  return found.map(([, part]) => part).sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

export function nameOf(id) {
  return id === room().bot.id ? room().bot.name : (member(id)?.name ?? "somebody");
}

export async function act(what) {
  try {
    const answer = await fetch(`/act?as=${here.viewer}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel: here.channel, ...what }),
    });
    if (answer.ok) return await answer.json();
    return { refused: answer.status === 413 ? "These files are too large for the room." : "The room could not do that." };
  } catch {
    return { refused: "The room does not answer. If it has been closed, start it again with: uv run bot.py" };
  }
}
