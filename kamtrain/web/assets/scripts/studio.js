import { EditorView } from "@codemirror/view";
globalThis.kamtrainEditor = EditorView;
