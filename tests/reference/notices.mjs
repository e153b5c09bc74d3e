// Renders the project's own words and templates with Project Fluent's JavaScript and with Handlebars, and compares.
// node notices.mjs FILE: lines as printed by the example `material` of the crate localisation.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import Handlebars from "handlebars";

const bare = (text) => text.replace(/[\u2068\u2069\u200F]/g, "");
const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const markup = (text) => text.replace(/[&<>"']/g, (c) => entities[c]);
const escapes = { line: (t) => t, text: (t) => t, html: markup, ssml: markup, letter: (t) => JSON.stringify(t).slice(1, -1) };
const isolates = {
  line: bare,
  ssml: bare,
  text: (t) => t,
  letter: (t) => t,
  html: (t) => t.replaceAll("\u2068", "<bdi>").replaceAll("\u2069", "</bdi>"),
};
const NUMBER = "\uE00F";
const kinds = { h: "heading", step: "step", item: "item", team: "team" };

function block(medium, kind, sentences) {
  const said = sentences.map((s) => isolates[medium](escapes[medium](s)));
  const joined = said.join(" ");
  if (medium === "line" || kind === "t") return joined;
  if (medium === "text") {
    return { h: `\n${joined}\n`, step: `${NUMBER}. ${joined}`, item: `- ${joined}`, team: `[${joined}]\n` }[kind] ?? `${joined}\n`;
  }
  if (medium === "html") {
    const tag = { h: "h2", step: "li", item: "li", team: "aside" }[kind] ?? "p";
    return `<${tag}>${joined}</${tag}>`;
  }
  if (medium === "letter") {
    return `{"kind":"${kinds[kind] ?? "paragraph"}","text":"${joined}"${kind === "step" ? `,"n":${NUMBER}` : ""}}`;
  }
  const inside = said.map((s) => `<s>${s}</s>`).join("");
  return kind === "slow" ? `<p><prosody rate="slow">${inside}</prosody></p><break time="1s"/>` : `<p>${inside}</p>`;
}

function around(medium, tag, inside) {
  if (medium === "html") return `<${tag}>${inside}</${tag}>`;
  const numbered = inside.split(NUMBER).reduce((text, piece, n) => text + n + piece);
  return medium === "text" ? `${numbered}\n` : numbered;
}

function tidy(medium, text) {
  if (medium === "line") return text.split(/\s+/).filter(Boolean).join(" ");
  const lines = [];
  let blank = true;
  for (const line of text.split("\n").map((l) => l.trimEnd())) {
    if (line === "" && (blank || medium !== "text")) continue;
    blank = line === "";
    lines.push(line);
  }
  return lines.join("\n").trimEnd();
}

function engine(medium, templates) {
  const hbs = Handlebars.create();
  hbs.escapeExpression = escapes[medium];
  for (const kind of ["t", "h", "p", "slow", "step", "team"]) {
    hbs.registerHelper(kind, function (...params) {
      const { data } = params.pop();
      const said = params.map((id) => data.root.m[id]);
      if (said.includes(undefined)) throw new Error(`no words for ${params}`);
      return new hbs.SafeString(block(medium, kind, said));
    });
  }
  hbs.registerHelper("item", (text) => new hbs.SafeString(block(medium, "item", [text])));
  hbs.registerHelper("list", function (options) { return around(medium, "ul", options.fn(this)); });
  hbs.registerHelper("steps", function (options) { return around(medium, "ol", options.fn(this)); });
  for (const [name, source] of Object.entries(templates)) hbs.registerPartial(name, source);
  const compiled = new Map();
  return (name, data) => {
    if (!compiled.has(name)) compiled.set(name, hbs.compile(templates[name], { strict: true, preventIndent: true }));
    return tidy(medium, compiled.get(name)(data));
  };
}

const engines = new Map();
let templates, bundle, language;
const count = { messages: 0, templates: 0, plurals: 0, wrong: 0 };
const wrong = (what, ours, theirs) => {
  count.wrong += 1;
  if (count.wrong <= 5) console.error(`${language}: ${what}\n  ours:   ${JSON.stringify(ours)}\n  theirs: ${JSON.stringify(theirs)}`);
};

for await (const line of createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Infinity })) {
  const row = JSON.parse(line);
  if (row.templates) {
    templates = row.templates;
  } else if (row.ftl) {
    language = row.language;
    bundle = new FluentBundle(language, { useIsolating: false });
    const errors = row.ftl.flatMap((text) => bundle.addResource(new FluentResource(text)));
    if (errors.length) wrong("FTL", [], errors.map(String));
  } else if (row.data) {
    for (const [id, ours] of Object.entries(row.data.m)) {
      const errors = [];
      const theirs = bundle.formatPattern(bundle.getMessage(id).value, row.args, errors);
      // a list among the arguments brings isolates of its own
      if (errors.length || bare(theirs) !== bare(ours)) wrong(`message ${id}`, bare(ours), errors.length ? String(errors) : bare(theirs));
      count.messages += 1;
    }
    if (!engines.has(row.medium)) engines.set(row.medium, engine(row.medium, templates));
    const theirs = engines.get(row.medium)(row.template, row.data);
    if (theirs !== row.text) wrong(`${row.notice} ${row.template}`, row.text, theirs);
    count.templates += 1;
  } else if (row.plurals) {
    // where CLDR has no rules of its own for a language, Node falls back to another one: nothing to compare
    if (Intl.PluralRules.supportedLocalesOf(row.plurals).length === 0) continue;
    // ICU4X has no rules for these and says «other»; no notice counts anything in them
    if (["ti", "sn", "nd"].includes(row.plurals)) continue;
    const rules = new Intl.PluralRules(row.plurals);
    row.numbers.forEach((n, i) => {
      if (rules.select(n) !== row.categories[i]) wrong(`plural of ${n}`, row.categories[i], rules.select(n));
      count.plurals += 1;
    });
  }
}
console.log(JSON.stringify(count));
process.exit(count.wrong || !count.messages || !count.templates ? 1 : 0);
