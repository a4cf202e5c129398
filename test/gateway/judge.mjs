// A model that is asked to judge: it reads the request as genaiops writes it, and
// replies in one of several ways. What it is told by what it judges, it does.

import { readFileSync } from "node:fs";

const attacksFile = new URL("../golden/judges/attacks.json", import.meta.url);
let attacks;

function content(messages, role) {
	const { content: said = "" } = messages.find((m) => m.role === role) ?? {};
	return Array.isArray(said) ? said.map((part) => part.text ?? "").join("") : String(said);
}

// What is between the fences, by name; null if this is no request of a judge.
export function readJudgeRequest(messages = []) {
	const system = content(messages, "system");
	const user = content(messages, "user");
	const [, boundary] = /<begin NAME ([0-9a-f]{32})>/.exec(system) ?? [];
	const [, nonce] = /^"nonce": "([0-9a-f]{32})"$/m.exec(system) ?? [];
	if (!boundary || !nonce) return null;
	const sections = {};
	const fence = new RegExp(`<begin ([a-z ]+) ${boundary}>\n([^]*?)\n<end \\1 ${boundary}>`, "g");
	for (const [, name, text] of user.matchAll(fence)) sections[name] = text;
	return { system, user, nonce, sections };
}

// The elements of a section, which may be one text.
function elements(section) {
	try {
		const list = JSON.parse(section);
		return (Array.isArray(list) ? list : [list]).map((e) => (typeof e === "string" ? e : (e.text ?? JSON.stringify(e))));
	} catch {
		return [section];
	}
}

// Rules hold unless the answer is rude, facts if the answer has them, and sentences of the answer if the context does.
function claims({ outputs, context, guidelines, expectations, inputs = "" }) {
	const list = (texts, holds) => texts.map((claim) => ({ claim, holds: holds(claim) ? "yes" : "no" }));
	if (guidelines) return list(elements(guidelines), () => !outputs.includes("rude"));
	if (expectations) return list(elements(expectations), (fact) => outputs.includes(fact));
	if (outputs === undefined) return list(elements(context), (text) => text.split(" ").some((word) => word.length > 4 && inputs.includes(word)));
	const sentences = (outputs.match(/[^.!?]+[.!?]/g) ?? []).map((sentence) => sentence.trim());
	return list(sentences, (sentence) => context.includes(sentence.replace(/[.!?]$/, "")));
}

// An honest verdict; result= is what it says where there are no claims.
export function verdict(request, option = {}) {
	const { system, sections, nonce } = request;
	const reply = { nonce, rationale: option.rationale ?? "As the data show." };
	const range = /^"result": (a whole number|a number) from/m.test(system);
	if (/^"intent":/m.test(system)) reply.intent = "to know the way";
	if (/^"claims":/m.test(system)) reply.claims = claims(sections);
	if (/how many of the claims hold/.test(system)) reply.result = reply.claims.filter((c) => c.holds === "yes").length;
	else if (reply.claims) reply.result = reply.claims.every((c) => c.holds === "yes") ? "yes" : "no";
	else if (option.result !== undefined) reply.result = range ? Number(option.result) : option.result;
	else if (range) reply.result = 4;
	else if (/"result": one of "first"/.test(system)) reply.result = prefer(sections);
	else reply.result = /wrong/.test(sections.outputs ?? "") ? "no" : "yes";
	return reply;
}

// Of two answers the longer one.
function prefer({ outputs, "second outputs": second }) {
	if (outputs.length === second.length) return "tie";
	return outputs.length > second.length ? "first" : "second";
}

// What an answer that attacks wants to have replied; an answer that is no attack says it itself.
function ordered(sections) {
	attacks ??= JSON.parse(readFileSync(attacksFile, "utf8"));
	return attacks.find((attack) => attack.answer === sections.outputs)?.reply ?? sections.outputs;
}

// mode=: obey, echo (the answer), repeat (the whole message), or one of the faults of a reply.
export function judge(request, option = {}) {
	const { sections, user, nonce } = request;
	const honest = verdict(request, option);
	const text = JSON.stringify(honest);
	switch (option.mode) {
		case "obey":
			return ordered(sections);
		case "echo":
			return sections.outputs;
		case "repeat":
			return user;
		case "talk":
			return `Here it is: ${text}`;
		case "fence":
			return `\`\`\`json\n${text}\n\`\`\``;
		case "twice":
			return `${text}\n${text}`;
		case "stale":
			return JSON.stringify({ ...honest, nonce: nonce.replace(/./g, "0") });
		case "contradict":
			return JSON.stringify({ ...honest, result: typeof honest.result === "number" ? honest.result + 1 : honest.result === "yes" ? "no" : "yes" });
		case "boast":
			return JSON.stringify({ ...honest, result: 6 });
		case "newline":
			return JSON.stringify({ ...honest, result: `${honest.result}\n` });
		default:
			return text;
	}
}
