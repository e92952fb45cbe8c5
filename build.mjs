// Builds kamtrain/web/assets/ into kamtrain/web/static/dist/: `python3 kam.py setup` runs it.
// Every file directly in styles/ (without a leading underscore), scripts/ and images/ is one entry. Names carry a
// hash, so that browsers keep them for good; manifest.json says which name stands for which entry.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const assets = "kamtrain/web/assets";
const dist = "kamtrain/web/static/dist";
const entry = /^[^_].*\.(scss|css|js|svg|png|webp|ico)$/;

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => {
      const result = sass.compile(path, {
        loadPaths: ["node_modules"],
        quietDeps: true,
        // Bootstrap 5.3 is made of @import; Sass drops it in its version 3, Bootstrap in its version 6.
        silenceDeprecations: ["import"],
      });
      return { contents: result.css, loader: "css", watchFiles: result.loadedUrls.map(String) };
    });
  },
};

function entries(folder) {
  try {
    return readdirSync(join(assets, folder), { withFileTypes: true })
      .filter((file) => file.isFile() && entry.test(file.name))
      .map((file) => join(assets, folder, file.name));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

const { metafile } = await esbuild.build({
  entryPoints: ["styles", "scripts", "images"].flatMap(entries),
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  charset: "utf8",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  loader: { ".svg": "copy", ".png": "copy", ".webp": "copy", ".ico": "copy" },
  plugins: [scss],
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
const keep = new Set(["manifest.json"]);
for (const [path, output] of Object.entries(metafile.outputs)) {
  const file = relative(dist, path);
  keep.add(file);
  if (output.entryPoint) manifest[basename(output.entryPoint).replace(/\.scss$/, ".css")] = file;
  if (/\.(css|js|svg)$/.test(file)) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    keep.add(`${file}.gz`).add(`${file}.br`);
  }
}

// The manifest changes last and at once: whoever reads it meanwhile finds every file it names.
writeFileSync(join(dist, "manifest.json.new"), `${JSON.stringify(manifest, null, 2)}\n`);
renameSync(join(dist, "manifest.json.new"), join(dist, "manifest.json"));
for (const file of readdirSync(dist)) {
  if (!keep.has(file) && !file.startsWith(".")) rmSync(join(dist, file), { recursive: true });
}

// The face of the PDFs lies beside what writes them, so that a release carries it and nothing else of the package.
const fonts = "kamtrain/files/fonts";
const face = "node_modules/@expo-google-fonts/noto-sans-sc";
mkdirSync(fonts, { recursive: true });
copyFileSync(join(face, "400Regular/NotoSansSC_400Regular.ttf"), join(fonts, "NotoSansSC-Regular.ttf"));
copyFileSync(join(face, "700Bold/NotoSansSC_700Bold.ttf"), join(fonts, "NotoSansSC-Bold.ttf"));
copyFileSync(join(face, "LICENSE_FONT"), join(fonts, "LICENSE"));
