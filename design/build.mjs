// Builds what the Python side serves: one style sheet, one script, the font and the drawings, each under a name that
// carries the hash of its content, and the manifest that maps plain names to these.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../src/myschool/kit/web/assets");
const manifest = {};

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const kind = extname(name);
  manifest[name] = `${name.slice(0, -kind.length)}.${hash}${kind}`;
  writeFileSync(join(target, manifest[name]), content);
  console.log(name.padEnd(24), String(content.length).padStart(7), "bytes", String(gzipSync(content, { level: 9 }).length).padStart(7), "gzip");
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

put("golos-text.woff2", readFileSync(join(here, "font/golos-text.woff2")));
writeFileSync(join(target, "golos-text.LICENSE"), readFileSync(join(here, "font/LICENSE")));
writeFileSync(join(target, "govuk-frontend.LICENSE"), readFileSync(join(here, "govuk-frontend.LICENSE")));

for (const name of readdirSync(join(here, "svg")).sort()) {
  put(name, readFileSync(join(here, "svg", name)));
}

const style = sass.compile(join(here, "sass/myschool.scss"), {
  charset: false,
  loadPaths: [join(here, "node_modules")],
  logger: sass.Logger.silent,
});
const named = style.css.replace(/url\("?([\w.-]+)"?\)/g, (_, name) => `url(${manifest[name]})`);
const lean = await esbuild.transform(named, { loader: "css", minify: true, target: ["chrome90", "firefox90", "safari14"] });
put("myschool.css", Buffer.from(lean.code));

const script = await esbuild.build({
  entryPoints: [join(here, "js/myschool.js")],
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  minify: true,
  target: "es2020",
  write: false,
});
put("myschool.js", Buffer.from(script.outputFiles[0].contents));

const sorted = Object.fromEntries(Object.entries(manifest).sort());
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
